//! Captures: durable from the first byte on, kept in the size that is sent, found again after a kill.

use super::support::records::{order, order_id};
use super::support::{Bench, open};
use dianma_core::pictures::photo;
use dianma_core::work::EvidenceInput;
use dianma_schema::fault;
use dianma_schema::order::{EvidenceKind, OrderState};
use dianma_schema::wire::command::Body;
use std::path::Path;

const PLENTY: u64 = 8 * 1024 * 1024 * 1024;

fn with_order() -> Bench {
    let mut bench = Bench::new();
    bench.server.put_order(order(0));
    bench.sync();
    bench
}

fn id() -> String {
    order_id(0).to_string()
}

/// A real picture: a slope, as a PNG of `side` pixels.
fn picture(side: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    let pixels: Vec<u8> = (0..side * side)
        .map(|i| u8::try_from((i % side) * 255 / side).unwrap())
        .collect();
    writer.write_image_data(&pixels).unwrap();
    writer.finish().unwrap();
    bytes
}

fn input(path: &Path, kind: EvidenceKind) -> EvidenceInput {
    EvidenceInput {
        path: path.to_owned(),
        slot: "fault_point".to_owned(),
        kind: Some(kind),
        is_imported: false,
    }
}

#[test]
fn what_was_staged_is_found_by_the_next_process_and_kept_once() {
    let mut bench = with_order();
    let staged = bench
        .phone
        .evidence()
        .stage(&id(), "fault_point", EvidenceKind::Photo, false, PLENTY)
        .unwrap();
    std::fs::write(&staged.path, picture(2_000)).unwrap();
    let other = tempfile::tempdir().unwrap();
    bench.phone = open(other.path(), &bench.clock);
    bench.phone = open(bench.dir.path(), &bench.clock);
    let store = bench.phone.evidence();
    let left = store.left(&id()).unwrap();
    assert_eq!(left, std::slice::from_ref(&staged));
    assert!(store.left("another order").unwrap().is_empty());
    bench
        .phone
        .orders()
        .add_captured(&id(), &input(&staged.path, EvidenceKind::Photo), None)
        .unwrap();
    store.unstage(&staged.token).unwrap();
    assert!(store.left(&id()).unwrap().is_empty());
    let detail = bench.phone.orders().show(&id()).unwrap();
    assert_eq!(detail.evidence.len(), 1);
    assert_eq!(detail.evidence[0].mime, "image/jpeg");
    let kept = std::fs::read(store.path(&detail.evidence[0].sha256).unwrap()).unwrap();
    assert!(kept.len() < 260_000);
    let small = store
        .thumbnail(&detail.evidence[0].sha256)
        .unwrap()
        .unwrap();
    assert!(small.len() < 12_000);
    assert_eq!(
        store
            .thumbnail(&detail.evidence[0].sha256)
            .unwrap()
            .unwrap(),
        small
    );
}

#[test]
fn empty_notes_are_swept_after_an_hour_and_names_are_no_paths() {
    let bench = with_order();
    let store = bench.phone.evidence();
    let staged = store
        .stage(&id(), "x", EvidenceKind::Audio, false, PLENTY)
        .unwrap();
    assert!(store.left(&id()).unwrap().is_empty());
    assert!(
        store.staged(&staged.token).is_ok(),
        "perhaps still recording"
    );
    bench.clock.pass_ms(3_700_000);
    assert!(store.left(&id()).unwrap().is_empty());
    assert!(store.staged(&staged.token).is_err());
    for bad in ["", "..", "../evidence/x", "a/b", "zz"] {
        assert_eq!(store.staged(bad).unwrap_err().code(), fault::V_NOT_FOUND);
    }
}

