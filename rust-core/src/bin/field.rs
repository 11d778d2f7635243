//! `dianma-field`: a headless phone on the same public API as the app, for tests, demo and support.

use std::process::ExitCode;

fn main() -> ExitCode {
    dianma_core::field::main()
}
