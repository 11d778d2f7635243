//! The demo county: generated from a seed, marked as generated everywhere, made through the same doors
//! as real data. What a phone does from now on is done by real phones (`dianma-field run`).

mod county;
mod crew;
mod deeds;
mod evidence;
mod feed;
mod history;
pub mod marketing;
mod names;
mod people;
mod phone;
mod plan;
mod random;
mod record;
mod texts;

use crate::app::App;
use crate::args;
use crate::error::ApiError;
use crate::keys::Keyring;
use crate::store::{Store, StoreError, Tx};
use dianma_schema::permission::Role;
use dianma_schema::time::DAY_MS;
use people::Login;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Setting: `generating` while the county is written, then its seed.
const SETTING: &str = "demo_seed";
const GENERATING: &str = "generating";

/// What to generate.
#[derive(Clone, Debug)]
pub struct Options {
    /// Evidence and `demo.json` go below.
    pub data: PathBuf,
    /// The same seed gives the same county.
    pub seed: u64,
    /// Days of history.
    pub days: i64,
    /// Logins of so many electricians are listed for phones.
    pub phones: usize,
}

impl Options {
    /// When the county began: accounts, customers, and the keys its first labels were signed with.
    pub fn founded_ms(&self, now_ms: i64) -> i64 {
        now_ms - (self.days + 30) * DAY_MS
    }
}

/// A demo that is ready to be served.
#[derive(Debug)]
pub struct Demo {
    logins: Vec<Login>,
    phones: usize,
    seed: u64,
    file: PathBuf,
}

/// Generates the county into an empty database, or takes up the one that is there. Every start draws
/// new passwords. The labels that are scanned in the history were signed with `keys`.
pub fn prepare(
    store: &Store,
    options: &Options,
    keys: &Arc<Keyring>,
    now_ms: i64,
) -> Result<Demo, ApiError> {
    let (logins, seed) = match state(store)? {
        State::Empty => {
            set_state(store, GENERATING.to_owned())?;
            let logins = generate(store, options, keys, now_ms)?;
            set_state(store, options.seed.to_string())?;
            (logins, options.seed)
        }
        State::Ready(seed) => (people::renew(store, seed)?, seed),
        State::Other(why) => return Err(StoreError::Refused(why).into()),
    };
    Ok(Demo {
        logins,
        phones: options.phones,
        seed,
        file: options.data.join("demo.json"),
    })
}

fn generate(
    store: &Store,
    options: &Options,
    keys: &Arc<Keyring>,
    now_ms: i64,
) -> Result<Vec<Login>, ApiError> {
    let founded_ms = options.founded_ms(now_ms);
    county::write(store, options.seed, founded_ms)?;
    tracing::info!(
        customers = county::CUSTOMERS,
        areas = county::AREAS,
        "the county is written"
    );
    let logins = people::write(store, options.seed, founded_ms)?;
    history::write(store, options, keys, now_ms)?;
    tracing::info!(days = options.days, "the history is written");
    Ok(logins)
}

enum State {
    Empty,
    Ready(u64),
    Other(String),
}

fn state(store: &Store) -> Result<State, StoreError> {
    store.read_blocking(|tx| {
        let setting = tx.first(
            "SELECT value FROM settings WHERE name = ?1",
            args![SETTING],
            |row| row.text(0),
        )?;
        let is_used = is_used(tx)?;
        Ok(match setting {
            None if !is_used => State::Empty,
            None => State::Other(
                "the data folder holds other data: give the demo a folder of its own".to_owned(),
            ),
            Some(seed) => seed.parse().map_or_else(
                |_| {
                    State::Other(
                        "an earlier start was cut short: remove the demo's folder and start again"
                            .to_owned(),
                    )
                },
                State::Ready,
            ),
        })
    })
}

fn is_used(tx: &mut dyn Tx) -> Result<bool, StoreError> {
    let found = tx.first(
        "SELECT id FROM staff UNION ALL SELECT id FROM customers LIMIT 1",
        args![],
        |row| row.text(0),
    )?;
    Ok(found.is_some())
}

fn set_state(store: &Store, value: String) -> Result<(), StoreError> {
    store.write_blocking(move |tx| {
        for (name, value) in [(SETTING, value.as_str()), ("company_name", names::COMPANY)] {
            tx.execute(
                "INSERT INTO settings (name, value) VALUES (?1, ?2) \
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                args![name, value],
            )?;
        }
        Ok(())
    })
}

impl Demo {
    /// What the person at the terminal needs: one line for each office login.
    pub fn greeting(&self) -> String {
        let office = self
            .logins
            .iter()
            .filter(|login| login.role != Role::Electrician);
        let lines = office.map(|login| {
            format!(
                "  {:<14} {}  {}\n",
                login.login_name,
                login.password,
                login.role.zh()
            )
        });
        format!(
            "{}：全部为生成数据 (all data is generated, seed {})\n账号与本次口令 (logins, passwords of this start):\n{}",
            names::COMPANY,
            self.seed,
            lines.collect::<String>()
        )
    }

    /// Lets requests and rows of the marketing side keep coming; needs the async runtime.
    pub fn start_feed(&self, app: App) {
        feed::start(app, self.seed);
    }

    /// Writes `demo.json`: the address and all logins, for the script that starts phones. Readable by
    /// its owner only; it appears whole or not at all.
    pub fn announce(&self, url: &str) -> std::io::Result<()> {
        let phones: Vec<&Login> = self
            .logins
            .iter()
            .filter(|login| login.role == Role::Electrician)
            .take(self.phones)
            .collect();
        let text = json!({
            "url": url,
            "generated": true,
            "staging": marketing::path_in(self.file.parent().unwrap_or(Path::new("."))),
            "company": names::COMPANY,
            "seed": self.seed,
            "logins": self.logins,
            "phones": phones,
        });
        let draft = self.file.with_extension("json.part");
        write_private(&draft, &format!("{text:#}\n"))?;
        std::fs::rename(&draft, &self.file)
    }
}

#[cfg(unix)]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())
}

#[cfg(not(unix))]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::write(path, text)
}
