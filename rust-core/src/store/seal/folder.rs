//! Where sealed data lies, and how it gets there. The store's folder holds the lock, and in `sealed`
//! everything else. What the key store can no longer open is put away whole as `locked-<time>` and
//! comes back by one rename once the server gave the recovery key; nothing in it is ever deleted.

use super::key::{DataKey, KeyBox, Origin, RECOVERY_BYTES};
use super::{Role, blob, vfs};
use crate::entropy::Entropy;
use crate::error::{CoreError, inconsistent};
use crate::session::TokenSealer;
use crate::store::journal::{Journal, sync_directory};
use dianma_schema::fault;
use rusqlite::{Connection, OpenFlags, backup::Backup};
use std::ffi::c_int;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

const SEALED: &str = "sealed";
const LOCKED: &str = "locked-";
/// A store that was opened while another one was put away, on its way out.
const EMPTIED: &str = "emptied";
/// Pages copied at a time while an older store is sealed.
const PAGES: c_int = 256;

/// Files of a plain store, its database last.
const PLAIN: [&str; 6] = [
    "closed-in-order",
    "doubtful",
    "phone.db-wal",
    "phone.db-shm",
    "outbox.journal",
    "phone.db",
];

/// Who makes and opens keys.
pub struct Locksmith<'a> {
    /// The platform's key store.
    pub sealer: Arc<dyn TokenSealer>,
    /// For new keys.
    pub entropy: &'a mut dyn Entropy,
}

impl std::fmt::Debug for Locksmith<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Locksmith").finish_non_exhaustive()
    }
}

/// Where the data lies and what opens it.
#[derive(Clone)]
pub struct Home {
    /// The store's folder.
    pub root: PathBuf,
    /// Database, journal, evidence.
    pub dir: PathBuf,
    /// None: everything is plain.
    pub key: Option<DataKey>,
    sealer: Option<Arc<dyn TokenSealer>>,
}

impl std::fmt::Debug for Home {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Home")
            .field("dir", &self.dir)
            .finish_non_exhaustive()
    }
}

impl Home {
    fn of(root: &Path, key: DataKey, sealer: &Arc<dyn TokenSealer>) -> Result<Self, CoreError> {
        let dir = root.join(SEALED);
        vfs::lend(&dir, &key)?;
        Ok(Self {
            root: root.to_owned(),
            dir,
            key: Some(key),
            sealer: Some(Arc::clone(sealer)),
        })
    }

    /// After a sign-in: leaves the data key with the server's recovery key too, when it gave one. A plain
    /// store has nothing to leave.
    pub fn entrust(
        &self,
        origin: &Origin,
        recovery: Option<&[u8; RECOVERY_BYTES]>,
        entropy: &mut dyn Entropy,
    ) -> Result<(), CoreError> {
        let Some(key) = &self.key else {
            return Ok(());
        };
        let Some(mut kept) = KeyBox::read(&self.dir) else {
            return Ok(());
        };
        if kept.entrust(key, origin, recovery, entropy)? {
            kept.write(&self.dir)?;
        }
        Ok(())
    }

    /// What was put away and waits for the recovery key: by this origin it comes back.
    pub fn put_away(&self) -> Option<Origin> {
        let mut boxes = locked(&self.root).into_iter();
        boxes.find_map(|dir| KeyBox::read(&dir)?.origin)
    }
}

/// The home of the store in `root`, made or opened. Call with the store's lock held.
///
/// Without a locksmith everything is plain; a sealed store is then refused with `D-500-STORE`.
pub fn open(root: &Path, locksmith: Option<Locksmith<'_>>, now_ms: i64) -> Result<Home, CoreError> {
    let dir = root.join(SEALED);
    let Some(mut smith) = locksmith else {
        if dir.exists() {
            return Err(CoreError::of(fault::D_STORE).because_of(
                "这份数据要用原来手机的密钥打开",
                "only the key of its own phone opens this data",
            ));
        }
        return Ok(Home {
            root: root.to_owned(),
            dir: root.to_owned(),
            key: None,
            sealer: None,
        });
    };
    let sealer = Arc::clone(&smith.sealer);
    bring_back(root, &dir, &*sealer)?;
    let key = match known_key(&dir, &*sealer)? {
        Some(key) => key,
        None => new_key(root, &dir, &mut smith, now_ms)?,
    };
    let home = Home::of(root, key, &sealer)?;
    if root.join("phone.db").exists() {
        seal_plain(&home)?;
    }
    Ok(home)
}

/// The key in the box; none when there is no box or the key store has lost what opens it.
fn known_key(dir: &Path, sealer: &dyn TokenSealer) -> Result<Option<DataKey>, CoreError> {
    let Some(kept) = KeyBox::read(dir) else {
        return Ok(None);
    };
    match kept.open(sealer) {
        Ok(key) => Ok(Some(key)),
        Err(error) if error.code() == fault::A_SIGN_IN => Ok(None),
        Err(error) => Err(error),
    }
}

/// Puts away what is there and begins with a new key. A store that nobody used holds nothing.
fn new_key(
    root: &Path,
    dir: &Path,
    smith: &mut Locksmith<'_>,
    now_ms: i64,
) -> Result<DataKey, CoreError> {
    match KeyBox::read(dir) {
        Some(kept) if !kept.is_used => std::fs::remove_dir_all(dir)?,
        _ if dir.exists() => std::fs::rename(dir, root.join(format!("{LOCKED}{now_ms}")))?,
        _ => {}
    }
    std::fs::create_dir_all(dir)?;
    let key = DataKey::draw(smith.entropy)?;
    KeyBox::seal(&key, &*smith.sealer)?.write(dir)?;
    sync_directory(dir)?;
    Ok(key)
}

