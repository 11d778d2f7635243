//! The HTTP adapter of the headless phone: one kept connection on a single-threaded runtime, used
//! blockingly. Bodies are capped, redirects are not followed.

use crate::error::CoreError;
use crate::sync::transport::{Answer, Method, Request, Transport, Unreachable};
use dianma_schema::fault;
use dianma_schema::wire::codec::TOKEN_HEADER;
use std::time::Duration;

/// Longest time for one request.
const TIMEOUT: Duration = Duration::from_mins(1);
/// Longest time to connect.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Largest answer read.
const LARGEST_ANSWER: usize = 16 * 1024 * 1024;

/// A connection to one server.
#[derive(Debug)]
pub struct HttpTransport {
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
    base: String,
}

impl HttpTransport {
    /// Prepares the connection; nothing is sent yet. With `h2`, HTTP/2 is spoken without asking.
    pub fn new(server: &str, h2: bool) -> Result<Self, CoreError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let mut builder = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .tcp_nodelay(true);
        if h2 {
            builder = builder.http2_prior_knowledge();
        }
        let client = builder
            .build()
            .map_err(|error| CoreError::of(fault::N_NOT_OURS).because(&error.to_string()))?;
        Ok(Self {
            runtime,
            client,
            base: server.trim_end_matches('/').to_owned(),
        })
    }

    /// Waits on the wake stream until the server says that something moved; `false` after `longest`.
    pub fn wait_for_wake(&self, token: &str, longest: Duration) -> Result<bool, Unreachable> {
        let url = format!("{}/v1/wake", self.base);
        let request = self
            .client
            .get(url)
            .header(TOKEN_HEADER, token)
            .timeout(longest + TIMEOUT);
        self.runtime.block_on(async {
            let waiting = async {
                let mut answer = request.send().await.map_err(|error| why(&error))?;
                if !answer.status().is_success() {
                    return Err(Unreachable::NotOurs);
                }
                while let Some(piece) = answer.chunk().await.map_err(|error| why(&error))? {
                    if String::from_utf8_lossy(&piece).contains("data:") {
                        return Ok(true);
                    }
                }
                Err(Unreachable::Offline)
            };
            tokio::time::timeout(longest, waiting)
                .await
                .unwrap_or(Ok(false))
        })
    }

    async fn send(&self, request: &Request) -> Result<Answer, reqwest::Error> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Head => reqwest::Method::HEAD,
            Method::Post => reqwest::Method::POST,
            Method::Patch => reqwest::Method::PATCH,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let url = format!("{}{}", self.base, request.path);
        let mut builder = self.client.request(method, url).body(request.body.clone());
        if let Some(token) = &request.token {
            builder = builder.header(TOKEN_HEADER, token);
        }
        if let Some(content_type) = request.content_type {
            builder = builder.header("content-type", content_type);
        }
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        let mut answer = builder.send().await?;
        let status = answer.status().as_u16();
        let headers = answer.headers().iter().filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        });
        let headers = headers.collect();
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await? {
            body.extend_from_slice(&piece);
            if body.len() > LARGEST_ANSWER {
                break;
            }
        }
        Ok(Answer {
            status,
            headers,
            body,
        })
    }
}

impl Transport for HttpTransport {
    fn exchange(&mut self, request: &Request) -> Result<Answer, Unreachable> {
        self.runtime
            .block_on(self.send(request))
            .map_err(|error| why(&error))
    }
}

fn why(error: &reqwest::Error) -> Unreachable {
    if error.is_timeout() {
        Unreachable::TimedOut
    } else if is_untrusted(error) {
        Unreachable::Untrusted
    } else if error.is_decode() || error.is_redirect() {
        Unreachable::NotOurs
    } else {
        Unreachable::Offline
    }
}

/// Whether a certificate was refused: the TLS library says so somewhere in the chain of causes.
fn is_untrusted(error: &reqwest::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(each) = cause {
        if each.to_string().contains("certificate") {
            return true;
        }
        cause = each.source();
    }
    false
}
