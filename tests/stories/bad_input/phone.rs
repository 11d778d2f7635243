//! Phones: a step out of turn, bytes that are no command, an old protocol, a photo that is no photo.
//! Spoken to as the wire is, because the real phone core would not send these.

use super::assert_helps;
use dianma_schema::wire::codec;
use dianma_schema::wire::command::{Body, CommandEnvelope, HazardsAcknowledged};
use dianma_schema::wire::sync::{
    CommandResult, Cursor, NetClass, Outcome, PROTOCOL, ScopeKind, SyncRequest, SyncResponse,
};
use dianma_tests::county::PASSWORD;
use dianma_tests::{County, Engine};
use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

crate::stories!(
    what_a_phone_should_not_send_is_kept_and_answered_with_a_code,
    a_photo_that_is_no_photo_leaves_nothing_behind,
);

/// A phone without a core: a token and a number.
struct Handset {
    client: Client,
    url: String,
    token: String,
    order: String,
    now_ms: i64,
    n: u64,
}

impl Handset {
    /// Signs worker1 in and gives him an order.
    fn enrol(county: &County) -> Self {
        let client = Client::new();
        let url = county.server.url.clone();
        let body = json!({ "login_name": "worker1", "password": PASSWORD, "model": "generated",
            "os_version": "1", "app_version": "0.0.1" });
        let answer: Value = client
            .post(format!("{url}/v1/devices/enrol"))
            .json(&body)
            .send()
            .unwrap()
            .json()
            .unwrap();
        let order = county.dispatch(&county.request(0, "fault_repair", "家里没电了"), 0);
        Self {
            client,
            url,
            token: answer["token"].as_str().unwrap().to_owned(),
            order: order["id"].as_str().unwrap().to_owned(),
            now_ms: answer["server_ms"].as_i64().unwrap(),
            n: 0,
        }
    }

    /// The next command, encoded.
    fn command(&mut self, body: Body) -> Vec<u8> {
        self.n += 1;
        let envelope = CommandEnvelope {
            n: self.n,
            order_id: Some(self.order.parse().unwrap()),
            base_version: 0,
            wall_ms: self.now_ms,
            elapsed_ms: 1_000 * self.n,
            boot_id: 1,
            clock_offset_ms: Some(0),
            body,
            place: None,
            schema_version: None,
            depends_on: None,
        };
        minicbor::to_vec(&envelope).unwrap()
    }

    fn send(&self, protocol: u32, commands: Vec<Vec<u8>>) -> SyncResponse {
        let cursor = |scope| Cursor {
            scope,
            epoch: 0,
            position: 0,
        };
        let request = SyncRequest {
            protocol,
            app_version: Some("0.0.1".to_owned()),
            acked_n: self.n - commands.len() as u64,
            commands: Some(commands.into_iter().map(Into::into).collect()),
            cursors: vec![cursor(ScopeKind::User)],
            net_class: NetClass::Wifi,
            wall_ms: Some(self.now_ms),
            pending_commands: None,
            pending_files: None,
            trust: None,
        };
        let answer = self.post(codec::pack(&request).unwrap());
        assert_eq!(answer.status().as_u16(), 200);
        codec::unpack(&answer.bytes().unwrap()).unwrap()
    }

    fn post(&self, body: Vec<u8>) -> Response {
        let request = self.client.post(format!("{}/v1/sync", self.url));
        request
            .bearer_auth(&self.token)
            .header("content-type", codec::CONTENT_TYPE)
            .body(body)
            .send()
            .unwrap()
    }

    /// Sends a file in one part under the given name.
    fn upload(&self, sha256: &str, bytes: &[u8]) -> Response {
        let request = self.client.patch(format!("{}/v1/blobs/{sha256}", self.url));
        request
            .bearer_auth(&self.token)
            .header("upload-offset", 0)
            .header("upload-length", bytes.len())
            .body(bytes.to_vec())
            .send()
            .unwrap()
    }
}

/// The one verdict of an exchange.
fn verdict(response: &SyncResponse) -> (Outcome, Option<String>) {
    let results: &[CommandResult] = response.results.as_deref().unwrap();
    assert_eq!(results.len(), 1, "{response:?}");
    (results[0].outcome, results[0].code.clone())
}