/// Folders that were put away, newest first.
fn locked(root: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(root)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(LOCKED))
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found.reverse();
    found
}

/// Brings back what was put away, if the recovery key opens it: the data key is wrapped by the key store
/// of today, then the folders change places. Call with the present database closed; what was in the
/// present store is gone afterwards, so it must hold nothing of its own.
pub fn give_back(home: &Home, recovery: &[u8; RECOVERY_BYTES]) -> Result<Option<Home>, CoreError> {
    let Some(sealer) = &home.sealer else {
        return Ok(None);
    };
    for dir in locked(&home.root) {
        let Some(mut kept) = KeyBox::read(&dir) else {
            continue;
        };
        let Some(key) = kept.open_by_server(recovery) else {
            continue;
        };
        kept.rewrap(&key, &**sealer)?;
        kept.write(&dir)?;
        change_places(&home.root, &home.dir, &dir)?;
        return Ok(Some(Home::of(&home.root, key, sealer)?));
    }
    Ok(None)
}

/// Brings back what opens by itself again: the key store only seemed to have lost its key, or a crash came
/// between two renames. Only in place of a store that nobody signed in to.
fn bring_back(root: &Path, dir: &Path, sealer: &dyn TokenSealer) -> Result<(), CoreError> {
    if dir.exists() && KeyBox::read(dir).is_none_or(|kept| kept.is_used) {
        return Ok(());
    }
    for locked in locked(root) {
        if known_key(&locked, sealer)?.is_some() {
            return change_places(root, dir, &locked);
        }
    }
    Ok(())
}

/// What was put away becomes the store; what was there in between goes.
fn change_places(root: &Path, dir: &Path, locked: &Path) -> Result<(), CoreError> {
    let emptied = root.join(EMPTIED);
    let _ = std::fs::remove_dir_all(&emptied);
    if dir.exists() {
        std::fs::rename(dir, &emptied)?;
    }
    std::fs::rename(locked, dir)?;
    sync_directory(dir)?;
    let _ = std::fs::remove_dir_all(&emptied);
    Ok(())
}

/// Seals a store of before there was a key store: journal and evidence first, the database last, whose
/// plain file is the sign that there is work to do. It can stop anywhere and be done again.
fn seal_plain(home: &Home) -> Result<(), CoreError> {
    let (root, dir, key) = (&home.root, &home.dir, home.key.as_ref());
    let mut kept = KeyBox::read(dir).ok_or_else(|| inconsistent("key box"))?;
    kept.is_used = true;
    kept.write(dir)?;
    seal_evidence(root, dir, key)?;
    let plain_journal = root.join("outbox.journal");
    if plain_journal.exists() {
        let (_, entries) = Journal::open(&plain_journal, None)?;
        let (mut journal, _) = Journal::open(&dir.join("outbox.journal"), journal_cipher(home))?;
        journal.rewrite(&entries)?;
    }
    let plain = root.join("phone.db");
    match seal_database(&plain, &dir.join("phone.db")) {
        Ok(()) => {}
        // Damaged: it is set aside, and the journal gives the work back.
        Err(error) if error.code() == fault::D_STORE => {
            std::fs::rename(&plain, dir.join("damaged-plain.db"))?;
        }
        Err(error) => return Err(error),
    }
    for name in ["captures", "reserve"] {
        let _ = std::fs::rename(root.join(name), dir.join(name));
    }
    let _ = std::fs::remove_dir_all(root.join("thumbnails"));
    for name in PLAIN {
        remove(&root.join(name))?;
    }
    Ok(sync_directory(&plain)?)
}

fn seal_evidence(root: &Path, dir: &Path, key: Option<&DataKey>) -> Result<(), CoreError> {
    let target = dir.join("evidence");
    std::fs::create_dir_all(&target)?;
    let Ok(plain) = std::fs::read_dir(root.join("evidence")) else {
        return Ok(());
    };
    for entry in plain.flatten() {
        let part = target.join("sealing.part");
        blob::copy(std::fs::File::open(entry.path())?, &part, key)?;
        let sealed = target.join(entry.file_name());
        std::fs::rename(&part, &sealed)?;
        sync_directory(&sealed)?;
        remove(&entry.path())?;
    }
    let _ = std::fs::remove_dir(root.join("evidence"));
    Ok(())
}

fn seal_database(plain: &Path, sealed: &Path) -> Result<(), CoreError> {
    let part = sealed.with_extension("part");
    remove(&part)?;
    let from = Connection::open(plain)?;
    // Takes the write-ahead log in, so that one file holds all.
    from.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    let mut to = Connection::open_with_flags_and_vfs(&part, OpenFlags::default(), vfs::NAME)?;
    Backup::new(&from, &mut to)?.run_to_completion(PAGES, Duration::ZERO, None)?;
    to.close().map_err(|(_, error)| error)?;
    std::fs::rename(&part, sealed)?;
    Ok(sync_directory(sealed)?)
}

/// What seals the outbox journal.
pub fn journal_cipher(home: &Home) -> Option<super::FileCipher> {
    let key = home.key.as_ref()?;
    Some(super::FileCipher::of(key, Role::OutboxJournal))
}

fn remove(path: &Path) -> Result<(), CoreError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
