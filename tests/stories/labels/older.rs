//! Codes of older systems leave nothing personal behind.

use super::{on_the_way, sync};
use dianma_tests::County;
use dianma_tests::Engine;
use dianma_tests::county::account_number;
use dianma_tests::county::meter_number;
use serde_json::json;
use std::path::Path;

crate::stories!(an_old_code_with_an_id_number_leaves_no_trace,);

/// Generated, nobody's: area 000000 does not exist.
const NATIONAL_ID: &str = "000000199001011234";

fn an_old_code_with_an_id_number_leaves_no_trace(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let county = County::start_signed(engine, folder.path(), &[]);
    let store = folder.path().join("phone");
    let mut phone = county.phone(&store, "worker1");
    let id = on_the_way(&county, &mut phone, 10);
    let text = format!(
        "户名:生成的旧户名\n电话:10099999999\n身份证号:{NATIONAL_ID}\n户号:{}\n表号:{}",
        account_number(10),
        meter_number(10)
    );
    let scan = phone.run(&["scan", &text])["scan"].clone();
    assert_eq!(scan["customer"]["account_number"], account_number(10));
    assert_eq!(scan["dropped"], json!(["姓名", "电话", "身份证号"]));
    assert!(!scan.to_string().contains(NATIONAL_ID));
    phone.run(&["arrive", &id, "--scan", &text]);
    for wrong in [
        format!("身份证号:{NATIONAL_ID}"),
        format!("户号:{NATIONAL_ID}"),
        NATIONAL_ID.to_owned(),
    ] {
        let other = on_the_way(&county, &mut phone, 11);
        let output = phone.output(&["arrive", &other, "--scan", &wrong]);
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains(NATIONAL_ID), "{said}");
    }
    sync(&county, &mut phone);
    let order = county.order(&id);
    assert_eq!(order["place_proof"], "legacy_code");
    assert_eq!(order["proofs"][0]["strength"], "weak");
    for trace in [NATIONAL_ID, "生成的旧户名", "10099999999"] {
        assert!(!order.to_string().contains(trace), "{trace}");
        search(folder.path(), trace.as_bytes());
    }
}

/// No file below the folder holds the bytes: database, journal, logs of phone and server.
fn search(folder: &Path, bytes: &[u8]) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            search(&path, bytes);
            continue;
        }
        let content = std::fs::read(&path).unwrap();
        let is_there = content.windows(bytes.len()).any(|window| window == bytes);
        assert!(!is_there, "{} holds what was dropped", path.display());
    }
}
