//! Requests a person waits for: signing in, a new password, a customer of another station. Unlike the
//! sync engine's they are not repeated by themselves, so that their failures say so.

use super::driver::checked;
use super::transport::{Answer, Request, Transport, Unreachable};
use crate::error::CoreError;
use dianma_schema::fault;
use serde::Deserialize;

#[derive(Deserialize)]
struct Stated {
    error: StatedError,
}

#[derive(Deserialize)]
struct StatedError {
    #[serde(default)]
    fields: Vec<StatedField>,
}

#[derive(Deserialize)]
struct StatedField {
    field: String,
    message: String,
    message_en: String,
}

/// The answer when its status is as hoped, else what went wrong in words for the person who asked.
pub fn ask(
    transport: &mut dyn Transport,
    request: &Request,
    good: &[u16],
) -> Result<Answer, CoreError> {
    let answer = transport.exchange(request).map_err(|why| {
        CoreError::of(match why {
            Unreachable::Offline => fault::N_NO_SERVER,
            Unreachable::TimedOut => fault::N_SLOW,
            Unreachable::NotOurs => fault::N_NOT_OURS,
            Unreachable::Untrusted => fault::N_CERTIFICATE,
        })
    })?;
    let stated: Option<Stated> = serde_json::from_slice(&answer.body).ok();
    checked(Ok(answer), good).map_err(|failure| {
        let fields = stated.into_iter().flat_map(|stated| stated.error.fields);
        fields.fold(CoreError::of(failure.code), |error, each| {
            error.field(&each.field, &each.message, &each.message_en)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::transport::Method;

    /// Answers the same to everything.
    struct One(Result<Answer, Unreachable>);

    impl Transport for One {
        fn exchange(&mut self, _: &Request) -> Result<Answer, Unreachable> {
            self.0.clone()
        }
    }

    fn told(answer: Result<Answer, Unreachable>) -> CoreError {
        let request = Request {
            method: Method::Post,
            path: "/v1/devices/enrol".to_owned(),
            token: None,
            content_type: None,
            headers: Vec::new(),
            body: Vec::new(),
        };
        ask(&mut One(answer), &request, &[200]).unwrap_err()
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "stands in a table beside what a failed way gives"
    )]
    fn answer(status: u16, content_type: &str, body: &str) -> Result<Answer, Unreachable> {
        Ok(Answer {
            status,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.as_bytes().to_vec(),
        })
    }

    #[test]
    fn each_way_to_fail_has_its_own_code() {
        let page = "<html>请先登录上网</html>";
        for (given, code) in [
            (Err(Unreachable::Offline), fault::N_NO_SERVER),
            (Err(Unreachable::TimedOut), fault::N_SLOW),
            (Err(Unreachable::NotOurs), fault::N_NOT_OURS),
            (Err(Unreachable::Untrusted), fault::N_CERTIFICATE),
            (answer(302, "text/html", ""), fault::N_NOT_OURS),
            (
                answer(401, "text/html; charset=utf-8", page),
                fault::N_NOT_OURS,
            ),
            (answer(403, "text/html", page), fault::N_NOT_OURS),
            (answer(404, "text/plain", "no"), fault::N_NOT_OURS),
            (answer(502, "text/html", page), fault::X_BUSY),
            (answer(500, "text/plain", ""), fault::X_INTERNAL),
            (answer(401, "application/json", "{}"), fault::A_SIGN_IN),
        ] {
            assert_eq!(told(given.clone()).code(), code, "{given:?}");
        }
    }

    #[test]
    fn the_servers_own_items_are_handed_on() {
        let body = r#"{"error":{"code":"V-422-FIELD","fields":[
            {"field":"password","message":"密码太短","message_en":"too short"}]}}"#;
        let error = told(answer(422, "application/json", body));
        assert_eq!(error.code(), fault::V_FIELD);
        assert_eq!(error.fault().fields[0].message, "密码太短");
    }
}
