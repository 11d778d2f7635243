//! Evidence: copied first, sent in pieces, resumed where the server stopped, by what the network policy lets go.

use super::support::Bench;
use super::support::records::{jpeg, order, order_id};
use dianma_core::error::CoreError;
use dianma_core::store::link;
use dianma_core::sync::policy::{DAY_CAP_BYTES, Hold};
use dianma_core::work::EvidenceInput;
use dianma_schema::fault;
use dianma_schema::order::EvidenceKind;
use dianma_schema::wire::sync::NetClass;

fn add(bench: &Bench, number: u32, bytes: &[u8]) -> Result<(), CoreError> {
    let path = bench.dir.path().join("camera.bin");
    std::fs::write(&path, bytes).unwrap();
    let input = EvidenceInput {
        path: path.clone(),
        slot: "fault_point".to_owned(),
        kind: None,
        is_imported: false,
    };
    let saved = bench
        .phone
        .orders()
        .add_evidence(&order_id(number).to_string(), &input, None);
    std::fs::remove_file(&path).unwrap();
    saved.map(|_| ())
}

fn with_orders(count: u32) -> Bench {
    let mut bench = Bench::new();
    for number in 0..count {
        bench.server.put_order(order(number));
    }
    bench.sync();
    bench
}

#[test]
fn a_photo_goes_up_after_its_manifest_and_shows_as_uploaded() {
    let mut bench = with_orders(1);
    add(&bench, 0, &jpeg(1, 200_000)).unwrap();
    let report = bench.sync();
    assert_eq!((report.files_uploaded, report.pending_files), (1, 0));
    let seen = bench.phone.orders().show(&order_id(0).to_string()).unwrap();
    assert!(seen.evidence[0].is_uploaded);
    assert_eq!(seen.evidence[0].mime, "image/jpeg");
    assert!(
        bench
            .phone
            .evidence()
            .path(&seen.evidence[0].sha256)
            .is_some(),
        "kept for now"
    );
}

#[test]
fn a_broken_upload_resumes_with_little_sent_twice() {
    let mut bench = with_orders(1);
    let size = 3_000_000;
    add(&bench, 0, &jpeg(2, size)).unwrap();
    for cut in [1, 3, 5] {
        bench.server.break_after_pieces = Some(cut);
        bench.sync();
    }
    bench.server.break_after_pieces = None;
    let report = bench.sync();
    assert_eq!(report.pending_files, 0);
    let sent: usize = bench
        .server
        .pieces
        .iter()
        .map(|(_, _, length)| length)
        .sum();
    assert_eq!(sent, size, "the server had what was lost on the way back");
}

#[test]
fn no_file_bytes_are_sent_on_gprs() {
    let mut bench = with_orders(1);
    bench.phone.set_net_class(NetClass::Gprs).unwrap();
    add(&bench, 0, &jpeg(3, 50_000)).unwrap();
    let report = bench.sync();
    assert_eq!((report.file_bytes_up, report.pending_commands), (0, 0));
    assert_eq!(report.pending_files, 1);
    bench.phone.set_net_class(NetClass::Wifi).unwrap();
    assert_eq!(bench.sync().files_uploaded, 1);
}

#[test]
fn small_files_and_near_deadlines_go_first() {
    let mut bench = with_orders(3);
    bench.phone.set_net_class(NetClass::Gprs).unwrap();
    add(&bench, 0, &jpeg(1, 900_000)).unwrap();
    add(&bench, 2, &jpeg(2, 30_000)).unwrap();
    add(&bench, 1, &jpeg(3, 40_000)).unwrap();
    bench.sync();
    bench.phone.set_net_class(NetClass::Wifi).unwrap();
    bench.sync();
    let mut sizes = Vec::new();
    for (name, offset, _) in &bench.server.pieces {
        if *offset == 0 {
            sizes.push(bench.server.files[name].len());
        }
    }
    assert_eq!(sizes, [40_000, 30_000, 900_000]);
}

