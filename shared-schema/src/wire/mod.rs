//! Messages between phone and server. CBOR with integer keys: keys are added, never reused; unknown
//! keys are skipped, so an old app reads a new server. The JSON API of the console is generated
//! from the server's handlers instead (see `shared-schema/openapi.json`).

pub mod codec;
pub mod command;
pub mod record;
pub mod sync;
