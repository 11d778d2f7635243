//! Bodies of the exchange between phone and server, and commands inside them.
#![no_main]

use dianma_schema::wire::codec::{pack, unpack};
use dianma_schema::wire::command::CommandEnvelope;
use dianma_schema::wire::sync::{SyncRequest, SyncResponse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(request) = unpack::<SyncRequest>(bytes) {
        for command in request.commands.iter().flatten() {
            let _ = minicbor::decode::<CommandEnvelope>(command);
        }
        let _ = pack(&request);
    }
    let _ = unpack::<SyncResponse>(bytes);
    let _ = minicbor::decode::<CommandEnvelope>(bytes);
});
