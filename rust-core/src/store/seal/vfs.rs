//! SQLite's files sealed: a virtual file system that differs from the system's own in how it opens,
//! reads and writes; everything else (paths, deleting, clock, randomness) is the system's. The store's lock
//! file keeps other processes out, so there are no locks and no shared memory here: connections use
//! `locking_mode = EXCLUSIVE`, with which write-ahead logging needs neither.
//!
//! A library for this exists and needs libclang wherever the core is built; the part we need is this file.

use super::file::SealedFile;
use super::{DataKey, FileCipher, Role};
use crate::error::{CoreError, inconsistent};
use crate::store::journal::sync_directory;
use rusqlite::ffi;
use std::collections::BTreeMap;
use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::fs::OpenOptions;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Name to open a sealed database with.
pub const NAME: &CStr = c"dianma-sealed";

/// Keys by the folder whose databases they seal; SQLite hands only paths through.
static KEYS: Mutex<BTreeMap<PathBuf, DataKey>> = Mutex::new(BTreeMap::new());
static REGISTERED: OnceLock<bool> = OnceLock::new();

/// From now on databases in `folder` are opened with this key.
pub fn lend(folder: &Path, key: &DataKey) -> Result<(), CoreError> {
    if !REGISTERED.get_or_init(register) {
        return Err(inconsistent("sealed file system"));
    }
    // SQLite may follow symbolic links in a path or leave them: an app's folder on Android is behind one.
    let left = std::path::absolute(folder)?;
    let followed = std::fs::canonicalize(folder).unwrap_or_else(|_| left.clone());
    let mut keys = KEYS.lock().unwrap_or_else(PoisonError::into_inner);
    keys.insert(followed, key.clone());
    keys.insert(left, key.clone());
    Ok(())
}

