//! Where packages lie: `<data>/releases/<sha256>.apk`. A file gets its name when it is whole.

use crate::clock::random;
use crate::evidence::Hash;
use crate::text::hex;
use dianma_schema::release::MAX_PACKAGE_BYTES;
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// How every package begins: it is a ZIP file.
const MAGIC: &[u8] = b"PK\x03\x04";
const BLOCK_BYTES: usize = 64 * 1024;

/// The folder of packages.
#[derive(Clone, Debug)]
pub struct Shelf(PathBuf);

impl Shelf {
    /// Below the data folder.
    pub fn new(data: &Path) -> Self {
        Self(data.join("releases"))
    }

    /// Where the package of a hash lies.
    pub fn package(&self, sha256: &[u8; 32]) -> PathBuf {
        self.0.join(format!("{}.apk", hex(sha256)))
    }

    /// The same by the hash a phone asked for.
    pub fn named(&self, sha256: &Hash) -> PathBuf {
        self.0.join(format!("{}.apk", sha256.as_str()))
    }

    /// Copies a package here; returns its hash and size.
    ///
    /// # Errors
    /// `InvalidData` for what is no package or too large, else what the disk says.
    pub fn take(&self, source: &Path) -> io::Result<([u8; 32], u64)> {
        std::fs::create_dir_all(&self.0)?;
        let number: [u8; 8] = random().map_err(|_| io::Error::other("no entropy"))?;
        let temporary = self.0.join(format!("{}.part", hex(&number)));
        let taken = copy(source, &temporary).and_then(|(sha256, size)| {
            std::fs::rename(&temporary, self.package(&sha256))?;
            File::open(&self.0)?.sync_all()?;
            Ok((sha256, size))
        });
        if taken.is_err() {
            let _ = std::fs::remove_file(&temporary);
        }
        taken
    }
}

fn copy(source: &Path, target: &Path) -> io::Result<([u8; 32], u64)> {
    let mut source = File::open(source)?;
    let mut target = File::create(target)?;
    let (mut hash, mut size) = (Sha256::new(), 0u64);
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        let count = source.read(&mut block)?;
        let Some(bytes) = block.get(..count).filter(|bytes| !bytes.is_empty()) else {
            break;
        };
        if size == 0 && !bytes.starts_with(MAGIC) {
            return Err(invalid("不是安装包 (not an APK)"));
        }
        size += bytes.len() as u64;
        if size > MAX_PACKAGE_BYTES {
            return Err(invalid("安装包超过 100 MB (larger than 100 MB)"));
        }
        hash.update(bytes);
        target.write_all(bytes)?;
    }
    if size == 0 {
        return Err(invalid("文件是空的 (the file is empty)"));
    }
    target.sync_all()?;
    Ok((hash.finalize().into(), size))
}

fn invalid(words: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_package_is_taken_and_nothing_is_left_of_the_rest() {
        let data = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(data.path());
        let file = data.path().join("file");
        for bad in [&b""[..], b"<html>", b"PK\x05\x06"] {
            std::fs::write(&file, bad).unwrap();
            assert_eq!(
                shelf.take(&file).unwrap_err().kind(),
                io::ErrorKind::InvalidData
            );
        }
        let left = std::fs::read_dir(data.path().join("releases")).unwrap();
        assert_eq!(left.count(), 0);
        std::fs::write(&file, b"PK\x03\x04generated").unwrap();
        let (sha256, size) = shelf.take(&file).unwrap();
        assert_eq!(size, 13);
        assert_eq!(
            std::fs::read(shelf.package(&sha256)).unwrap(),
            b"PK\x03\x04generated"
        );
    }
}
