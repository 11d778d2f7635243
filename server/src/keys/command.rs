//! `dianma-server keys …`: the ceremonies at the administrator's terminal, and the passphrase from a
//! file, the environment, or the first line of standard input.

use super::KeyError;
use super::ceremony::{Ceremony, KEY_RANDOM};
use super::keyring::Keyring;
use super::lists::{self, KEY_LIST, REVOCATION_HEAD};
use super::rows::{self, KeyRow};
use super::vault::Passphrase;
use crate::clock::random;
use crate::store::{Store, Tx};
use dianma_schema::label::seal::KeyPurpose;
use dianma_schema::time::{china_day_start_ms, format_minute};
use serde_json::json;
use std::io::BufRead as _;
use std::path::{Path, PathBuf};

/// Where the passphrases come from.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct PassphraseArguments {
    /// File whose first line is the passphrase of the signing keys.
    #[arg(long)]
    pub passphrase_file: Option<PathBuf>,
    /// The passphrase itself; a file is better.
    #[arg(long, env = "DIANMA_KEY_PASSPHRASE", hide_env_values = true)]
    pub passphrase: Option<String>,
    /// File with the passphrase of the root key, when it has its own.
    #[arg(long)]
    pub root_passphrase_file: Option<PathBuf>,
}

impl PassphraseArguments {
    /// The passphrase given, if any; asks nobody.
    pub fn given(&self) -> Result<Option<Passphrase>, KeyError> {
        match (&self.passphrase_file, &self.passphrase) {
            (Some(file), _) => read_file(file).map(Some),
            (None, Some(text)) => Passphrase::parse(text).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// The passphrase given, else the first line of standard input.
    fn asked(&self) -> Result<Passphrase, KeyError> {
        if let Some(passphrase) = self.given()? {
            return Ok(passphrase);
        }
        tracing::info!("口令请从标准输入给出 (reading the passphrase from standard input)");
        let mut line = String::new();
        std::io::stdin()
            .lock()
            .read_line(&mut line)
            .map_err(|error| KeyError::File("standard input".to_owned(), error))?;
        Passphrase::parse(&line)
    }

    fn root(&self, other: &Passphrase) -> Result<Passphrase, KeyError> {
        let file = self.root_passphrase_file.as_deref();
        file.map_or_else(|| Ok(other.clone()), read_file)
    }
}

fn read_file(file: &Path) -> Result<Passphrase, KeyError> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| KeyError::File(file.display().to_string(), error))?;
    Passphrase::parse(&text)
}

/// What `dianma-server keys` can do.
#[derive(clap::Subcommand, Debug)]
pub enum KeysCommand {
    /// Make root, label, consent, revocation and release key of a new installation.
    Init,
    /// Make a new key of a purpose (root, label, consent, revocation, release); one in use is rotated out.
    Rotate {
        /// The purpose.
        purpose: KeyPurpose,
        /// Station code a label key is for; all stations when left out.
        #[arg(long, default_value = "")]
        area: String,
    },
    /// A key has leaked: void everything it signed.
    Revoke {
        /// Its id, as `keys list` shows it.
        key_id: String,
    },
    /// Sign lists that are behind.
    Publish,
    /// Show all keys and the serials of the signed lists.
    List {
        /// One JSON object.
        #[arg(long)]
        json: bool,
    },
}

/// Runs one command; the answer is for standard output.
///
/// # Errors
/// See [`KeyError`].
pub fn run(
    store: &Store,
    now_ms: i64,
    passphrases: &PassphraseArguments,
    command: &KeysCommand,
) -> Result<String, KeyError> {
    if let KeysCommand::List { json } = command {
        return list(store, *json);
    }
    let passphrase = passphrases.asked()?;
    let ceremony = Ceremony {
        now_ms,
        root_passphrase: passphrases.root(&passphrase)?,
        passphrase,
        random: [block()?, block()?, block()?, block()?, block()?],
    };
    match command {
        KeysCommand::Init => {
            store.write_blocking(move |tx| ceremony.init(tx))?;
            Ok(format!("密钥已生成 (keys made)\n{}", list(store, false)?))
        }
        KeysCommand::Rotate { purpose, area } => {
            let (purpose, area) = (*purpose, area.clone());
            let row = store.write_blocking(move |tx| ceremony.rotate(tx, purpose, &area))?;
            Ok(format!(
                "新密钥 {} 已启用，请重启服务 (new key in use: restart the server)",
                row.key_id
            ))
        }
        KeysCommand::Revoke { key_id } => {
            let key_id = key_id.clone();
            let row = store.write_blocking(move |tx| ceremony.revoke(tx, &key_id))?;
            Ok(format!(
                "密钥 {} 已吊销，它签发的内容全部作废 (revoked)",
                row.key_id
            ))
        }
        KeysCommand::Publish | KeysCommand::List { .. } => {
            store.write_blocking(move |tx| ceremony.publish(tx))?;
            Ok("名单已签发 (lists signed)".to_owned())
        }
    }
}

