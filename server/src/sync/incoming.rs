//! One encoded command as it came: its number, its hash, and what can be read of it.

use crate::text::sha256_hex;
use dianma_schema::fault::{self, FaultCode};
use dianma_schema::wire::command::CommandEnvelope;
use dianma_schema::wire::sync::MAX_COMMAND_BYTES;
use minicbor::Decode;

/// A command on its way in.
#[derive(Debug)]
pub(super) struct Incoming<'a> {
    /// The bytes, kept whatever becomes of them.
    pub(super) raw: &'a [u8],
    /// SHA-256 of the bytes: tells a repeat from another command under the same number.
    pub(super) hash: String,
    /// Its number; `None` when not even that can be read.
    pub(super) n: Option<u64>,
    /// The envelope, or why it cannot be applied.
    pub(super) envelope: Result<CommandEnvelope, FaultCode>,
}

/// Only the number: readable even when the payload is of a newer app.
#[derive(Decode)]
#[cbor(map)]
struct Numbered {
    #[n(0)]
    n: u64,
}

impl<'a> Incoming<'a> {
    pub(super) fn read(raw: &'a [u8]) -> Self {
        let n = minicbor::decode::<Numbered>(raw).ok().map(|found| found.n);
        let envelope = if raw.len() > MAX_COMMAND_BYTES {
            Err(fault::V_TOO_LARGE)
        } else {
            minicbor::decode(raw).map_err(|_| fault::V_UNKNOWN_COMMAND)
        };
        Self {
            raw,
            hash: sha256_hex(raw),
            n: n.filter(|n| i64::try_from(*n).is_ok()),
            envelope,
        }
    }
}
