//! The reference server's files, by offset.

use super::server::{Server, answer};
use dianma_core::sync::transport::{Answer, Method, Request, Unreachable};
use sha2::{Digest, Sha256};

impl Server {
    pub fn blob(&mut self, request: &Request) -> Result<Answer, Unreachable> {
        let name = request.path.rsplit('/').next().unwrap().to_owned();
        if self.unwanted_names.contains(&name) {
            return Ok(answer(403, "application/json", Vec::new()));
        }
        if request.method == Method::Patch {
            let header = |wanted: &str| -> u64 {
                let found = request.headers.iter().find(|(have, _)| *have == wanted);
                found.unwrap().1.parse().unwrap()
            };
            let (offset, total) = (header("upload-offset"), header("upload-length"));
            let file = self.files.entry(name.clone()).or_default();
            if offset != file.len() as u64 {
                let body = br#"{"error":{"code":"E-409-OFFSET"}}"#.to_vec();
                return Ok(answer(409, "application/json", body));
            }
            self.pieces.push((name.clone(), offset, request.body.len()));
            if !self.forget_pieces {
                file.extend_from_slice(&request.body);
            }
            if file.len() as u64 == total {
                let digest = Sha256::digest(&*file);
                let number = digest.iter().map(|byte| format!("{byte:02x}"));
                let hex = number.collect::<Vec<_>>().concat();
                if hex != name {
                    file.clear();
                    let body = br#"{"error":{"code":"E-422-HASH"}}"#.to_vec();
                    return Ok(answer(422, "application/json", body));
                }
                self.complete.insert(name.clone(), true);
            }
            if self
                .break_after_pieces
                .is_some_and(|most| self.pieces.len() > most)
            {
                self.break_after_pieces = None;
                return Err(Unreachable::Offline);
            }
        }
        let offset = self.files.get(&name).map_or(0, Vec::len);
        let is_complete = self.complete.get(&name).copied().unwrap_or(false);
        let mut answer = answer(204, "", Vec::new());
        answer
            .headers
            .push(("upload-offset".to_owned(), offset.to_string()));
        let word = if is_complete { "?1" } else { "?0" };
        answer
            .headers
            .push(("upload-complete".to_owned(), word.to_owned()));
        Ok(answer)
    }
}
