//! Publishing: a newer version only, signed with the release key in use, written into the audit log.

use crate::audit;
use crate::error::ApiError;
use crate::keys::Keyring;
use crate::keys::lists::{self, SignedList};
use crate::store::{StoreError, Tx};
use crate::text::hex;
use axum::http::StatusCode;
use dianma_schema::fault;
use dianma_schema::label::seal::KeyPurpose;
use dianma_schema::release::{MAX_NOTES, MAX_PACKAGE_BYTES, Release};
use serde_json::json;

/// Kind of a row in `signed_lists`; its serial is the version code.
const RELEASE: &str = "app_release";

/// What a publication says about its package.
#[derive(Clone, Debug)]
pub struct Note {
    /// Android's `versionCode`.
    pub version_code: u32,
    /// As people read it.
    pub version_name: String,
    /// What is new, Chinese.
    pub notes_zh: String,
    /// The same in English; may be empty.
    pub notes_en: String,
}

/// The release in force.
pub fn newest(tx: &mut dyn Tx) -> Result<Option<SignedList>, StoreError> {
    lists::newest(tx, RELEASE)
}

/// Signs and stores a release of a package that is on the shelf.
pub fn publish(
    tx: &mut dyn Tx,
    keys: &Keyring,
    now_ms: i64,
    note: &Note,
    package: ([u8; 32], u64),
) -> Result<Release, ApiError> {
    check(note, package.1)?;
    let serial = u64::from(note.version_code);
    if let Some(last) = newest(tx)?.filter(|last| last.serial >= serial) {
        let (zh, en) = (
            format!("已发布过版本 {}，新版本号须更大", last.serial),
            format!(
                "version {} is published: the new one must be higher",
                last.serial
            ),
        );
        return Err(ApiError::conflict(fault::V_DUPLICATE).with_detail(zh, en));
    }
    let release = Release {
        version_code: note.version_code,
        version_name: note.version_name.clone(),
        size: package.1,
        sha256: package.0,
        notes_zh: note.notes_zh.clone(),
        notes_en: note.notes_en.clone(),
        published_at_ms: now_ms,
    };
    let key = keys.usable(tx, KeyPurpose::Release, "")?;
    let signed = SignedList {
        serial,
        issued_at_ms: now_ms,
        body: release.seal(&key.key),
    };
    lists::store(tx, RELEASE, &signed, false)?;
    let entry = audit::Entry {
        actor_id: "system",
        action: "release_published",
        subject_kind: "app_release",
        subject_id: &release.version_code.to_string(),
        detail: json!({ "version_name": release.version_name, "sha256": hex(&release.sha256) }),
    };
    audit::append(tx, now_ms, &entry)?;
    Ok(release)
}

fn check(note: &Note, size: u64) -> Result<(), ApiError> {
    if note.version_code == 0 {
        return Err(ApiError::field(
            "version_code",
            "版本号从 1 开始",
            "version codes start at 1",
        ));
    }
    let name = note.version_name.trim();
    if name.is_empty() || name.chars().count() > 40 {
        return Err(ApiError::field(
            "version_name",
            "版本名为 1 到 40 个字",
            "a version name has 1 to 40 characters",
        ));
    }
    let longest = note
        .notes_zh
        .chars()
        .count()
        .max(note.notes_en.chars().count());
    if note.notes_zh.trim().is_empty() || longest > MAX_NOTES {
        return Err(ApiError::field(
            "notes",
            "请写更新说明，最多 2000 字",
            "say what is new, at most 2000 characters",
        ));
    }
    if size == 0 || size > MAX_PACKAGE_BYTES {
        return Err(ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            fault::V_TOO_LARGE,
        ));
    }
    Ok(())
}
