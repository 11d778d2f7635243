//! Codes in the field: signed ones open the right customer and stand as proof; forged, revoked,
//! outdated, expired and copied ones are refused without a network; codes of older systems leave
//! nothing personal behind; one-time codes of the customer count once.

use dianma_core::Phone;
use dianma_core::clock::SystemClock;
use dianma_core::entropy::SystemEntropy;
use dianma_core::scan::{GreyPlane, Limit, Options, decode};
use dianma_core::store::orders;
use dianma_schema::id::{LabelId, WorkOrderId};
use dianma_schema::label::consent::ConsentStep;
use dianma_schema::label::payload::{self, LabelClaims};
use dianma_schema::label::seal::KeyId;
use dianma_schema::label::{Reading, base45, read};
use dianma_schema::order::OrderKind;
use dianma_server::labels::sheet::Sheet;
use dianma_tests::county::{PASSPHRASE, account_number, meter_number};
use dianma_tests::{County, Engine, Field, Job};
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use std::path::Path;

crate::stories!(
    a_signed_code_opens_its_customer_and_stands_as_proof,
    forged_codes_are_refused_offline,
    revoked_and_outdated_codes_are_refused_offline,
    a_leaked_key_voids_its_labels_and_a_new_one_takes_over,
    a_copied_label_is_refused_at_another_place,
    a_box_code_opens_the_meters_in_it,
    an_old_code_with_an_id_number_leaves_no_trace,
    a_customers_one_time_code_counts_once,
    printed_symbols_read_back_and_hold_nothing_personal,
);

/// An address where nobody answers: the phone is in a cellar.
const NOWHERE: &str = "http://127.0.0.1:9";

/// A dispatched, accepted order of the n-th customer on a phone that has departed and lost its signal.
fn on_the_way(county: &County, phone: &mut Field, customer: usize) -> String {
    let draft = county.request(customer, "fault_repair", "家里没电了");
    let order = county.dispatch(&draft, 0);
    phone.url.clone_from(&county.server.url);
    phone.run(&["sync", "--until-idle"]);
    NOWHERE.clone_into(&mut phone.url);
    let id = order["id"].as_str().unwrap().to_owned();
    phone.run(&["accept", &id]);
    phone.run(&["depart", &id]);
    id
}

/// The labels of the n-th customer as the console shows them.
fn labels(county: &County, customer: usize) -> Vec<Value> {
    let found = county
        .agent
        .search("/v1/customers", &account_number(customer));
    let id = found["customers"][0]["id"].as_str().unwrap();
    let page = county.agent.get(&format!("/v1/customers/{id}"));
    page["customer"]["labels"].as_array().unwrap().clone()
}

fn label(county: &County, customer: usize, kind: &str) -> (String, String) {
    let labels = labels(county, customer);
    let label = labels
        .iter()
        .find(|label| label["kind"] == kind && label["state"] == "valid")
        .unwrap();
    let part = |name: &str| label[name].as_str().unwrap().to_owned();
    (part("id"), part("text"))
}

fn sync(county: &County, phone: &mut Field) {
    phone.url.clone_from(&county.server.url);
    phone.run(&["sync", "--until-idle"]);
    NOWHERE.clone_into(&mut phone.url);
}

fn claims_of(text: &str) -> LabelClaims {
    match read(text) {
        Reading::Label(label) => label.claims,
        other => panic!("not a signed label: {other:?}"),
    }
}

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

/// Digits that the phone can tell to be wrong: of 256 there is one it cannot.
fn wrong_digits(store: &Path, order: &str) -> String {
    let clock = std::sync::Arc::new(SystemClock::new());
    let phone = Phone::open(store, clock, Box::new(SystemEntropy)).unwrap();
    let id: WorkOrderId = order.parse().unwrap();
    let found = phone.inspect(|db| orders::find(db, &id)).unwrap().unwrap();
    let checks = found.record.consent.unwrap();
    let closing = checks
        .iter()
        .find(|check| check.step == ConsentStep::Closing)
        .unwrap();
    let mut all = (0..1_000).map(|n| format!("{n:06}"));
    all.find(|digits| !closing.may_be(id, digits)).unwrap()
}

