//! Statements in the sealed database of a closed app, for tests that make it older, newer, or count rows.

use dianma_core::store::seal::{DataKey, VFS, lend};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _};
use std::error::Error;
use std::ffi::{CStr, c_char};
use std::path::Path;

/// Runs one statement in `phone.db` of `folder`; the first number of its answer, 0 when it has none, -1 when
/// it was refused.
///
/// # Safety
/// `folder` and `statement` are terminated texts, `key` points to 32 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dianma_door_sql(
    folder: *const c_char,
    key: *const [u8; 32],
    statement: *const c_char,
) -> i64 {
    // SAFETY: by the contract above.
    let (folder, key, statement) =
        unsafe { (CStr::from_ptr(folder), *key, CStr::from_ptr(statement)) };
    run(folder, key, statement).unwrap_or(-1)
}

fn run(folder: &CStr, key: [u8; 32], statement: &CStr) -> Result<i64, Box<dyn Error>> {
    let folder = Path::new(folder.to_str()?);
    lend(folder, &DataKey::from_bytes(key))?;
    let path = folder.join("phone.db");
    let database = Connection::open_with_flags_and_vfs(path, OpenFlags::default(), VFS)?;
    database.query_row("PRAGMA locking_mode = EXCLUSIVE", [], |_| Ok(()))?;
    let answer = database.query_row(statement.to_str()?, [], |row| row.get(0));
    Ok(answer.optional()?.unwrap_or(0))
}
