//! Signed codes open the right customer and stand as proof; forged, revoked, outdated and copied ones are
//! refused without a network.

use super::{claims_of, label, on_the_way, sync};
use dianma_schema::id::LabelId;
use dianma_schema::label::base45;
use dianma_schema::label::payload;
use dianma_schema::label::seal::KeyId;
use dianma_schema::order::OrderKind;
use dianma_tests::County;
use dianma_tests::Engine;
use dianma_tests::Field;
use dianma_tests::Job;
use dianma_tests::county::PASSPHRASE;
use dianma_tests::county::account_number;
use dianma_tests::county::meter_number;
use ed25519_dalek::SigningKey;
use serde_json::Value;
use serde_json::json;

crate::stories!(
    a_signed_code_opens_its_customer_and_stands_as_proof,
    forged_codes_are_refused_offline,
    revoked_and_outdated_codes_are_refused_offline,
    a_leaked_key_voids_its_labels_and_a_new_one_takes_over,
    a_copied_label_is_refused_at_another_place,
    a_box_code_opens_the_meters_in_it,
);

fn a_signed_code_opens_its_customer_and_stands_as_proof(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let county = County::start_signed(engine, folder.path(), &[]);
    let mut phone = county.phone(&folder.path().join("phone"), "worker1");
    let id = on_the_way(&county, &mut phone, 0);
    let (_, text) = label(&county, 0, "meter");
    assert!(text.starts_with("DM2:"), "{text}");

    let scan = phone.run(&["scan", &text])["scan"].clone();
    assert_eq!(scan["label"]["verdict"], "valid", "{scan}");
    assert_eq!(scan["customer"]["account_number"], account_number(0));
    assert_eq!(scan["meter_number"], meter_number(0));
    assert_eq!(scan["work_orders"][0]["id"], id.as_str());

    phone.run(&["arrive", &id, "--scan", &text]);
    sync(&county, &mut phone);
    let order = county.order(&id);
    assert_eq!(order["place_proof"], "meter_code");
    let proof = &order["proofs"][0];
    assert_eq!(proof["strength"], "medium", "{order}");
    assert_eq!(proof["verdict"], "valid");
    assert_eq!(proof["phone_verdict"], "valid");

    let job = Job {
        field: &phone,
        order: id.clone(),
        kind: OrderKind::FaultRepair,
        label_text: label(&county, 0, "customer").1,
    };
    job.begin();
    let now_ms = county.manager.get("/v1/health")["server_ms"]
        .as_i64()
        .unwrap();
    job.record(now_ms);
    job.evidence(folder.path(), 1);
    job.finish();
    job.step("submit");
    sync(&county, &mut phone);
    let order = county.order(&id);
    assert_eq!(order["state"], "submitted");
    assert_eq!(order["consent_proof"], "customer_code");
}