fn what_a_phone_should_not_send_is_kept_and_answered_with_a_code(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let county = County::start(engine, folder.path());
    let mut phone = Handset::enrol(&county);
    let state = |phone: &Handset| county.order(&phone.order)["state"].clone();

    // A jump: begun before anybody has accepted or arrived.
    let hazards = HazardsAcknowledged {
        card_id: "fault_repair".to_owned(),
        card_version: 1,
        hazards: vec![0],
    };
    let jump = phone.command(Body::Begin(hazards));
    let refused = verdict(&phone.send(PROTOCOL, vec![jump.clone()]));
    assert_eq!(refused, (Outcome::Rejected, Some("S-409-STATE".to_owned())));
    assert_eq!(state(&phone), "dispatched");
    let kept = county.order(&phone.order)["rejected_commands"].clone();
    assert_eq!(kept[0]["code"], "S-409-STATE", "{kept}");
    assert!(kept[0]["message"].as_str().unwrap().contains('：'));
    let again = verdict(&phone.send(PROTOCOL, vec![jump]));
    assert_eq!(again, refused, "a repeat gets the same answer");

    // Bytes that are no command of any version: a map with a number and a payload nobody knows.
    phone.n += 1;
    let unknown = vec![0xA2, 0x00, u8::try_from(phone.n).unwrap(), 0x07, 0x18, 0x63];
    let put_away = verdict(&phone.send(PROTOCOL, vec![unknown]));
    assert_eq!(
        put_away,
        (Outcome::Quarantined, Some("V-400-COMMAND".to_owned()))
    );

    // An app of another protocol: what it has done counts, it gets no data it would not understand.
    let accept = phone.command(Body::Accept);
    let told = phone.send(PROTOCOL - 1, vec![accept]);
    assert_eq!(verdict(&told).0, Outcome::Accepted);
    assert_eq!(told.fault.as_deref(), Some("V-426-APP"));
    assert!(told.pages.is_none());
    assert_eq!(state(&phone), "accepted");

    // Bodies that are no exchange at all.
    for (body, status, code) in [
        (b"no frame".to_vec(), 400, "V-400-BODY"),
        (Vec::new(), 400, "V-400-BODY"),
        (vec![0; 1_100_000], 413, "V-413-LARGE"),
    ] {
        let answer = phone.post(body);
        assert_eq!(answer.status().as_u16(), status);
        let error = answer.json::<Value>().unwrap()["error"].clone();
        assert_eq!(error["code"], code);
        assert_helps(&error, code);
    }
    let depart = phone.command(Body::Depart);
    assert_eq!(
        verdict(&phone.send(PROTOCOL, vec![depart])).0,
        Outcome::Accepted,
        "the phone goes on"
    );
}

fn a_photo_that_is_no_photo_leaves_nothing_behind(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let county = County::start(engine, folder.path());
    let phone = Handset::enrol(&county);
    let name = |bytes: &[u8]| {
        let digest = Sha256::digest(bytes);
        digest
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let letter = b"%PDF-1.7 this is a letter, not a photo".to_vec();
    let mut photo = vec![0xFF, 0xD8, 0xFF, 0xE0];
    photo.resize(4_000, 7);
    let giant = name(b"giant");
    for (case, sha256, bytes, status, code) in [
        ("a letter", name(&letter), letter, 415, "E-415-MEDIA"),
        (
            "other bytes",
            name(b"another"),
            photo.clone(),
            422,
            "E-422-HASH",
        ),
        (
            "a part over the limit",
            giant,
            vec![7; 1_100_000],
            413,
            "V-413-LARGE",
        ),
    ] {
        let answer = phone.upload(&sha256, &bytes);
        assert_eq!(answer.status().as_u16(), status, "{case}");
        let error = answer.json::<Value>().unwrap()["error"].clone();
        assert_eq!(error["code"], code, "{case}");
        assert_helps(&error, case);
        let head = phone
            .client
            .head(format!("{}/v1/blobs/{sha256}", phone.url));
        let head = head.bearer_auth(&phone.token).send().unwrap();
        assert_eq!(
            head.headers()["upload-offset"],
            "0",
            "{case}: from the beginning"
        );
    }
    let answer = phone.upload(&name(&photo), &photo);
    assert_eq!(answer.status().as_u16(), 204, "a real one is taken");
    assert_eq!(answer.headers()["upload-complete"], "?1");
}
