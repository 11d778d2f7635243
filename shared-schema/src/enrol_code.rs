//! The one-time code (登记码) that makes a phone the phone of one person: the server's address and a
//! token, as the console shows it in a symbol and the phone reads it. What the token opens is the
//! server's business; it says nothing about the person.

/// What every text starts with.
const PREFIX: &str = "DIANMA:E1:";
/// Hexadecimal digits of a token: 128 random bits.
pub const TOKEN_DIGITS: usize = 32;
/// Longest address, characters: the symbol stays readable from a screen.
const LONGEST_ADDRESS: usize = 120;

/// A code.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolCode {
    /// Address of the server: `https://host[:port]`, or `http://…` of this machine.
    pub server: String,
    /// The token, lower case.
    pub token: String,
}

/// The token is never printed.
impl std::fmt::Debug for EnrolCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrolCode")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

impl EnrolCode {
    /// A code out of its parts; none when the address or the token is not one.
    pub fn new(server: &str, token: &str) -> Option<Self> {
        let server = address(server)?;
        let token = token.to_ascii_lowercase();
        let is_token = token.len() == TOKEN_DIGITS && token.bytes().all(|b| b.is_ascii_hexdigit());
        is_token.then_some(Self { server, token })
    }

    /// The text in the symbol, of the alphabet that small symbols have.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}:{}", self.token, self.server).to_ascii_uppercase()
    }

    /// Reads a scanned or typed text; none when it is cut, misread or something else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let rest = text.strip_prefix(&PREFIX.to_ascii_lowercase())?;
        let (token, server) = rest.split_once(':')?;
        // Cut within the scheme, the rest would pass for the name of a host.
        server.contains("://").then(|| Self::new(server, token))?
    }
}

/// `https://host[:port]`, lower case; plain `http` only to this machine, for tests and the demo.
pub fn address(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('/').to_ascii_lowercase();
    let (scheme, rest) = text.split_once("://").unwrap_or(("https", &text));
    let (host, port) = rest
        .split_once(':')
        .map_or((rest, None), |(h, p)| (h, Some(p)));
    let is_host = !host.is_empty()
        && !host.starts_with(['-', '.'])
        && host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'));
    let is_port = port.is_none_or(|port| {
        port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|p| p > 0)
    });
    let is_local = matches!(host, "127.0.0.1" | "localhost" | "10.0.2.2");
    let is_scheme = scheme == "https" || (scheme == "http" && is_local);
    let fits = text.len() <= LONGEST_ADDRESS;
    (is_host && is_port && is_scheme && fits).then(|| format!("{scheme}://{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TOKEN: &str = "00112233445566778899aabbccddeeff";

    #[test]
    fn a_code_comes_back_out_of_its_text() {
        let code = EnrolCode::new("https://Gd.Example:8443/", TOKEN).unwrap();
        assert_eq!(code.server, "https://gd.example:8443");
        let text = code.text();
        assert_eq!(text, text.to_ascii_uppercase());
        assert_eq!(EnrolCode::parse(&text), Some(code.clone()));
        assert_eq!(EnrolCode::parse(&format!(" {text}\n")), Some(code.clone()));
        assert!(!format!("{code:?}").contains(TOKEN));
    }

    #[test]
    fn only_safe_addresses_are_taken() {
        assert_eq!(address(" gd.example/ ").unwrap(), "https://gd.example");
        let local = "http://127.0.0.1:8080";
        assert_eq!(address(local).unwrap(), local);
        for bad in [
            "",
            "https://",
            "http://gd.example",
            "ftp://x",
            "https://a@b",
            "https://a b",
            "https://a/b",
            "https://a:0",
            "https://a:99999",
            "https://a:1:2",
            "https://-a",
            "https://例子",
            "javascript://x",
        ] {
            assert!(address(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn cut_and_foreign_texts_are_no_codes() {
        let text = EnrolCode::new("https://gd.example", TOKEN).unwrap().text();
        for cut in 1..text.chars().count() - "GD.EXAMPLE".len() {
            let part: String = text.chars().take(cut).collect();
            assert_eq!(EnrolCode::parse(&part), None, "{part}");
        }
        for foreign in ["", "DIANMA:E2:1", "https://gd.example", "电码"] {
            assert_eq!(EnrolCode::parse(foreign), None);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,200}") {
            let _ = EnrolCode::parse(&text);
            let _ = EnrolCode::parse(&format!("{PREFIX}{text}"));
        }
    }
}
