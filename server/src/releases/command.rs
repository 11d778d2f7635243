//! `dianma-server release …`: publishing a package of the phone app, and what is published.

use super::publish::{Note, newest, publish};
use super::shelf::Shelf;
use crate::error::ApiError;
use crate::keys::{Keyring, judge};
use crate::store::{Store, StoreError, Tx};
use dianma_schema::release::Release;
use dianma_schema::time::format_minute;
use std::path::{Path, PathBuf};

/// What `dianma-server release` can do.
#[derive(clap::Subcommand, Debug)]
pub enum ReleaseCommand {
    /// Publish a package: phones offer it to their owners.
    Add(AddArguments),
    /// Show the release phones are offered.
    Show,
}

/// A package and what it is.
#[derive(clap::Args, Debug)]
pub struct AddArguments {
    /// The APK, signed like the app on the phones.
    apk: PathBuf,
    /// Its `versionCode`; phones refuse the package when it is another.
    #[arg(long)]
    version_code: u32,
    /// Its `versionName`.
    #[arg(long)]
    version_name: String,
    /// What is new, Chinese.
    #[arg(long)]
    notes: String,
    /// What is new, English.
    #[arg(long, default_value = "")]
    notes_en: String,
}

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// A use case refused.
    #[error("{0}{fields}", fields = .0.fields.iter().map(|f| format!("；{}", f.message)).collect::<String>())]
    Refused(#[from] ApiError),
    /// The package could not be read or stored.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Runs one command; the answer is for standard output.
///
/// # Errors
/// See [`CommandError`].
pub fn run(
    store: &Store,
    data: &Path,
    now_ms: i64,
    keys: &Keyring,
    command: &ReleaseCommand,
) -> Result<String, CommandError> {
    match command {
        ReleaseCommand::Add(arguments) => add(store, data, now_ms, keys, arguments),
        ReleaseCommand::Show => show(store),
    }
}

fn add(
    store: &Store,
    data: &Path,
    now_ms: i64,
    keys: &Keyring,
    arguments: &AddArguments,
) -> Result<String, CommandError> {
    let package = Shelf::new(data)
        .take(&arguments.apk)
        .map_err(|error| CommandError::File(arguments.apk.display().to_string(), error))?;
    let note = Note {
        version_code: arguments.version_code,
        version_name: arguments.version_name.trim().to_owned(),
        notes_zh: arguments.notes.trim().to_owned(),
        notes_en: arguments.notes_en.trim().to_owned(),
    };
    let keys = keys.clone();
    let release = store.write_blocking(move |tx| publish(tx, &keys, now_ms, &note, package))?;
    Ok(format!("已发布 (published)\n{}", words(&release)))
}

fn show(store: &Store) -> Result<String, CommandError> {
    let read = |tx: &mut dyn Tx| {
        let keys = judge::key_list(tx)?;
        Ok::<_, StoreError>((newest(tx)?, keys))
    };
    let (newest, keys) = store.read_blocking(read)?;
    let opened = newest
        .zip(keys)
        .map(|(signed, keys)| Release::open(&signed.body, &keys));
    Ok(match opened {
        None => "还没有发布过 (nothing published yet)".to_owned(),
        Some(Ok(release)) => words(&release),
        Some(Err(error)) => format!("手机会拒绝这个发布，请重新发布 (phones refuse it): {error}"),
    })
}

fn words(release: &Release) -> String {
    format!(
        "{} ({}) {} {} bytes\nsha256 {}\n{}",
        release.version_name,
        release.version_code,
        format_minute(release.published_at_ms),
        release.size,
        crate::text::hex(&release.sha256),
        release.notes_zh
    )
}
