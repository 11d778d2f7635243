//! The core's door for Kotlin as a shared library of this machine; `scripts/android` names it
//! `libdianma_core.so`, as the phone's own. Everything it exports is in `dianma_core::ffi`.

pub use dianma_core::ffi;
