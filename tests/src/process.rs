//! Finding the built binaries and ending the processes a test started, by their own handle.

use std::path::PathBuf;
use std::process::Child;

/// A binary of this workspace, beside the test's or program's own: `cargo build --workspace` puts it
/// there.
///
/// # Panics
/// When it was not built.
pub fn binary(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("a running test has a path");
    let own_folder = own.parent().expect("target/<profile>, or deps in it");
    let folder = match own_folder.parent() {
        Some(profile) if own_folder.ends_with("deps") => profile,
        _ => own_folder,
    };
    let path = folder.join(name);
    assert!(
        path.is_file(),
        "{name} is not built: run cargo build --workspace first"
    );
    path
}

/// A child that does not outlive its test.
#[derive(Debug)]
pub struct Guarded(pub Child);

impl Guarded {
    /// `kill -9`, and waits until it is gone.
    pub fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.kill();
    }
}
