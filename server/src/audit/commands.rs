//! The chain of each phone's commands. A phone's commands lie under its own lock and number, so each
//! phone has a chain of its own and no two phones wait for each other; once an hour the ends of the
//! chains that grew are written into the audit log, which ties them to everything else.

use super::{Entry, append};
use crate::args;
use crate::store::{Row, StoreError, Tx};
use crate::text::hex;
use dianma_schema::id::DeviceId;
use dianma_schema::wire::sync::Outcome;
use serde_json::json;
use sha2::{Digest, Sha256};

/// Rows read at once by a check.
const PAGE: i64 = 500;
/// Chains sealed in one transaction: the audit log is locked that long.
pub const MAX_SEALS: i64 = 200;
/// The entry that seals a chain.
const SEALED: &str = "commands_sealed";

/// What a link of the chain covers; the body's hash stands for the envelope.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// The phone.
    pub device_id: DeviceId,
    /// Number of the command.
    pub n: i64,
    /// SHA-256 of the envelope, hexadecimal.
    pub body_hash: &'a str,
    /// Word of the verdict.
    pub outcome: &'a str,
    /// Fault code of the verdict.
    pub code: Option<&'a str>,
    /// Server receipt, epoch ms.
    pub received_at_ms: i64,
    /// Derived site time, epoch ms.
    pub occurred_at_ms: i64,
}

impl Link<'_> {
    /// The hash that follows `previous`; the first link follows nothing.
    pub fn after(&self, previous: Option<&[u8]>) -> Vec<u8> {
        let mut hash = Sha256::new();
        hash.update(previous.unwrap_or_default());
        hash.update(self.device_id.0.as_bytes());
        for number in [self.n, self.received_at_ms, self.occurred_at_ms] {
            hash.update(number.to_be_bytes());
        }
        // A length before each text: no two different links give the same bytes.
        for text in [self.body_hash, self.outcome, self.code.unwrap_or_default()] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        hash.finalize().to_vec()
    }
}

/// Writes the ends of chains that grew since their last seal into the audit log; at most
/// [`MAX_SEALS`], so call it until it seals none. Two nodes at once seal each end once.
pub fn seal(tx: &mut dyn Tx, now_ms: i64) -> Result<usize, StoreError> {
    let grown = tx.all(
        "SELECT id FROM devices WHERE last_n > sealed_n ORDER BY id LIMIT ?1",
        args![MAX_SEALS],
        |row| row.text(0),
    )?;
    let mut ends = Vec::with_capacity(grown.len());
    // Rows first, the log's lock after them: phones take them in this order too.
    for id in grown {
        let sealed = tx.first(
            "UPDATE devices SET sealed_n = last_n WHERE id = ?1 AND last_n > sealed_n \
             RETURNING last_n, chain",
            args![&id],
            |row| Ok((row.int(0)?, row.opt_bytes(1)?)),
        )?;
        if let Some((n, Some(chain))) = sealed {
            ends.push((id, n, chain));
        }
    }
    for (id, n, chain) in &ends {
        let entry = Entry {
            actor_id: "system",
            action: SEALED,
            subject_kind: "device",
            subject_id: id,
            detail: json!({ "n": n, "chain": hex(chain) }),
        };
        append(tx, now_ms, &entry)?;
    }
    Ok(ends.len())
}

/// A command that does not fit its chain.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct BrokenCommand {
    /// The phone.
    pub device_id: DeviceId,
    /// Number of the command that was changed, or that is missing.
    pub n: i64,
}

/// Walks the chains of all phones; the number of links, and the first command that does not fit. What
/// upkeep deleted after its days (`devices.compacted_n`) may be missing; the links around it are
/// compared with themselves and with the seals.
pub(super) fn verify(tx: &mut dyn Tx) -> Result<(i64, Option<BrokenCommand>), StoreError> {
    let mut walk = Walk::default();
    loop {
        let rows = tx.all(
            "SELECT c.device_id, c.n, c.body_hash, c.outcome, c.code, c.received_at_ms, \
             c.occurred_at_ms, c.chain, c.envelope, d.last_n, d.compacted_n, d.chain, \
             (SELECT MIN(q.code) FROM quarantine q WHERE q.device_id = c.device_id AND q.n = c.n \
              AND q.resolved_at_ms IS NOT NULL) \
             FROM commands c JOIN devices d ON d.id = c.device_id \
             WHERE c.device_id > ?1 OR (c.device_id = ?1 AND c.n > ?2) \
             ORDER BY c.device_id, c.n LIMIT ?3",
            args![&walk.device, walk.n, PAGE],
            Stored::read,
        )?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if let Some(broken) = walk.step(row) {
                return Ok((walk.links, Some(broken)));
            }
        }
    }
    let broken = match walk.end() {
        Some(broken) => Some(broken),
        None => match emptied(tx)? {
            Some(broken) => Some(broken),
            None => unsealed(tx)?,
        },
    };
    Ok((walk.links, broken))
}

/// A phone whose last commands should be there, and none is.
fn emptied(tx: &mut dyn Tx) -> Result<Option<BrokenCommand>, StoreError> {
    tx.first(
        "SELECT id, compacted_n FROM devices WHERE last_n > compacted_n AND NOT EXISTS \
         (SELECT 1 FROM commands c WHERE c.device_id = devices.id) ORDER BY id LIMIT 1",
        args![],
        |row| {
            Ok(BrokenCommand {
                device_id: row.parse(0)?,
                n: row.int(1)? + 1,
            })
        },
    )
}