#[test]
fn broken_and_empty_captures_are_refused_and_stay_where_they_are() {
    let bench = with_order();
    let folder = tempfile::tempdir().unwrap();
    let half_a_film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\x10\0mdat and no index";
    let cases: [(&str, EvidenceKind, Vec<u8>); 5] = [
        ("half.jpg", EvidenceKind::Photo, {
            let whole = photo::prepare(&picture(400)).unwrap();
            whole[..whole.len() / 2].to_vec()
        }),
        ("silence.amr", EvidenceKind::Audio, b"#!AMR-WB\n".to_vec()),
        ("half.mp4", EvidenceKind::Video, half_a_film.to_vec()),
        (
            "torn.png",
            EvidenceKind::Signature,
            picture(50)[..60].to_vec(),
        ),
        ("page.html", EvidenceKind::Photo, b"<html></html>".to_vec()),
    ];
    for (name, kind, bytes) in cases {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let refused = bench
            .phone
            .orders()
            .add_captured(&id(), &input(&path, kind), None);
        assert_eq!(refused.unwrap_err().code(), fault::E_NOT_MEDIA, "{name}");
        assert!(path.exists(), "{name}");
    }
    assert!(
        bench
            .phone
            .orders()
            .show(&id())
            .unwrap()
            .evidence
            .is_empty()
    );
}

#[test]
fn a_full_phone_is_told_before_the_shutter() {
    let bench = with_order();
    let refused = bench.phone.evidence().stage(
        &id(),
        "fault_point",
        EvidenceKind::Video,
        false,
        30 * 1024 * 1024,
    );
    assert_eq!(refused.unwrap_err().code(), fault::D_DISK);
}

#[test]
fn a_piece_taken_back_fulfils_nothing_leaves_its_trace_and_can_be_used_again() {
    let mut bench = with_order();
    let file = bench.dir.path().join("shot");
    std::fs::write(&file, picture(400)).unwrap();
    let orders = bench.phone.orders();
    let photo = input(&file, EvidenceKind::Photo);
    orders.add_captured(&id(), &photo, None).unwrap();
    let count = || {
        let detail = orders.show(&id()).unwrap();
        let demand = detail
            .evidence_demands
            .iter()
            .find(|d| d.slot == "fault_point");
        (demand.unwrap().count, detail.evidence.len())
    };
    assert_eq!(count(), (1, 1));
    let sha256 = orders.show(&id()).unwrap().evidence[0].sha256.clone();
    orders.withdraw_evidence(&id(), &sha256, None).unwrap();
    assert_eq!(count(), (0, 1), "it is still there, and counts for nothing");
    let again = orders.withdraw_evidence(&id(), &sha256, None).unwrap_err();
    assert_eq!(again.code(), fault::V_NOT_FOUND);
    orders.add_captured(&id(), &photo, None).unwrap();
    assert_eq!(count(), (1, 1), "the same file in use again");
    orders.withdraw_evidence(&id(), &sha256, None).unwrap();
    bench.sync();
    let slots: Vec<String> = bench
        .server
        .state
        .effects
        .iter()
        .filter_map(|effect| match &effect.body {
            Body::Evidence(item) => Some(item.slot.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(
        slots,
        ["fault_point", "withdrawn", "fault_point", "withdrawn"]
    );
    assert_eq!(bench.server.complete.len(), 1, "the bytes go up as a trace");
}

#[test]
fn nothing_is_taken_back_from_an_order_that_was_handed_in() {
    let mut bench = with_order();
    let file = bench.dir.path().join("shot");
    std::fs::write(&file, picture(400)).unwrap();
    let orders = bench.phone.orders();
    let photo = input(&file, EvidenceKind::Photo);
    orders.add_captured(&id(), &photo, None).unwrap();
    let sha256 = orders.show(&id()).unwrap().evidence[0].sha256.clone();
    bench.sync();
    let mut submitted = order(0);
    submitted.state = OrderState::Submitted;
    submitted.version = 9;
    bench.server.put_order(submitted);
    bench.sync();
    let late = bench.phone.orders().withdraw_evidence(&id(), &sha256, None);
    assert_eq!(late.unwrap_err().code(), fault::S_STATE);
}
