//! Whole files at rest: written once from front to back, read in pieces. A sealed one ends with 1 to 16
//! bytes that each tell their number, so that its content has its own length.

use super::cipher::BLOCK_BYTES;
use super::file::SealedFile;
use super::{DataKey, FileCipher, Role};
use std::fs::OpenOptions;
use std::io::{self, Read, Write};
use std::path::Path;

/// Copied at a time, so that a film does not fill the memory.
const PIECE_BYTES: usize = 64 * 1024;

/// Writes a blob; [`Self::finish`] makes it whole and durable.
#[derive(Debug)]
pub struct BlobWriter {
    file: SealedFile,
    length: u64,
    is_sealed: bool,
}

impl BlobWriter {
    /// Begins a blob at `path`, in place of what is there.
    pub fn create(path: &Path, key: Option<&DataKey>) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.create(true).truncate(true).read(true).write(true);
        Ok(Self {
            file: SealedFile::open(path, &options, cipher(key))?,
            length: 0,
            is_sealed: key.is_some(),
        })
    }

    /// Ends the blob.
    pub fn finish(self) -> io::Result<()> {
        if self.is_sealed {
            // At most 16, at least 1.
            let count =
                BLOCK_BYTES - usize::try_from(self.length % BLOCK_BYTES as u64).unwrap_or(0);
            let ending = vec![u8::try_from(count).unwrap_or(0); count];
            self.file.write_at(self.length, &ending)?;
        }
        self.file.sync_all()
    }
}

impl Write for BlobWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_at(self.length, bytes)?;
        self.length += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A blob, open for reading.
#[derive(Debug)]
pub struct Blob {
    file: SealedFile,
    length: u64,
    at: u64,
}

impl Blob {
    /// Opens a blob. One whose end is damaged is as long as it looks: its hash will tell.
    pub fn open(path: &Path, key: Option<&DataKey>) -> io::Result<Self> {
        let file = SealedFile::open(path, OpenOptions::new().read(true), cipher(key))?;
        let mut length = file.length()?;
        if key.is_some() {
            let mut last = [0];
            file.read_at(length.saturating_sub(1), &mut last)?;
            let [count] = last;
            if (1..=BLOCK_BYTES).contains(&usize::from(count)) {
                length = length.saturating_sub(u64::from(count));
            }
        }
        Ok(Self {
            file,
            length,
            at: 0,
        })
    }

    /// Bytes of the content.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Exactly `count` bytes from `offset`.
    pub fn piece(&self, offset: u64, count: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; count];
        let end = offset.saturating_add(count as u64);
        if end > self.length || self.file.read_at(offset, &mut bytes)? < count {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(bytes)
    }
}

impl Read for Blob {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.length.saturating_sub(self.at);
        let count = usize::try_from(left).map_or(into.len(), |left| left.min(into.len()));
        let read = self
            .file
            .read_at(self.at, into.get_mut(..count).unwrap_or_default())?;
        self.at += read as u64;
        Ok(read)
    }
}

/// All of a blob.
pub fn read(path: &Path, key: Option<&DataKey>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    Blob::open(path, key)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes all of a blob, durably.
pub fn write(path: &Path, bytes: &[u8], key: Option<&DataKey>) -> io::Result<()> {
    copy(bytes, path, key)
}

/// Writes what a reader gives, durably.
pub fn copy(mut from: impl Read, to: &Path, key: Option<&DataKey>) -> io::Result<()> {
    let mut writer = BlobWriter::create(to, key)?;
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let count = from.read(&mut piece)?;
        match piece.get(..count).filter(|bytes| !bytes.is_empty()) {
            Some(bytes) => writer.write_all(bytes)?,
            None => return writer.finish(),
        }
    }
}

fn cipher(key: Option<&DataKey>) -> Option<FileCipher> {
    key.map(|key| FileCipher::of(key, Role::Evidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_length_comes_back_whole_and_in_pieces(
            bytes in prop::collection::vec(any::<u8>(), 0..2_000), from in 0usize..2_000, is_sealed: bool,
        ) {
            let key = is_sealed.then(|| DataKey::from_bytes([3; 32]));
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("blob");
            write(&path, &bytes, key.as_ref()).unwrap();
            prop_assert_eq!(&read(&path, key.as_ref()).unwrap(), &bytes);
            let blob = Blob::open(&path, key.as_ref()).unwrap();
            prop_assert_eq!(blob.length(), bytes.len() as u64);
            let from = from.min(bytes.len());
            prop_assert_eq!(blob.piece(from as u64, bytes.len() - from).unwrap(), &bytes[from..]);
            prop_assert!(blob.piece(from as u64, bytes.len() - from + 1).is_err());
        }
    }
}
