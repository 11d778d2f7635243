//! The core's door for Kotlin as a shared library of this machine; `scripts/android` names it
//! `libdianma_core.so`, as the phone's own. What the app calls is in `dianma_core::ffi`; the rest here is for
//! its tests alone and is not in the phone's library.

pub use dianma_core::ffi;

#[expect(unsafe_code, reason = "called by the JVM tests through C")]
pub mod sealed_store;