/// Opens the keys of a server; an empty ring when no passphrase was given.
pub fn open_keyring(store: &Store, passphrases: &PassphraseArguments) -> Result<Keyring, KeyError> {
    let Some(passphrase) = passphrases.given()? else {
        return Ok(Keyring::default());
    };
    let rows = store.read_blocking(rows::all)?;
    Keyring::open(&rows, &passphrase)
}

/// The keys of the demo county: made at its first start, under a passphrase kept beside its data.
pub fn demo_keyring(store: &Store, data: &Path, now_ms: i64) -> Result<Keyring, KeyError> {
    let file = data.join("demo-passphrase");
    if !file.exists() {
        let bytes: [u8; 16] = random().map_err(|_| KeyError::Entropy)?;
        std::fs::write(&file, crate::text::hex(&bytes))
            .map_err(|error| KeyError::File(file.display().to_string(), error))?;
    }
    let passphrases = PassphraseArguments {
        passphrase_file: Some(file),
        ..PassphraseArguments::default()
    };
    if store.read_blocking(rows::all)?.is_empty() {
        run(store, now_ms, &passphrases, &KeysCommand::Init)?;
    }
    open_keyring(store, &passphrases)
}

fn block() -> Result<[u8; KEY_RANDOM], KeyError> {
    random().map_err(|_| KeyError::Entropy)
}

fn list(store: &Store, is_json: bool) -> Result<String, KeyError> {
    let read = |tx: &mut dyn Tx| {
        let keys = rows::all(tx)?;
        let key_list = lists::newest(tx, KEY_LIST)?;
        let revocations = lists::newest(tx, REVOCATION_HEAD)?;
        Ok::<_, crate::store::StoreError>((keys, key_list, revocations))
    };
    let (keys, key_list, revocations) = store.read_blocking(read)?;
    let serial = |list: &Option<lists::SignedList>| list.as_ref().map_or(0, |list| list.serial);
    if is_json {
        let keys: Vec<serde_json::Value> = keys.iter().map(as_json).collect();
        let lists = json!({ "keys": keys, "key_list_serial": serial(&key_list),
            "revocation_serial": serial(&revocations) });
        return Ok(lists.to_string());
    }
    let mut text = String::new();
    for key in &keys {
        let day = |day: i64| {
            let minute = format_minute(china_day_start_ms(day));
            minute.split(' ').next().unwrap_or_default().to_owned()
        };
        let until = key.not_after_day.map_or_else(String::new, day);
        let area = if key.area_code.is_empty() {
            "全部"
        } else {
            &key.area_code
        };
        text.push_str(&format!(
            "{} {} {area} {} {}—{until}\n  {}\n",
            key.key_id,
            key.purpose.zh(),
            key.state,
            day(key.not_before_day),
            crate::text::hex(&key.public_key),
        ));
    }
    let serials = (serial(&key_list), serial(&revocations));
    text.push_str(&format!("密钥名单 {}，吊销名单 {}", serials.0, serials.1));
    Ok(text)
}

fn as_json(key: &KeyRow) -> serde_json::Value {
    json!({ "key_id": key.key_id, "purpose": key.purpose, "area_code": key.area_code,
        "state": key.state, "not_before_day": key.not_before_day,
        "not_after_day": key.not_after_day, "public_key": crate::text::hex(&key.public_key) })
}
