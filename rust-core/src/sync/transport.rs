//! What the core asks of a network: one request, one answer. HTTP itself lives in an adapter.

/// A method the server knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Ask.
    Get,
    /// Ask for headers only.
    Head,
    /// Send.
    Post,
    /// Send a part.
    Patch,
    /// Replace.
    Put,
    /// End.
    Delete,
}

/// One request. The body is at most 1 MiB.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Path from the root, without host.
    pub path: String,
    /// The phone's token; adapters send it as `x-dianma-token` or as a bearer.
    pub token: Option<String>,
    /// Content type of the body.
    pub content_type: Option<&'static str>,
    /// Further headers; names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: Vec<u8>,
}

/// Shows neither the token nor what the body says.
impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let token = self.token.as_ref().map(|_| "…");
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("token", &token)
            .field("content_type", &self.content_type)
            .field("headers", &self.headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers; names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(have, _)| have == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A header read as a number.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.header(name)?.trim().parse().ok()
    }
}

/// Why there was no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreachable {
    /// No connection.
    #[error("no connection")]
    Offline,
    /// Connected, but too slow.
    #[error("timed out")]
    TimedOut,
    /// Something answered that does not speak HTTP as expected.
    #[error("not our server")]
    NotOurs,
    /// The other end's certificate is not trusted, or not at the time this phone believes it is.
    #[error("certificate not trusted")]
    Untrusted,
}

/// The network.
pub trait Transport {
    /// Sends and waits. Blocking; at most a minute.
    fn exchange(&mut self, request: &Request) -> Result<Answer, Unreachable>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_request_shows_neither_token_nor_body() {
        let request = Request {
            method: Method::Post,
            path: "/v1/sync".to_owned(),
            token: Some("0123456789abcdef".to_owned()),
            content_type: None,
            headers: Vec::new(),
            body: b"generated person".to_vec(),
        };
        let printed = format!("{request:?}");
        assert!(printed.contains("/v1/sync"));
        assert!(!printed.contains("0123456789abcdef"), "{printed}");
        assert!(!printed.contains("generated"), "{printed}");
    }
}