#[test]
fn what_is_no_medium_is_refused_and_leaves_nothing_behind() {
    let bench = with_orders(1);
    let error = add(&bench, 0, b"not a picture at all").unwrap_err();
    assert_eq!(error.code(), fault::E_NOT_MEDIA);
    let left = std::fs::read_dir(bench.dir.path().join("evidence"))
        .unwrap()
        .count();
    assert_eq!(left, 0);
}

#[test]
fn the_local_copy_goes_only_a_week_after_the_order_left() {
    let mut bench = with_orders(1);
    add(&bench, 0, &jpeg(4, 10_000)).unwrap();
    bench.sync();
    let sha256 = bench
        .phone
        .orders()
        .show(&order_id(0).to_string())
        .unwrap()
        .evidence[0]
        .sha256
        .clone();
    bench.server.remove_order(order_id(0));
    bench.sync();
    bench.clock.pass_ms(6 * 86_400_000);
    bench.sync();
    assert!(bench.phone.evidence().path(&sha256).is_some());
    bench.clock.pass_ms(2 * 86_400_000);
    bench.sync();
    assert!(bench.phone.evidence().path(&sha256).is_none());
}

#[test]
fn a_lost_local_file_is_told_and_does_not_stop_the_others() {
    let mut bench = with_orders(2);
    bench.phone.set_net_class(NetClass::Gprs).unwrap();
    add(&bench, 0, &jpeg(5, 20_000)).unwrap();
    add(&bench, 1, &jpeg(6, 30_000)).unwrap();
    bench.sync();
    let lost = bench
        .phone
        .orders()
        .show(&order_id(0).to_string())
        .unwrap()
        .evidence[0]
        .clone();
    std::fs::remove_file(bench.phone.evidence().path(&lost.sha256).unwrap()).unwrap();
    bench.phone.set_net_class(NetClass::Wifi).unwrap();
    let report = bench.sync();
    assert_eq!(report.files_uploaded, 1);
    let seen = bench.phone.orders().show(&order_id(0).to_string()).unwrap();
    assert_eq!(
        seen.evidence[0].fault_code.as_deref(),
        Some("E-422-MISSING")
    );
}

#[test]
fn a_server_that_keeps_no_bytes_is_left_alone_after_some_tries() {
    let mut bench = with_orders(1);
    add(&bench, 0, &jpeg(7, 300_000)).unwrap();
    bench.server.forget_pieces = true;
    let report = bench.sync();
    assert_eq!(report.pending_files, 1);
    assert!(
        bench.server.pieces.len() < 20,
        "{}",
        bench.server.pieces.len()
    );
    assert!(report.next_run_ms > 0, "a pause, then again");
    bench.server.forget_pieces = false;
    assert_eq!(bench.sync().files_uploaded, 1);
}

#[test]
fn a_damaged_local_file_is_not_sent_for_ever() {
    let mut bench = with_orders(1);
    add(&bench, 0, &jpeg(8, 300_000)).unwrap();
    let own = bench
        .phone
        .orders()
        .show(&order_id(0).to_string())
        .unwrap()
        .evidence;
    let path = bench.phone.evidence().path(&own[0].sha256).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[150_000] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    for _ in 0..3 {
        bench.sync();
    }
    let sent: usize = bench
        .server
        .pieces
        .iter()
        .map(|(_, _, length)| length)
        .sum();
    assert_eq!(sent, 3 * 300_000);
    let seen = bench.phone.orders().show(&order_id(0).to_string()).unwrap();
    assert_eq!(seen.evidence[0].fault_code.as_deref(), Some("E-422-HASH"));
    assert!(path.exists(), "the local copy stays");
}

#[test]
fn a_file_the_server_does_not_want_of_a_retired_phone_stops_no_other() {
    let mut bench = with_orders(2);
    add(&bench, 0, &jpeg(1, 2_000)).unwrap();
    add(&bench, 1, &jpeg(2, 3_000)).unwrap();
    let unwanted = bench.phone.orders().show(&order_id(0).to_string()).unwrap();
    bench
        .server
        .unwanted_names
        .push(unwanted.evidence[0].sha256.clone());
    let report = bench.sync();
    assert_eq!(report.files_uploaded, 1, "the other one is there");
    assert!(
        report
            .notices
            .iter()
            .any(|notice| notice.code == fault::A_DEVICE_REVOKED.as_str())
    );
    // A person in the office has accepted it meanwhile.
    bench.server.unwanted_names.clear();
    assert_eq!(bench.sync().files_uploaded, 1);
}

