//! Who is calling: passwords, sessions, first-run set-up. Permissions are rows in `access.rs`.

pub mod actor;
pub mod password;
pub mod session;
pub mod setup;
pub mod sign_in;
pub mod tries;

pub use actor::Actor;