/// The last text handed to the delivery file, and the six digits in it.
fn last_text(file: &Path) -> (String, String) {
    let text = std::fs::read_to_string(file).unwrap();
    let line: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    let words = line["text"].as_str().unwrap().to_owned();
    let digits = words
        .split("同意码 ")
        .nth(1)
        .unwrap()
        .chars()
        .take(6)
        .collect();
    (words, digits)
}

fn a_customers_one_time_code_counts_once(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let sms = folder.path().join("sms.jsonl");
    let file = sms.display().to_string();
    let county = County::start_signed(engine, folder.path(), &["--sms-file", &file]);
    let mut phone = county.phone(&folder.path().join("phone"), "worker1");
    let id = on_the_way(&county, &mut phone, 12);
    let path = format!("/v1/work_orders/{id}/consent_codes");
    county.agent.post(&path, &json!({ "step": "arrival" }));
    let made = county.agent.post(&path, &json!({ "step": "closing" }))["consent_code"].clone();
    assert_eq!(made["is_sent"], true, "{made}");
    let (words, digits) = last_text(&sms);
    assert!(words.contains("终结"), "{words}");
    sync(&county, &mut phone);

    // The customer's page shows the symbol; what it says is read back from the picture's source.
    let link = made["link_path"].as_str().unwrap();
    let page = reqwest::blocking::get(format!("{}{link}", county.server.url)).unwrap();
    assert_eq!(page.status().as_u16(), 200);
    let html = page.text().unwrap();
    let (first, last) = digits.split_at(3);
    assert!(html.contains("<svg") && html.contains(&format!("{first} {last}")));
    for personal in ["生成户", "10000000001", "生成镇"] {
        assert!(!html.contains(personal), "{personal}");
    }

    let customer = label(&county, 12, "customer").1;
    phone.run(&["arrive", &id, "--scan", &customer]);
    let job = Job {
        field: &phone,
        order: id.clone(),
        kind: OrderKind::FaultRepair,
        label_text: customer,
    };
    job.begin();
    let now_ms = county.manager.get("/v1/health")["server_ms"]
        .as_i64()
        .unwrap();
    job.record(now_ms);
    job.evidence(folder.path(), 3);
    let finish = |digits: &str| {
        [
            "finish",
            &id,
            "--satisfaction",
            "satisfied",
            "--digits",
            digits,
        ]
        .map(str::to_owned)
    };
    let refused = |digits: &str| {
        let arguments = finish(digits);
        phone.refused(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let wrong = wrong_digits(&folder.path().join("phone"), &id);
    for _ in 0..5 {
        assert_eq!(
            refused(&wrong),
            "S-422-CODE",
            "the phone catches slips at the door"
        );
    }
    assert_eq!(
        refused(&digits),
        "S-429-CODE",
        "and does not let anybody try for ever"
    );

    // A new code voids the old one and starts the count again.
    county.agent.post(&path, &json!({ "step": "closing" }));
    let (_, again) = last_text(&sms);
    sync(&county, &mut phone);
    let gone = reqwest::blocking::get(format!("{}{link}", county.server.url)).unwrap();
    assert_eq!(gone.status().as_u16(), 404);
    let arguments = finish(&again);
    phone.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    phone.run(&["submit", &id]);
    sync(&county, &mut phone);
    let order = county.order(&id);
    assert_eq!(order["state"], "submitted", "{order}");
    assert_eq!(order["consent_proof"], "consent_digits");
    let proofs = order["proofs"].as_array().unwrap();
    let consent = proofs
        .iter()
        .find(|proof| proof["part"] == "consent")
        .unwrap();
    assert_eq!(consent["strength"], "strong");
}

/// Runs a program of the system, expecting success; returns its standard output.
fn tool(name: &str, arguments: &[&str]) -> Vec<u8> {
    let output = std::process::Command::new(name)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{name}: {error}: install poppler-utils and zbar-tools"));
    assert!(output.status.success(), "{name} {arguments:?}");
    output.stdout
}

/// The codes of a grey picture as netpbm writes it (P5, one byte a pixel), read by our own decoder.
fn read_by_us(path: &str) -> Vec<String> {
    let bytes = std::fs::read(path).unwrap();
    let head: Vec<&[u8]> = bytes.splitn(5, u8::is_ascii_whitespace).collect();
    let number = |n: usize| {
        std::str::from_utf8(head[n])
            .unwrap()
            .parse::<usize>()
            .unwrap()
    };
    let (width, height) = (number(1), number(2));
    let pixels = &bytes[bytes.len() - width * height..];
    let plane = GreyPlane::new(pixels, width, height, width).unwrap();
    let clock = SystemClock::new();
    let report = decode(&plane, &Options::default(), &Limit::none(&clock));
    report.codes.into_iter().map(|code| code.text).collect()
}

/// Every symbol of a sheet, drawn at the printer's resolution and cut out as a printer cuts labels,
/// reads back with zbar and with our decoder, and none holds a name, a number to call or an address.
fn printed_symbols_read_back_and_hold_nothing_personal(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let county = County::start_signed(engine, folder.path(), &[]);
    let file = folder.path().join("passphrase").display().to_string();
    let pdf = folder.path().join("labels.pdf").display().to_string();
    let keys = ["labels", "--passphrase-file", file.as_str()];
    // More than a page of the smaller grid.
    let labels = 16;
    for (name, dpi, kind) in [
        ("a4_24", 203, "meter"),
        ("roll_30_40", 300, "meter"),
        ("card_a4_10", 300, "customer"),
    ] {
        let resolution = dpi.to_string();
        let print = [
            "print",
            "--sheet",
            name,
            "--dpi",
            &resolution,
            "--kind",
            kind,
            "--limit",
            "16",
            "--out",
            &pdf,
        ];
        county.server.place().command(&keys, &print);
        let sheet = Sheet::find(name).unwrap();
        let mut texts = std::collections::BTreeSet::new();
        for n in 0..labels {
            let page = (n / sheet.per_page() + 1).to_string();
            let (x, y) = sheet.corner(n % sheet.per_page(), dpi);
            let side = |um: u32| (u64::from(um) * u64::from(dpi) / 25_400).to_string();
            let (x, y) = (x.to_string(), y.to_string());
            let (width, height) = (side(sheet.label_width_um), side(sheet.label_height_um));
            let picture = folder.path().join("label").display().to_string();
            let cut = [
                "-r",
                &resolution,
                "-gray",
                "-singlefile",
                "-f",
                &page,
                "-l",
                &page,
                "-x",
                &x,
                "-y",
                &y,
                "-W",
                &width,
                "-H",
                &height,
                &pdf,
                &picture,
            ];
            tool("pdftoppm", &cut);
            let picture = format!("{picture}.pgm");
            let read = tool(
                "zbarimg",
                &["--raw", "-q", "-Sdisable", "-Sqrcode.enable", &picture],
            );
            let text = String::from_utf8(read)
                .unwrap()
                .trim_end_matches('\n')
                .to_owned();
            assert_eq!(
                read_by_us(&picture),
                std::slice::from_ref(&text),
                "{name} at {dpi} dpi, label {n}"
            );
            texts.insert(text);
        }
        assert_eq!(texts.len(), labels as usize, "{name} at {dpi} dpi");
        for text in &texts {
            let body = base45::decode(text.strip_prefix("DM2:").unwrap()).unwrap();
            assert!(matches!(read(text), Reading::Label(_)), "{text}");
            for personal in ["生成户", "10000000", "生成镇", "生成村"] {
                let is_there = body
                    .windows(personal.len())
                    .any(|w| w == personal.as_bytes());
                assert!(!is_there && !text.contains(personal), "{personal}");
            }
        }
    }
    let words = tool("pdftotext", &[&pdf, "-"]);
    assert!(words.windows(6).any(|w| w == "客户".as_bytes()));
}
