//! Delivery of texts to customers: an interface with a file and an HTTP webhook behind it. A text
//! carries a number to send to and words; it is never logged.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::path::PathBuf;
use std::time::Duration;

/// How long a gateway may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Most bytes of an answer read; only its status counts.
const MAX_ANSWER: u64 = 4_096;

/// A text on its way.
#[derive(Clone)]
pub struct Message {
    /// Telephone number.
    pub to: String,
    /// Words.
    pub text: String,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Message(…)")
    }
}

/// Why a text did not go out.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// File or network.
    #[error("the text could not be handed over: {0}")]
    Io(#[from] std::io::Error),
    /// The gateway said no.
    #[error("the gateway answered {0}")]
    Refused(String),
    /// Not `http://host[:port]/path`.
    #[error(
        "the webhook must be http://host[:port]/path: put a TLS proxy before a distant gateway"
    )]
    Address,
}

/// A way to send texts.
pub trait Delivery: std::fmt::Debug + Send + Sync {
    /// Hands one over; blocking.
    fn send(&self, message: &Message) -> Result<(), DeliveryError>;
}

fn body(message: &Message) -> String {
    serde_json::json!({ "to": message.to, "text": message.text }).to_string()
}

/// Appends one JSON object a line: for a modem program, and for tests.
#[derive(Debug)]
pub struct FileDelivery(pub PathBuf);

impl Delivery for FileDelivery {
    fn send(&self, message: &Message) -> Result<(), DeliveryError> {
        let mut file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.0)?;
        file.write_all(format!("{}\n", body(message)).as_bytes())?;
        Ok(file.sync_data()?)
    }
}

/// Posts the same object to a gateway on the company's network.
#[derive(Debug)]
pub struct WebhookDelivery {
    host: String,
    path: String,
}

impl WebhookDelivery {
    /// Reads `http://host[:port]/path`.
    pub fn parse(url: &str) -> Result<Self, DeliveryError> {
        let rest = url.strip_prefix("http://").ok_or(DeliveryError::Address)?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let is_clean = !host.is_empty() && url.chars().all(|c| c.is_ascii_graphic());
        if !is_clean || host.contains('@') {
            return Err(DeliveryError::Address);
        }
        let has_port = host.contains(':');
        Ok(Self {
            host: if has_port {
                host.to_owned()
            } else {
                format!("{host}:80")
            },
            path: format!("/{path}"),
        })
    }
}

impl Delivery for WebhookDelivery {
    fn send(&self, message: &Message) -> Result<(), DeliveryError> {
        let address = self
            .host
            .to_socket_addrs()?
            .next()
            .ok_or(DeliveryError::Address)?;
        let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        let body = body(message);
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            self.path,
            self.host,
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body.as_bytes())?;
        let mut answer = Vec::new();
        stream.take(MAX_ANSWER).read_to_end(&mut answer)?;
        let answer = String::from_utf8_lossy(&answer);
        let status = answer.split_whitespace().nth(1).unwrap_or_default();
        if status.starts_with('2') && status.chars().count() == 3 {
            return Ok(());
        }
        Err(DeliveryError::Refused(status.chars().take(3).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead as _, BufReader};

    fn message() -> Message {
        Message {
            to: "10000000001".to_owned(),
            text: "生成的短信".to_owned(),
        }
    }

    #[test]
    fn a_file_gets_one_line_a_text() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sms.jsonl");
        let delivery = FileDelivery(file.clone());
        delivery.send(&message()).unwrap();
        delivery.send(&message()).unwrap();
        let text = std::fs::read_to_string(file).unwrap();
        assert_eq!(text.lines().count(), 2);
        assert!(text.contains("生成的短信"));
    }

    #[test]
    fn a_gateway_gets_the_text_and_its_answer_counts() {
        for (status, is_taken) in [("200 OK", true), ("503 Busy", false)] {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let url = format!("http://{}/sms", listener.local_addr().unwrap());
            let gateway = std::thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut length = 0;
                loop {
                    let mut line = String::new();
                    reader.read_line(&mut line).unwrap();
                    if let Some(text) = line.to_lowercase().strip_prefix("content-length: ") {
                        length = text.trim().parse().unwrap();
                    }
                    if line.trim().is_empty() {
                        break;
                    }
                }
                let mut body = vec![0; length];
                reader.read_exact(&mut body).unwrap();
                write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").unwrap();
                String::from_utf8(body).unwrap()
            });
            let sent = WebhookDelivery::parse(&url).unwrap().send(&message());
            assert_eq!(sent.is_ok(), is_taken, "{status}");
            assert!(gateway.join().unwrap().contains("生成的短信"));
        }
    }

    #[test]
    fn only_plain_addresses_are_taken() {
        for bad in [
            "https://x/",
            "http://",
            "http://a@b/",
            "http://a b/",
            "ftp://x",
        ] {
            assert!(WebhookDelivery::parse(bad).is_err(), "{bad}");
        }
    }
}
