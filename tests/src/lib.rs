//! Support for stories: real processes (`dianma-server`, `dianma-field`) on loopback, driven only
//! through their public doors: HTTP, command line, files.

#![expect(
    clippy::expect_used,
    reason = "a story that cannot go on fails where it stands"
)]

pub mod console;
pub mod county;
pub mod field;
pub mod fill;
pub mod job;
pub mod process;
pub mod server;

pub use console::Console;
pub use county::County;
pub use field::Field;
pub use job::Job;
pub use server::{Engine, Server};