/// What SQLite allocates for an open file: its own head, then ours.
#[repr(C)]
struct OpenFile {
    head: ffi::sqlite3_file,
    file: *mut SealedFile,
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(lock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: None,
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

/// The system's file system with our way of opening, under our name. It is never taken back, so it
/// lives as long as the process.
fn register() -> bool {
    // SAFETY: the found file system is static in SQLite; a copy of it stays valid for ever, and its functions
    // do not look at which file system they were called through.
    unsafe {
        let Some(system) = ffi::sqlite3_vfs_find(std::ptr::null()).as_ref() else {
            return false;
        };
        let mut ours = *system;
        ours.zName = NAME.as_ptr();
        ours.pNext = std::ptr::null_mut();
        ours.szOsFile = c_int::try_from(size_of::<OpenFile>()).unwrap_or(c_int::MAX);
        ours.xOpen = Some(open);
        ffi::sqlite3_vfs_register(Box::leak(Box::new(ours)), 0) == ffi::SQLITE_OK
    }
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives `szOsFile` bytes of its own and a terminated path, or none for a temporary file.
    unsafe {
        (*file).pMethods = std::ptr::null();
        // Temporary tables stay in memory (`temp_store`): a file without a name has no key.
        if name.is_null() {
            return ffi::SQLITE_CANTOPEN;
        }
        let Ok(opened) = open_file(path_of(name), flags) else {
            return ffi::SQLITE_CANTOPEN;
        };
        let ours = file.cast::<OpenFile>();
        (*ours).file = Box::into_raw(Box::new(opened));
        if let Some(out) = out_flags.as_mut() {
            *out = flags;
        }
        (*file).pMethods = &raw const METHODS;
    }
    ffi::SQLITE_OK
}

/// # Safety
/// `name` is a terminated text that outlives the result's use.
unsafe fn path_of<'a>(name: *const c_char) -> &'a Path {
    // SAFETY: by the contract above.
    Path::new(OsStr::from_bytes(
        unsafe { CStr::from_ptr(name) }.to_bytes(),
    ))
}

fn open_file(path: &Path, flags: c_int) -> io::Result<SealedFile> {
    let folder = path.parent().unwrap_or(path);
    let key = {
        let keys = KEYS.lock().unwrap_or_else(PoisonError::into_inner);
        keys.get(folder).cloned()
    };
    let key = key.ok_or(io::ErrorKind::PermissionDenied)?;
    let has = |flag: c_int| flags & flag != 0;
    let role = if has(ffi::SQLITE_OPEN_WAL) {
        Role::WriteAheadLog
    } else if has(ffi::SQLITE_OPEN_MAIN_DB) {
        Role::Database
    } else {
        Role::RollbackJournal
    };
    let is_new = !path.exists();
    let mut options = OpenOptions::new();
    options.read(true).write(has(ffi::SQLITE_OPEN_READWRITE));
    options.create(has(ffi::SQLITE_OPEN_CREATE));
    options.create_new(has(ffi::SQLITE_OPEN_EXCLUSIVE) && has(ffi::SQLITE_OPEN_CREATE));
    let opened = SealedFile::open(path, &options, Some(FileCipher::of(&key, role)))?;
    if is_new {
        sync_directory(path)?;
    }
    Ok(opened)
}

/// # Safety
/// `file` was opened by [`open`] and is not closed.
unsafe fn inner<'a>(file: *mut ffi::sqlite3_file) -> &'a SealedFile {
    // SAFETY: `open` put a leaked box there, `close` is the last call.
    unsafe { &*(*file.cast::<OpenFile>()).file }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: the box of `open`, given back once.
    unsafe { drop(Box::from_raw((*file.cast::<OpenFile>()).file)) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    into: *mut c_void,
    count: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite's buffer of `count` bytes.
    let (file, into) = unsafe {
        let count = usize::try_from(count).unwrap_or(0);
        let into = std::slice::from_raw_parts_mut(into.cast::<u8>(), count);
        (inner(file), into)
    };
    match file.read_at(offset.cast_unsigned(), into) {
        Ok(read) if read == into.len() => ffi::SQLITE_OK,
        Ok(read) => {
            // SQLite relies on zeros behind a short read.
            into.iter_mut().skip(read).for_each(|byte| *byte = 0);
            ffi::SQLITE_IOERR_SHORT_READ
        }
        Err(_) => ffi::SQLITE_IOERR_READ,
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    count: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite's buffer of `count` bytes.
    let (file, bytes) = unsafe {
        let count = usize::try_from(count).unwrap_or(0);
        (
            inner(file),
            std::slice::from_raw_parts(bytes.cast::<u8>(), count),
        )
    };
    told(
        &file.write_at(offset.cast_unsigned(), bytes),
        ffi::SQLITE_IOERR_WRITE,
    )
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, length: ffi::sqlite3_int64) -> c_int {
    // SAFETY: an open file.
    let file = unsafe { inner(file) };
    told(
        &file.set_length(length.cast_unsigned()),
        ffi::SQLITE_IOERR_TRUNCATE,
    )
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: an open file.
    let file = unsafe { inner(file) };
    told(&file.sync_data(), ffi::SQLITE_IOERR_FSYNC)
}

unsafe extern "C" fn file_size(
    file: *mut ffi::sqlite3_file,
    size: *mut ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: an open file and a place for the number.
    unsafe {
        match inner(file).length() {
            Ok(length) => {
                *size = length.cast_signed();
                ffi::SQLITE_OK
            }
            Err(_) => ffi::SQLITE_IOERR_FSTAT,
        }
    }
}

/// The store's lock file keeps others out.
unsafe extern "C" fn lock(_: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved_lock(_: *mut ffi::sqlite3_file, is: *mut c_int) -> c_int {
    // SAFETY: a place for the answer.
    unsafe { *is = 0 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_control(_: *mut ffi::sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

/// As the system's: a write does not disturb its neighbours. A block of ours lies in one sector of the
/// disk, so that holds for sealed bytes too.
unsafe extern "C" fn device_characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

fn told(done: &io::Result<()>, failed: c_int) -> c_int {
    match done {
        Ok(()) => ffi::SQLITE_OK,
        Err(error) if error.kind() == io::ErrorKind::StorageFull => ffi::SQLITE_FULL,
        Err(_) => failed,
    }
}
