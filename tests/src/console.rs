//! A person at the console, as far as HTTP goes: session cookie, CSRF token, JSON.

use reqwest::Method;
use reqwest::blocking::{Body, Client, Response};
use serde_json::{Value, json};
use std::io::Read;
use std::time::Duration;

/// A file of gigabytes takes its time on a busy machine.
const LONGEST_UPLOAD: Duration = Duration::from_mins(10);

/// A signed-in browser.
#[derive(Debug)]
pub struct Console {
    client: Client,
    url: String,
    csrf_token: String,
}

impl Console {
    /// Makes the first administrator with the printed token.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn set_up(url: &str, token: &str, password: &str) -> Self {
        let body = json!({
            "token": token, "login_name": "admin", "display_name": "管理员", "password": password
        });
        Self::open(url, "/v1/setup", &body)
    }

    /// Signs in.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn sign_in(url: &str, login_name: &str, password: &str) -> Self {
        let body = json!({ "login_name": login_name, "password": password });
        Self::open(url, "/v1/sessions", &body)
    }

    fn open(url: &str, path: &str, body: &Value) -> Self {
        let client = Client::builder()
            .cookie_store(true)
            .build()
            .expect("an HTTP client");
        let response = client
            .post(format!("{url}{path}"))
            .json(body)
            .send()
            .expect("an answer");
        let session = expect_json(response, 200);
        let csrf_token = session["session"]["csrf_token"]
            .as_str()
            .expect("a token")
            .to_owned();
        Self {
            client,
            url: url.to_owned(),
            csrf_token,
        }
    }

    /// The same person at another node or after a restart: cookies do not name a port.
    pub fn at(&mut self, url: &str) {
        url.clone_into(&mut self.url);
    }

    /// GET, expecting 200.
    ///
    /// # Panics
    /// On any other status.
    pub fn get(&self, path: &str) -> Value {
        expect_json(self.send(&Method::GET, path, None), 200)
    }

    /// GET with a search text, which never stands in an address; expecting 200.
    ///
    /// # Panics
    /// On any other status.
    pub fn search(&self, path: &str, text: &str) -> Value {
        let answer = self
            .client
            .get(format!("{}{path}", self.url))
            .header("x-dianma-search", escaped(text))
            .send();
        expect_json(answer.expect("an answer"), 200)
    }

    /// POST, expecting any 2xx.
    ///
    /// # Panics
    /// On any other status.
    pub fn post(&self, path: &str, body: &Value) -> Value {
        let response = self.send(&Method::POST, path, Some(body));
        let status = response.status().as_u16();
        assert!(
            (200..300).contains(&status),
            "POST {path}: {status} {}",
            text(response)
        );
        response.json().unwrap_or(Value::Null)
    }

    /// POST, expecting a refusal; returns status and fault code.
    ///
    /// # Panics
    /// When the body is not a refusal.
    pub fn refused(&self, path: &str, body: &Value) -> (u16, String) {
        let response = self.send(&Method::POST, path, Some(body));
        let status = response.status().as_u16();
        let answer: Value = response.json().expect("a JSON refusal");
        (
            status,
            answer["error"]["code"]
                .as_str()
                .expect("a fault code")
                .to_owned(),
        )
    }

    /// POST of a file, expecting any 2xx.
    ///
    /// # Panics
    /// On any other status.
    pub fn upload(&self, path: &str, bytes: &[u8]) -> Value {
        self.send_file(path, bytes.to_vec().into())
    }

    /// [`Console::upload`] of so many bytes that are never all in memory.
    ///
    /// # Panics
    /// On any other status than 2xx.
    pub fn stream(&self, path: &str, bytes: impl Read + Send + 'static, length: u64) -> Value {
        self.send_file(path, Body::sized(bytes, length))
    }

    fn send_file(&self, path: &str, body: Body) -> Value {
        let response = self
            .client
            .post(format!("{}{path}", self.url))
            .header("x-csrf-token", &self.csrf_token)
            .timeout(LONGEST_UPLOAD)
            .body(body)
            .send()
            .expect("an answer");
        let status = response.status().as_u16();
        assert!(
            (200..300).contains(&status),
            "POST {path}: {status} {}",
            text(response)
        );
        response.json().unwrap_or(Value::Null)
    }

    /// Any request, the raw answer.
    ///
    /// # Panics
    /// When there is no answer at all.
    pub fn send(&self, method: &Method, path: &str, body: Option<&Value>) -> Response {
        self.ask(method, path, body).expect("an answer")
    }

    /// [`Console::send`] where no answer is a possible outcome.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub fn ask(
        &self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
    ) -> reqwest::Result<Response> {
        let mut request = self
            .client
            .request(method.clone(), format!("{}{path}", self.url))
            .header("x-csrf-token", &self.csrf_token);
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send()
    }
}

/// Percent-encoded, as a search text travels.
fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn text(response: Response) -> String {
    response.text().unwrap_or_default()
}

fn expect_json(response: Response, status: u16) -> Value {
    let url = response.url().to_string();
    let found = response.status().as_u16();
    let body = text(response);
    assert_eq!(found, status, "{url}: {body}");
    serde_json::from_str(&body).expect("a JSON answer")
}
