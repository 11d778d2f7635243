//! The first administrator: only with the printed token, only once.

use dianma_tests::{Console, Engine, Server};
use serde_json::json;

fn first_administrator_needs_the_printed_token(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(engine, folder.path(), &[]);
    let token = server.setup_token.clone().unwrap();
    let client = reqwest::blocking::Client::new();
    let wrong = client
        .post(format!("{}/v1/setup", server.url))
        .json(&json!({
            "token": "0000", "login_name": "admin", "display_name": "管理员",
            "password": "generated-secret"
        }))
        .send()
        .unwrap();
    assert_eq!(wrong.status().as_u16(), 403);

    let console = Console::set_up(&server.url, &token, "generated-secret");
    assert_eq!(
        console.get("/v1/sessions/current")["session"]["staff"]["role"],
        "administrator"
    );
    assert_eq!(console.get("/v1/setup")["setup"]["is_needed"], false);

    let again = client
        .post(format!("{}/v1/setup", server.url))
        .json(&json!({
            "token": token, "login_name": "other", "display_name": "他人",
            "password": "generated-secret"
        }))
        .send()
        .unwrap();
    assert_eq!(again.status().as_u16(), 403);
}

fn a_changing_request_without_the_csrf_token_is_refused(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(engine, folder.path(), &[]);
    let token = server.setup_token.clone().unwrap();
    let client = reqwest::blocking::Client::builder()
        .cookie_store(true)
        .build()
        .unwrap();
    let body = json!({
        "token": token, "login_name": "admin", "display_name": "管理员", "password": "generated-secret"
    });
    let signed_in = client
        .post(format!("{}/v1/setup", server.url))
        .json(&body)
        .send()
        .unwrap();
    assert_eq!(signed_in.status().as_u16(), 200);
    let refused = client
        .delete(format!("{}/v1/sessions/current", server.url))
        .send()
        .unwrap();
    assert_eq!(refused.status().as_u16(), 403);
    assert!(refused.text().unwrap().contains("A-403-CSRF"));
}

crate::stories!(
    first_administrator_needs_the_printed_token,
    a_changing_request_without_the_csrf_token_is_refused,
);