/// A generated recording of so many bytes.
fn recording(kind: EvidenceKind, size: usize) -> Vec<u8> {
    let mut bytes = match kind {
        EvidenceKind::Audio => b"#!AMR-WB\n".to_vec(),
        _ => b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".to_vec(),
    };
    bytes.resize(size, 7);
    bytes
}

fn add_recording(bench: &Bench, kind: EvidenceKind, size: usize) -> String {
    let path = bench.dir.path().join("recorder.bin");
    std::fs::write(&path, recording(kind, size)).unwrap();
    let input = EvidenceInput {
        path,
        slot: "fault_point".to_owned(),
        kind: Some(kind),
        is_imported: false,
    };
    let id = order_id(0).to_string();
    bench
        .phone
        .orders()
        .add_evidence(&id, &input, None)
        .unwrap();
    let seen = bench.phone.orders().show(&id).unwrap();
    let last = seen.evidence.iter().find(|e| e.size == size as u64);
    last.unwrap().sha256.clone()
}

#[test]
fn on_3g_photos_go_and_a_recording_goes_when_the_person_says_so() {
    let mut bench = with_orders(1);
    bench.phone.set_net_class(NetClass::ThreeG).unwrap();
    add(&bench, 0, &jpeg(5, 300_000)).unwrap();
    let voice = add_recording(&bench, EvidenceKind::Audio, 30_000);
    let report = bench.sync();
    assert_eq!((report.files_uploaded, report.pending_files), (1, 1));
    assert_eq!(bench.phone.unsent().unwrap().file_hold, Some(Hold::Network));
    bench.phone.send_file_now(&voice).unwrap();
    assert_eq!(bench.phone.unsent().unwrap().file_hold, None);
    assert_eq!(bench.sync().pending_files, 0);
    assert_eq!(bench.phone.link().unwrap().used_bytes, 330_000);
    for unknown in ["no digest", &"00".repeat(32)] {
        let error = bench.phone.send_file_now(unknown).unwrap_err();
        assert_eq!(error.code(), fault::V_NOT_FOUND);
    }
}

#[test]
fn a_long_film_waits_for_wifi_and_holds_up_nothing_behind_it() {
    let mut bench = with_orders(1);
    bench.phone.set_net_class(NetClass::FourG).unwrap();
    add_recording(&bench, EvidenceKind::Video, 20_000_001);
    add_recording(&bench, EvidenceKind::Video, 20_000_000);
    assert_eq!(bench.sync().files_uploaded, 1);
    assert_eq!(bench.phone.unsent().unwrap().file_hold, Some(Hold::Wifi));
    bench.phone.set_net_class(NetClass::Wifi).unwrap();
    assert_eq!(bench.sync().pending_files, 0);
    assert_eq!(
        bench.phone.link().unwrap().used_bytes,
        20_000_000,
        "Wi-Fi costs nothing"
    );
}

#[test]
fn a_used_up_day_waits_for_the_next_and_survives_a_restart() {
    let mut bench = with_orders(1);
    bench.phone.set_net_class(NetClass::FourG).unwrap();
    let now_ms = bench.phone.server_now_ms().unwrap();
    let almost = DAY_CAP_BYTES - 100_000;
    bench
        .phone
        .inspect(|db| link::count(db, now_ms, almost))
        .unwrap();
    add(&bench, 0, &jpeg(6, 60_000)).unwrap();
    add(&bench, 0, &jpeg(7, 60_000)).unwrap();
    assert_eq!(bench.sync().files_uploaded, 1, "what still fits goes");
    bench.restart();
    assert_eq!(bench.sync().files_uploaded, 0);
    assert_eq!(
        bench.phone.unsent().unwrap().file_hold,
        Some(Hold::Tomorrow)
    );
    bench.clock.pass_ms(86_400_000);
    bench.server.now_ms += 86_400_000;
    assert_eq!(bench.sync().files_uploaded, 1);
    assert_eq!(bench.phone.link().unwrap().used_bytes, 60_000);
}