/// A command as it lies in the table.
struct Stored {
    device_id: DeviceId,
    n: i64,
    body_hash: String,
    outcome: String,
    code: Option<String>,
    received_at_ms: i64,
    occurred_at_ms: i64,
    chain: Option<Vec<u8>>,
    is_own_hash: bool,
    phone: Ends,
    /// It was in quarantine, for this, before a person had it tried again.
    retried_from: Option<String>,
}

/// What the phone's row says of its commands.
#[derive(Clone, Default)]
struct Ends {
    last_n: i64,
    /// Up to here upkeep may have deleted some.
    compacted_n: i64,
    chain: Option<Vec<u8>>,
}

impl Stored {
    fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        let body_hash = row.text(2)?;
        Ok(Self {
            device_id: row.parse(0)?,
            n: row.int(1)?,
            is_own_hash: crate::text::sha256_hex(&row.bytes(8)?) == body_hash,
            body_hash,
            outcome: row.text(3)?,
            code: row.opt_text(4)?,
            received_at_ms: row.int(5)?,
            occurred_at_ms: row.int(6)?,
            chain: row.opt_bytes(7)?,
            phone: Ends {
                last_n: row.int(9)?,
                compacted_n: row.int(10)?,
                chain: row.opt_bytes(11)?,
            },
            retried_from: row.opt_text(12)?,
        })
    }

    fn link(&self) -> Link<'_> {
        Link {
            device_id: self.device_id,
            n: self.n,
            body_hash: &self.body_hash,
            outcome: &self.outcome,
            code: self.code.as_deref(),
            received_at_ms: self.received_at_ms,
            occurred_at_ms: self.occurred_at_ms,
        }
    }

    /// Whether it follows `previous` with the verdict it has, or with the one it first had.
    fn follows(&self, previous: Option<&[u8]>, chain: &[u8]) -> bool {
        let now = self.link();
        let first = self.retried_from.as_deref().map(|code| Link {
            outcome: Outcome::Quarantined.as_str(),
            code: Some(code),
            ..now
        });
        now.after(previous) == chain || first.is_some_and(|link| link.after(previous) == chain)
    }
}

/// Where a check stands.
#[derive(Default)]
struct Walk {
    device: String,
    device_id: Option<DeviceId>,
    /// Number of the last row.
    n: i64,
    /// Its link; commands of before the chains began have none.
    chain: Option<Vec<u8>>,
    phone: Ends,
    links: i64,
}

impl Walk {
    fn step(&mut self, row: Stored) -> Option<BrokenCommand> {
        if self.device_id != Some(row.device_id) {
            if let Some(broken) = self.end() {
                return Some(broken);
            }
            *self = Self {
                device: row.device_id.to_string(),
                device_id: Some(row.device_id),
                phone: row.phone.clone(),
                links: self.links,
                ..Self::default()
            };
        }
        let is_next = row.n == self.n + 1;
        if !is_next && row.n - 1 > self.phone.compacted_n {
            return self.broken(self.n.max(self.phone.compacted_n) + 1);
        }
        let is_right = match &row.chain {
            None => self.chain.is_none(),
            Some(chain) => !is_next || row.follows(self.chain.as_deref(), chain),
        };
        if !is_right || !row.is_own_hash {
            return self.broken(row.n);
        }
        self.n = row.n;
        self.links += i64::from(row.chain.is_some());
        self.chain = row.chain;
        None
    }

    fn broken(&self, n: i64) -> Option<BrokenCommand> {
        let device_id = self.device_id?;
        Some(BrokenCommand { device_id, n })
    }

    /// The end of a phone's commands: is it where the phone's row says?
    fn end(&self) -> Option<BrokenCommand> {
        let (n, last_n) = (self.n, self.phone.last_n);
        if n < last_n && last_n > self.phone.compacted_n {
            return self.broken(n.max(self.phone.compacted_n) + 1);
        }
        let is_right = n != last_n || self.chain == self.phone.chain;
        if is_right { None } else { self.broken(n) }
    }
}

/// The first seal that names another end than the table holds.
fn unsealed(tx: &mut dyn Tx) -> Result<Option<BrokenCommand>, StoreError> {
    let mut after = 0;
    loop {
        let seals = tx.all(
            "SELECT seq, subject_id, detail FROM audit WHERE seq > ?1 AND action = ?2 \
             ORDER BY seq LIMIT ?3",
            args![after, SEALED, PAGE],
            |row| Ok((row.int(0)?, row.text(1)?, row.text(2)?)),
        )?;
        let Some((last, ..)) = seals.last() else {
            return Ok(None);
        };
        after = *last;
        for (_, device, detail) in seals {
            if let Some(broken) = check_seal(tx, &device, &detail)? {
                return Ok(Some(broken));
            }
        }
    }
}

fn check_seal(
    tx: &mut dyn Tx,
    device: &str,
    detail: &str,
) -> Result<Option<BrokenCommand>, StoreError> {
    let detail: serde_json::Value = serde_json::from_str(detail).unwrap_or_default();
    let n = detail["n"].as_i64().unwrap_or(0);
    let found = tx.first(
        "SELECT c.chain FROM commands c WHERE c.device_id = ?1 AND c.n = ?2",
        args![device, n],
        |row| row.opt_bytes(0),
    )?;
    let compacted_n = tx.first(
        "SELECT compacted_n FROM devices WHERE id = ?1",
        args![device],
        |row| row.int(0),
    )?;
    let is_right = match found {
        Some(chain) => chain.map(|chain| hex(&chain)).as_deref() == detail["chain"].as_str(),
        None => compacted_n.is_some_and(|compacted_n| n <= compacted_n),
    };
    let device_id = device.parse();
    Ok(match device_id {
        Ok(device_id) if !is_right => Some(BrokenCommand { device_id, n }),
        _ => None,
    })
}
