//! Where evidence lies on disk: `evidence/staging/<sha256>` while it comes, `evidence/ab/<sha256>` when
//! it is whole. Paths are made of checked hashes only.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// A SHA-256 in lower-case hexadecimal: the identity of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hash(String);

impl Hash {
    /// 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        (text.len() == 64 && text.bytes().all(is_hex)).then(|| Self(text.to_owned()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The evidence folder below the data folder.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// `<data>/evidence`.
    pub fn new(data: &Path) -> Self {
        Self(data.join("evidence"))
    }

    /// Where a file grows.
    pub fn staging(&self, hash: &Hash) -> PathBuf {
        self.0.join("staging").join(hash.as_str())
    }

    /// Where a whole file lies; 256 folders keep each small.
    pub fn whole(&self, hash: &Hash) -> PathBuf {
        let shelf: String = hash.as_str().chars().take(2).collect();
        self.0.join(shelf).join(hash.as_str())
    }

    /// Makes the parent of a path.
    pub(super) fn make_parent(path: &Path) -> io::Result<()> {
        path.parent().map_or(Ok(()), std::fs::create_dir_all)
    }

    /// Makes a rename or a new file survive a power cut.
    pub(super) fn sync_parent(path: &Path) -> io::Result<()> {
        match path.parent() {
            Some(parent) => File::open(parent)?.sync_all(),
            None => Ok(()),
        }
    }
}
