//! The second copy of unsent work: an append-only file of CRC-framed entries beside the database,
//! synced before a call returns. When the database is damaged, the outbox and the sign-in are
//! restored from it. A torn tail or a flipped bit costs only the frames it hits.

use super::seal::FileCipher;
use super::seal::file::SealedFile;
use crate::text::crc32;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Marks the start of every frame, so that reading finds its way again after damage.
const MAGIC: [u8; 4] = *b"DMJ1";
/// Magic, length, CRC.
const HEADER_BYTES: usize = 12;

/// One thing that must survive the loss of the database.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum JournalEntry {
    /// The sign-in, as [`crate::session::SessionRecord`] is encoded. The last one counts.
    #[n(0)]
    Session(#[n(0)] ByteVec),
    /// The next free command number; numbers are never used twice.
    #[n(1)]
    Base(#[n(0)] u64),
    /// A command as it was queued: its number and its encoded envelope.
    #[n(2)]
    Put(#[n(0)] u64, #[n(1)] ByteVec),
    /// The server's durable answer: number, outcome word, code, version.
    #[n(3)]
    Settled(
        #[n(0)] u64,
        #[n(1)] String,
        #[n(2)] Option<String>,
        #[n(3)] Option<u64>,
    ),
}

/// The open file.
#[derive(Debug)]
pub struct Journal {
    file: SealedFile,
    cipher: Option<FileCipher>,
    path: PathBuf,
    length: u64,
}

impl Journal {
    /// Opens or creates the file and reads what can be read.
    pub fn open(
        path: &Path,
        cipher: Option<FileCipher>,
    ) -> std::io::Result<(Self, Vec<JournalEntry>)> {
        let file = SealedFile::open(
            path,
            OpenOptions::new()
                .create(true)
                .truncate(false)
                .read(true)
                .write(true),
            cipher.clone(),
        )?;
        let length = file.length()?;
        let mut bytes = vec![0; usize::try_from(length).map_err(std::io::Error::other)?];
        file.read_at(0, &mut bytes)?;
        let journal = Self {
            file,
            cipher,
            path: path.to_owned(),
            length,
        };
        Ok((journal, read_frames(&bytes)))
    }

    /// Appends entries and syncs; returns the length before, for [`Self::take_back`].
    pub fn append(&mut self, entries: &[JournalEntry]) -> std::io::Result<u64> {
        let before = self.length;
        let mut bytes = Vec::new();
        for entry in entries {
            write_frame(&mut bytes, entry)?;
        }
        let written = self.file.write_at(before, &bytes);
        let length = written
            .and_then(|()| self.file.sync_data())
            .and_then(|()| self.file.length());
        match length {
            Ok(length) => {
                self.length = length;
                Ok(before)
            }
            Err(error) => {
                self.take_back(before);
                Err(error)
            }
        }
    }

    /// Forgets what was appended after `length`: the database did not commit, nothing was promised.
    pub fn take_back(&mut self, length: u64) {
        // A failure leaves frames behind whose numbers are reused: the later frame of a number wins.
        let _ = self.file.set_length(length);
        self.length = length;
    }

    /// Replaces the content: temporary file, sync, rename, sync of the directory.
    pub fn rewrite(&mut self, entries: &[JournalEntry]) -> std::io::Result<()> {
        let mut bytes = Vec::new();
        for entry in entries {
            write_frame(&mut bytes, entry)?;
        }
        let temporary = self.path.with_extension("part");
        let mut options = OpenOptions::new();
        options.create(true).truncate(true).read(true).write(true);
        let file = SealedFile::open(&temporary, &options, self.cipher.clone())?;
        file.write_at(0, &bytes)?;
        file.sync_all()?;
        std::fs::rename(&temporary, &self.path)?;
        sync_directory(&self.path)?;
        self.length = file.length()?;
        self.file = file;
        Ok(())
    }

    /// Bytes in the file.
    pub const fn length(&self) -> u64 {
        self.length
    }
}

/// Writes a file so that after a crash either the old or the new content is there, in full.
pub fn write_durably(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let temporary = path.with_extension("part");
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)?;
    sync_directory(path)
}

/// Makes a rename or creation in the file's directory durable.
pub fn sync_directory(path: &Path) -> std::io::Result<()> {
    path.parent()
        .map_or(Ok(()), |parent| File::open(parent)?.sync_all())
}

fn write_frame(out: &mut Vec<u8>, entry: &JournalEntry) -> std::io::Result<()> {
    let payload = minicbor::to_vec(entry).map_err(std::io::Error::other)?;
    let length = u32::try_from(payload.len()).map_err(std::io::Error::other)?;
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&crc32(&payload).to_le_bytes());
    out.extend_from_slice(&payload);
    Ok(())
}