fn forged_codes_are_refused_offline(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let county = County::start_signed(engine, folder.path(), &[]);
    let mut phone = county.phone(&folder.path().join("phone"), "worker1");
    let id = on_the_way(&county, &mut phone, 1);
    let (_, text) = label(&county, 1, "meter");

    let stranger = SigningKey::from_bytes(&[66; 32]);
    let own = payload::sign(&claims_of(&text), &stranger);
    assert_eq!(
        phone.refused(&["arrive", &id, "--scan", &own]),
        "S-422-LABEL"
    );
    let scan = phone.run(&["scan", &own]);
    assert_eq!(scan["scan"]["label"]["verdict"], "unknown_key");

    // The stranger's signature under the county's key id.
    let real = base45::decode(text.strip_prefix("DM2:").unwrap()).unwrap();
    let mut swapped = base45::decode(own.strip_prefix("DM2:").unwrap()).unwrap();
    swapped[1..5].copy_from_slice(&real[1..5]);
    let swapped = format!("DM2:{}", base45::encode(&swapped));
    assert_eq!(
        phone.refused(&["arrive", &id, "--scan", &swapped]),
        "S-422-LABEL"
    );
    assert_eq!(phone.refused(&["scan", &swapped]), "S-422-LABEL");

    // Another label's id under a real signature.
    let other = claims_of(&label(&county, 2, "meter").1);
    let mut moved = real;
    let at = moved
        .windows(16)
        .position(|w| w == claims_of(&text).id.0.as_bytes());
    let at = at.unwrap();
    moved[at..at + 16].copy_from_slice(other.id.0.as_bytes());
    let moved = format!("DM2:{}", base45::encode(&moved));
    assert_eq!(
        phone.refused(&["arrive", &id, "--scan", &moved]),
        "S-422-LABEL"
    );
    assert_eq!(
        phone.refused(&["arrive", &id, "--scan", "DM2:"]),
        "S-422-LABEL"
    );
    for foreign in [
        "https://example.invalid/?x=1",
        "<script>",
        "'; DROP TABLE labels;--",
    ] {
        assert_eq!(
            phone.refused(&["arrive", &id, "--scan", foreign]),
            "S-422-PLACE",
            "{foreign}"
        );
    }
    assert_eq!(KeyId::of(&stranger.verifying_key()).to_string().len(), 8);
    phone.run(&["arrive", &id, "--scan", &text]);
}

fn revoked_and_outdated_codes_are_refused_offline(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let county = County::start_signed(engine, folder.path(), &[]);
    let mut phone = county.phone(&folder.path().join("phone"), "worker1");
    let id = on_the_way(&county, &mut phone, 3);
    let (meter_label, old) = label(&county, 3, "meter");
    let (customer_label, card) = label(&county, 3, "customer");
    assert_eq!(
        phone.run(&["scan", &old])["scan"]["label"]["verdict"],
        "valid"
    );

    let path = format!("/v1/labels/{meter_label}/reissue");
    let reissued = county
        .administrator
        .post(&path, &json!({ "reason": "标签磨损" }));
    assert_eq!(reissued["label"]["revision"], 2);
    let path = format!("/v1/labels/{customer_label}/revoke");
    let body = json!({ "reason": "客户卡遗失", "is_replaced": true });
    let revoked = county.administrator.post(&path, &body);
    assert_eq!(revoked["label"]["state"], "revoked");
    let verdict =
        |phone: &Field, text: &str| phone.run(&["scan", text])["scan"]["label"]["verdict"].clone();
    assert_eq!(
        verdict(&phone, &old),
        "valid",
        "a phone in a cellar cannot know"
    );

    sync(&county, &mut phone);
    assert_eq!(verdict(&phone, &old), "outdated");
    assert_eq!(verdict(&phone, &card), "revoked");
    assert_eq!(
        phone.refused(&["arrive", &id, "--scan", &old]),
        "S-422-LABEL"
    );
    assert_eq!(
        phone.refused(&["arrive", &id, "--scan", &card]),
        "S-422-LABEL"
    );
    let (_, new) = label(&county, 3, "meter");
    assert_eq!(claims_of(&new).revision, 2);
    let (_, new_card) = label(&county, 3, "customer");
    assert_eq!(verdict(&phone, &new_card), "valid");
    phone.run(&["arrive", &id, "--scan", &new]);

    // Revoked while the phone is away: what it could not know is kept and flagged, not refused.
    let other = on_the_way(&county, &mut phone, 4);
    let (late_label, late) = label(&county, 4, "meter");
    phone.run(&["arrive", &other, "--scan", &late]);
    let path = format!("/v1/labels/{late_label}/revoke");
    county
        .administrator
        .post(&path, &json!({ "reason": "表计被盗" }));
    sync(&county, &mut phone);
    let order = county.order(&other);
    assert_eq!(order["state"], "arrived", "{order}");
    assert_eq!(order["proofs"][0]["flags"], json!(["void_later"]));
    assert_eq!(order["proofs"][0]["strength"], "weak");
}

