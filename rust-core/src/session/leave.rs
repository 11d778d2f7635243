//! Signing out with unsent work: it stays on the phone, but nobody sends it until the person signs in
//! again. That is said before, with figures.

use crate::error::CoreError;
use crate::phone::Shared;
use crate::store::{files, outbox_rows};
use dianma_schema::fault;

/// Refuses while something is unsent, and says what.
pub(super) fn check(shared: &Shared) -> Result<(), CoreError> {
    let (commands, files) = shared.read(|db| {
        let (files, _) = files::pending(db)?;
        Ok((outbox_rows::count_pending(db)?, files))
    })?;
    if commands + files == 0 {
        return Ok(());
    }
    let mut error = CoreError::of(fault::S_UNSENT);
    if commands > 0 {
        let (zh, en) = (
            format!("{commands} 项操作没有上传"),
            format!("{commands} commands are not sent"),
        );
        error = error.field("commands", &zh, &en);
    }
    if files > 0 {
        let (zh, en) = (
            format!("{files} 个照片、录音或录像没有上传"),
            format!("{files} photos, recordings or videos are not sent"),
        );
        error = error.field("files", &zh, &en);
    }
    Err(error)
}