/// Every whole frame; damaged stretches are skipped up to the next magic.
fn read_frames(bytes: &[u8]) -> Vec<JournalEntry> {
    let mut entries = Vec::new();
    let mut at = 0;
    while at + HEADER_BYTES <= bytes.len() {
        match frame_at(bytes, at) {
            Some((entry, next)) => {
                entries.push(entry);
                at = next;
            }
            None => at += 1,
        }
    }
    entries
}

fn frame_at(bytes: &[u8], at: usize) -> Option<(JournalEntry, usize)> {
    let header = bytes.get(at..at + HEADER_BYTES)?;
    let (magic, numbers) = header.split_first_chunk::<4>()?;
    let (length, crc) = numbers.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let crc = u32::from_le_bytes(*crc.first_chunk::<4>()?);
    let end = at.checked_add(HEADER_BYTES)?.checked_add(length)?;
    let payload = bytes.get(at + HEADER_BYTES..end)?;
    if *magic != MAGIC || crc32(payload) != crc {
        return None;
    }
    Some((minicbor::decode(payload).ok()?, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entries(count: u64) -> Vec<JournalEntry> {
        (1..=count)
            .map(|n| JournalEntry::Put(n, vec![u8::try_from(n).unwrap(); 20].into()))
            .collect()
    }

    fn written(entries: &[JournalEntry]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for entry in entries {
            write_frame(&mut bytes, entry).unwrap();
        }
        bytes
    }

    #[test]
    fn a_tail_torn_at_any_byte_loses_only_the_torn_frames() {
        let all = entries(6);
        let bytes = written(&all);
        let frame = bytes.len() / all.len();
        for cut in 0..=bytes.len() {
            assert_eq!(read_frames(&bytes[..cut]), all[..cut / frame], "cut {cut}");
        }
    }

    #[test]
    fn appending_after_a_torn_tail_is_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("outbox.journal");
        let bytes = written(&entries(3));
        for cut in 0..bytes.len() {
            std::fs::write(&path, &bytes[..cut]).unwrap();
            let (mut journal, before) = Journal::open(&path, None).unwrap();
            journal.append(&[JournalEntry::Base(9)]).unwrap();
            let (_, after) = Journal::open(&path, None).unwrap();
            assert_eq!(after.len(), before.len() + 1, "cut {cut}");
            assert_eq!(after.last(), Some(&JournalEntry::Base(9)), "cut {cut}");
        }
    }

    #[test]
    fn what_was_taken_back_is_gone_and_a_rewrite_replaces_all() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("outbox.journal");
        let (mut journal, _) = Journal::open(&path, None).unwrap();
        journal.append(&entries(2)).unwrap();
        let before = journal.append(&[JournalEntry::Base(3)]).unwrap();
        journal.take_back(before);
        assert_eq!(Journal::open(&path, None).unwrap().1, entries(2));
        journal.rewrite(&entries(1)).unwrap();
        journal.append(&[JournalEntry::Base(4)]).unwrap();
        let (_, read) = Journal::open(&path, None).unwrap();
        assert_eq!(read, [entries(1), vec![JournalEntry::Base(4)]].concat());
    }

    proptest! {
        #[test]
        fn one_flipped_byte_costs_at_most_one_frame(at in 0usize..200, flip in 1u8..=255) {
            let all = entries(8);
            let mut bytes = written(&all);
            let index = at % bytes.len();
            bytes[index] ^= flip;
            let read = read_frames(&bytes);
            prop_assert!(read.len() >= all.len() - 1);
            prop_assert!(read.iter().all(|entry| all.contains(entry)));
        }

        #[test]
        fn hostile_files_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = read_frames(&bytes);
        }
    }
}