fn a_leaked_key_voids_its_labels_and_a_new_one_takes_over(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let mut county = County::start_signed(engine, folder.path(), &[]);
    let mut phone = county.phone(&folder.path().join("phone"), "worker1");
    let id = on_the_way(&county, &mut phone, 5);
    let (_, old) = label(&county, 5, "meter");
    assert_eq!(
        phone.run(&["scan", &old])["scan"]["label"]["verdict"],
        "valid"
    );

    let file = folder.path().join("passphrase").display().to_string();
    let keys = ["keys", "--passphrase-file", file.as_str()];
    let list = county.server.place().command(&keys, &["list", "--json"]);
    let list: Value = serde_json::from_str(list.trim()).unwrap();
    let labels = list["keys"].as_array().unwrap();
    let leaked = labels.iter().find(|key| key["purpose"] == "label").unwrap();
    let leaked = leaked["key_id"].as_str().unwrap().to_owned();
    assert!(!list.to_string().contains(PASSPHRASE));

    county.server.place().command(&keys, &["revoke", &leaked]);
    county.server.place().command(&keys, &["rotate", "label"]);
    county.server.place().command(&keys, &["rotate", "root"]);
    county.server.restart();
    let url = county.server.url.clone();
    county.at(&url);
    sync(&county, &mut phone);
    assert_eq!(
        phone.run(&["scan", &old])["scan"]["label"]["verdict"],
        "revoked"
    );
    assert_eq!(
        phone.refused(&["arrive", &id, "--scan", &old]),
        "S-422-LABEL"
    );
    let (_, new) = label(&county, 5, "meter");
    assert_eq!(
        phone.run(&["scan", &new])["scan"]["label"]["verdict"],
        "valid"
    );
    phone.run(&["arrive", &id, "--scan", &new]);
}

fn a_copied_label_is_refused_at_another_place(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let county = County::start_signed(engine, folder.path(), &[]);
    let mut phone = county.phone(&folder.path().join("phone"), "worker1");
    let id = on_the_way(&county, &mut phone, 6);
    let (_, copied) = label(&county, 7, "meter");
    assert_eq!(
        phone.refused(&["arrive", &id, "--scan", &copied]),
        "S-422-PLACE"
    );

    // The right code, scanned three kilometres from where the archive says it hangs.
    let (_, right) = label(&county, 6, "meter");
    phone.run(&[
        "--at",
        "30560000,114336000",
        "arrive",
        &id,
        "--scan",
        &right,
    ]);
    sync(&county, &mut phone);
    let proof = county.order(&id)["proofs"][0].clone();
    assert_eq!(proof["flags"], json!(["place_far"]), "{proof}");
    assert!(proof["distance_m"].as_i64().unwrap() > 1_000);
}

fn a_box_code_opens_the_meters_in_it(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let county = County::start_signed(engine, folder.path(), &[]);
    let body = json!({
        "kind": "meter_box", "number": "BX-0001", "area_code": "T002",
        "meter_numbers": [meter_number(8), meter_number(9)]
    });
    let place = county.administrator.post("/v1/label_places", &body);
    let path = format!(
        "/v1/labels/{}",
        place["place"]["label_id"].as_str().unwrap()
    );
    let text = county.agent.get(&path)["label"]["text"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut phone = county.phone(&folder.path().join("phone"), "worker1");
    let id = on_the_way(&county, &mut phone, 8);

    let scan = phone.run(&["scan", &text])["scan"].clone();
    assert_eq!(scan["place"]["number"], "BX-0001", "{scan}");
    assert_eq!(scan["customers"].as_array().unwrap().len(), 2);
    phone.run(&["arrive", &id, "--scan", &text]);
    let elsewhere = on_the_way(&county, &mut phone, 0);
    assert_eq!(
        phone.refused(&["arrive", &elsewhere, "--scan", &text]),
        "S-422-PLACE"
    );
    sync(&county, &mut phone);
    assert_eq!(county.order(&id)["place_proof"], "place_code");
    let claims = claims_of(&text);
    assert_ne!(claims.id, LabelId(uuid::Uuid::nil()));
}
