//! A file that is read and written at any place, sealed or plain. A sealed file is as long as its
//! content rounded up to whole blocks; bytes beyond the content are zero when opened.

use super::cipher::{BLOCK_BYTES, FileCipher, SECTOR_BYTES};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

const BLOCK: u64 = BLOCK_BYTES as u64;
const SECTOR: u64 = SECTOR_BYTES as u64;
/// Filled at a time.
const FILL_BYTES: usize = 64 * 1024;

/// The open file.
#[derive(Debug)]
pub struct SealedFile {
    file: File,
    cipher: Option<FileCipher>,
}

impl SealedFile {
    /// Opens with the options of a plain file; they must allow reading.
    pub fn open(
        path: &Path,
        options: &OpenOptions,
        cipher: Option<FileCipher>,
    ) -> io::Result<Self> {
        Ok(Self {
            file: options.open(path)?,
            cipher,
        })
    }

    /// Length, bytes. What a torn write left of a last block does not count.
    pub fn length(&self) -> io::Result<u64> {
        let length = self.file.metadata()?.len();
        Ok(match self.cipher {
            Some(_) => length - length % BLOCK,
            None => length,
        })
    }

    /// Reads from `offset`; returns how much there was.
    pub fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let left = self.length()?.saturating_sub(offset);
        let count = usize::try_from(left).map_or(into.len(), |left| left.min(into.len()));
        let Some(into) = into.get_mut(..count).filter(|into| !into.is_empty()) else {
            return Ok(0);
        };
        let Some(cipher) = &self.cipher else {
            self.file.read_exact_at(into, offset)?;
            return Ok(count);
        };
        let (start, skip) = sector_of(offset);
        if skip == 0 && count.is_multiple_of(BLOCK_BYTES) {
            self.file.read_exact_at(into, start)?;
            cipher.open(into, start / SECTOR);
            return Ok(count);
        }
        let mut blocks = vec![0; (skip + count).next_multiple_of(BLOCK_BYTES)];
        self.file.read_exact_at(&mut blocks, start)?;
        cipher.open(&mut blocks, start / SECTOR);
        if let Some(wanted) = blocks.get(skip..skip + count) {
            into.copy_from_slice(wanted);
        }
        Ok(count)
    }

    /// Writes at `offset`; what stands around it stays. A gap after the end is filled with zeros.
    pub fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let Some(cipher) = &self.cipher else {
            return self.file.write_all_at(bytes, offset);
        };
        let length = self.length()?;
        if offset > length {
            self.fill(length, offset)?;
        }
        let (start, skip) = sector_of(offset);
        let end = skip + bytes.len();
        let mut blocks = vec![0; end.next_multiple_of(BLOCK_BYTES)];
        if let Some(before) = blocks.get_mut(..skip) {
            self.read_at(start, before)?;
        }
        if let Some(after) = blocks.get_mut(end..) {
            self.read_at(offset + bytes.len() as u64, after)?;
        }
        if let Some(place) = blocks.get_mut(skip..end) {
            place.copy_from_slice(bytes);
        }
        cipher.seal(&mut blocks, start / SECTOR);
        self.file.write_all_at(&blocks, start)
    }

    /// Cuts or lengthens.
    pub fn set_length(&self, length: u64) -> io::Result<()> {
        if self.cipher.is_none() {
            return self.file.set_len(length);
        }
        let now = self.length()?;
        if length > now {
            return self.fill(now, length);
        }
        self.file.set_len(length.next_multiple_of(BLOCK))
    }

    /// Makes the content durable.
    pub fn sync_data(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Makes content and length durable.
    pub fn sync_all(&self) -> io::Result<()> {
        self.file.sync_all()
    }

    fn fill(&self, from: u64, to: u64) -> io::Result<()> {
        let zeros = vec![0; FILL_BYTES];
        let mut at = from;
        while at < to {
            let count = usize::try_from(to - at).map_or(FILL_BYTES, |left| left.min(FILL_BYTES));
            self.write_at(at, zeros.get(..count).unwrap_or_default())?;
            at += count as u64;
        }
        Ok(())
    }
}

/// Start of the sector a place lies in, and how far in.
fn sector_of(offset: u64) -> (u64, usize) {
    let skip = offset % SECTOR;
    // Below a sector's size.
    (offset - skip, usize::try_from(skip).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::{DataKey, Role};
    use super::*;
    use proptest::prelude::*;

    fn sealed(path: &Path) -> SealedFile {
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true);
        let cipher = FileCipher::of(&DataKey::from_bytes([7; 32]), Role::Database);
        SealedFile::open(path, &options, Some(cipher)).unwrap()
    }

    fn content(file: &SealedFile) -> Vec<u8> {
        let mut bytes = vec![0; usize::try_from(file.length().unwrap()).unwrap()];
        assert_eq!(file.read_at(0, &mut bytes).unwrap(), bytes.len());
        bytes
    }

    #[derive(Clone, Debug)]
    enum Act {
        Write(u64, Vec<u8>),
        Cut(u64),
        Reopen,
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            4 => (0u64..3_000, prop::collection::vec(any::<u8>(), 1..1_400))
                .prop_map(|(at, bytes)| Act::Write(at, bytes)),
            1 => (0u64..3_000).prop_map(Act::Cut),
            1 => Just(Act::Reopen),
        ]
    }

    proptest! {
        // The model is a vector; the file may be longer by less than a block of zeros or of what was cut.
        #[test]
        fn it_reads_back_like_memory(acts in prop::collection::vec(act(), 1..24)) {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("file");
            let (mut file, mut model) = (sealed(&path), Vec::new());
            for act in acts {
                match act {
                    Act::Write(at, bytes) => {
                        let at_index = usize::try_from(at).unwrap();
                        let end = at_index + bytes.len();
                        // A gap begins where the file ends, which may be some bytes after the model does.
                        let now = content(&file);
                        if at_index > model.len() {
                            model.extend(now.iter().skip(model.len()).take(at_index - model.len()));
                        }
                        model.resize(model.len().max(end), 0);
                        model[at_index..end].copy_from_slice(&bytes);
                        file.write_at(at, &bytes).unwrap();
                    }
                    Act::Cut(at) => {
                        file.set_length(at).unwrap();
                        let after = content(&file);
                        let at = usize::try_from(at).unwrap();
                        if at <= model.len() { model.truncate(at); } else { model = after[..at].to_vec(); }
                    }
                    Act::Reopen => file = sealed(&path),
                }
                let now = content(&file);
                prop_assert!(now.len() >= model.len() && now.len() < model.len() + 2 * BLOCK_BYTES);
                prop_assert_eq!(&now[..model.len()], &model[..]);
            }
        }

        #[test]
        fn a_file_of_any_bytes_is_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..900)) {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("file");
            std::fs::write(&path, &bytes).unwrap();
            prop_assert_eq!(content(&sealed(&path)).len(), bytes.len() - bytes.len() % BLOCK_BYTES);
        }
    }

    #[test]
    fn a_write_changes_only_the_blocks_it_touches_on_the_disk() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        let file = sealed(&path);
        file.write_at(0, &[1; 2_048]).unwrap();
        let before = std::fs::read(&path).unwrap();
        assert!(!before.windows(16).any(|window| window == [1; 16]));
        file.write_at(700, &[2; 100]).unwrap();
        let after = std::fs::read(&path).unwrap();
        let changed: Vec<usize> = (0..2_048).filter(|at| before[*at] != after[*at]).collect();
        assert!(
            changed.iter().all(|at| (688..800).contains(at)),
            "{changed:?}"
        );
    }
}
