//! The phone's brain: local store, outbox, sync engine, work-order actions, search, evidence.
//! [`phone::Phone`] is the root object; everything else hangs on it. No HTTP client and no async
//! runtime in here but in the `field` feature, the headless phone of tests, demo and support.

pub mod clock;
pub mod diagnosis;
pub mod entropy;
pub mod error;
pub mod evidence;
#[cfg(feature = "ffi")]
#[expect(
    clippy::result_large_err,
    reason = "UniFFI hands errors over by value, and faults are rare"
)]
pub mod ffi;
#[cfg(feature = "field")]
pub mod field;
pub mod label;
pub mod lookup;
pub mod outbox;
pub mod phone;
pub mod pictures;
mod pinyin_initials;
#[cfg(feature = "probe")]
#[expect(
    unsafe_code,
    reason = "exported to a C host, which passes its folder as a C string"
)]
pub mod probe;
pub mod release;
pub mod scan;
pub mod session;
mod shared;
pub mod store;
pub mod sync;
mod text;
pub mod work;

#[cfg(feature = "ffi")]
uniffi::setup_scaffolding!();

pub use error::CoreError;
pub use phone::Phone;
