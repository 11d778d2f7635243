//! A new password, asked of the server by the phone's own session; the other phones and consoles of the
//! person are signed out there.

use super::Session;
use crate::error::CoreError;
use crate::sync::asked::ask;
use crate::sync::transport::{Method, Request, Transport};
use dianma_schema::fault;

impl Session {
    /// Changes the password. Blocking on the network; nothing is kept on the phone.
    pub fn change_password(
        &self,
        transport: &mut dyn Transport,
        old_password: &str,
        new_password: &str,
    ) -> Result<(), CoreError> {
        self.shared.user()?;
        let token = self.shared.token()?;
        let body = serde_json::json!({
            "old_password": old_password,
            "new_password": new_password,
        });
        let request = Request {
            method: Method::Put,
            path: "/v1/staff/me/password".to_owned(),
            token: Some(token.ok_or_else(|| CoreError::of(fault::A_SIGN_IN))?),
            content_type: Some("application/json"),
            headers: Vec::new(),
            body: body.to_string().into_bytes(),
        };
        ask(transport, &request, &[200, 204]).map(|_| ())
    }
}
