//! Whether a scan would do for an order, before anything is queued: the scanner says it while the person
//! still stands in front of the code.

use super::{Orders, ScanInput, proof, resolve};
use crate::error::CoreError;
use crate::label::consent::{self, ConsentInput};
use dianma_schema::fault;
use dianma_schema::label::consent::ConsentStep;
use dianma_schema::label::{Reading, read};

impl Orders {
    /// Checks a scan as arriving or closing will check it. Leaves nothing behind.
    pub fn weigh(&self, order: &str, step: ConsentStep, scan: &ScanInput) -> Result<(), CoreError> {
        self.shared.user()?;
        let now_ms = self.shared.server_now_ms()?;
        self.shared.read(|db| {
            let order = resolve(db, order)?.record;
            match step {
                ConsentStep::Arrival => {
                    let given = proof::scan_of(db, now_ms, scan, fault::S_PLACE_PROOF)?;
                    proof::place(db, &order, &given)
                }
                ConsentStep::Closing => match consent_of(scan) {
                    Some(input) => consent::check(db, now_ms, &order, step, &input).map(|_| ()),
                    None => {
                        let given = proof::scan_of(db, now_ms, scan, fault::S_CONSENT)?;
                        proof::consent(db, &order, &given)
                    }
                },
            }
        })
    }
}

/// The one-time code on the customer's phone, when that is what was scanned.
fn consent_of(scan: &ScanInput) -> Option<ConsentInput> {
    let is_consent = !scan.is_typed && matches!(read(&scan.text), Reading::Consent(_));
    is_consent.then(|| ConsentInput {
        text: scan.text.clone(),
        is_typed: false,
    })
}
