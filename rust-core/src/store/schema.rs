//! The phone database: one schema text, the pragmas, and the steps from older versions. The version
//! is the file's `user_version`. A newer file than this program knows is refused, never wiped.
//!
//! Ids are 16-byte blobs; times are epoch ms; absent search texts are empty, so that every index
//! covers every row.

use super::search_index;
use crate::error::CoreError;
use dianma_schema::fault;
use rusqlite::Connection;

/// Version the program writes.
pub const VERSION: i64 = 5;

/// A step: statements, then what statements alone cannot do.
struct Step {
    sql: &'static str,
    then: fn(&Connection) -> Result<(), CoreError>,
}

/// Step `n` leads from version `n` to `n + 1`; step 0 is the first schema.
const STEPS: &[Step] = &[
    Step {
        sql: SCHEMA,
        then: |_| Ok(()),
    },
    Step {
        sql: DEPARTURES,
        then: |db| {
            search_index::ORDERS.refill_characters(db)?;
            search_index::CUSTOMERS.refill_characters(db)
        },
    },
    Step {
        sql: LABELS,
        then: |_| Ok(()),
    },
    Step {
        sql: DRAFTS,
        then: |_| Ok(()),
    },
    Step {
        sql: ASKED_FILES,
        then: |_| Ok(()),
    },
];

/// Orders that have left with the reason; the character indexes with one column instead of three.
const DEPARTURES: &str = "
CREATE TABLE departures (
  order_id BLOB PRIMARY KEY,
  order_number TEXT NOT NULL,
  cause TEXT NOT NULL,              -- word of wire::sync::LeaveCause
  reason TEXT,                      -- the office's words
  left_at_ms INTEGER NOT NULL       -- phone clock
) WITHOUT ROWID;
DROP TABLE order_characters;
DROP TABLE customer_characters;
CREATE VIRTUAL TABLE order_characters USING fts5 (body, content='', tokenize='ascii', columnsize=0);
CREATE VIRTUAL TABLE customer_characters USING fts5 (body, content='', tokenize='ascii', columnsize=0);
";

const SCHEMA: &str = "
CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

CREATE TABLE cursors (
  scope INTEGER PRIMARY KEY,        -- number of ScopeKind
  epoch INTEGER NOT NULL,
  position INTEGER NOT NULL,
  checksum INTEGER NOT NULL,        -- wrapping sum over the scope's live rows, as signed 64 bit
  mark INTEGER NOT NULL,            -- rows put since the last reset carry this number
  is_resetting INTEGER NOT NULL,
  mismatches INTEGER NOT NULL       -- checksum failures in a row
);

CREATE TABLE mirror_orders (
  doc_id INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  scope INTEGER NOT NULL,
  version INTEGER NOT NULL,         -- newest version known, from the feed or from a command's result
  record_version INTEGER NOT NULL,  -- version of `record`
  mark INTEGER NOT NULL,
  record BLOB NOT NULL,             -- wire::record::OrderRecord, the server's word
  order_number TEXT NOT NULL COLLATE NOCASE,
  account_number TEXT NOT NULL COLLATE NOCASE,
  account_name TEXT NOT NULL COLLATE NOCASE,
  pinyin_initials TEXT NOT NULL COLLATE NOCASE,
  meter_numbers TEXT NOT NULL COLLATE NOCASE,
  contact_phone TEXT NOT NULL COLLATE NOCASE,
  pole_number TEXT NOT NULL COLLATE NOCASE,
  address TEXT NOT NULL COLLATE NOCASE,
  taken_in_at_ms INTEGER NOT NULL,
  due_at_ms INTEGER NOT NULL,       -- nearest deadline; the largest number when there is none
  state TEXT NOT NULL,              -- what the person sees: the server's state with pending commands on top
  is_finished INTEGER NOT NULL,
  pending INTEGER NOT NULL,         -- commands without an answer
  refused INTEGER NOT NULL,         -- refused commands nobody has decided on yet
  left_at_ms INTEGER                -- no longer ours; kept while something is pending or refused
);
CREATE INDEX mirror_orders_number ON mirror_orders (order_number);
CREATE INDEX mirror_orders_account ON mirror_orders (account_number);
CREATE INDEX mirror_orders_name ON mirror_orders (account_name);
CREATE INDEX mirror_orders_pinyin ON mirror_orders (pinyin_initials);
CREATE INDEX mirror_orders_meter ON mirror_orders (meter_numbers);
CREATE INDEX mirror_orders_phone ON mirror_orders (contact_phone);
CREATE INDEX mirror_orders_pole ON mirror_orders (pole_number);
CREATE INDEX mirror_orders_taken ON mirror_orders (taken_in_at_ms);
CREATE INDEX mirror_orders_due ON mirror_orders (due_at_ms);

CREATE TABLE mirror_customers (
  doc_id INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  scope INTEGER NOT NULL,
  version INTEGER NOT NULL,
  mark INTEGER NOT NULL,
  account_number TEXT NOT NULL COLLATE NOCASE,
  account_name TEXT NOT NULL COLLATE NOCASE,
  pinyin_initials TEXT NOT NULL COLLATE NOCASE,
  meter_numbers TEXT NOT NULL COLLATE NOCASE,  -- of all meters, separated by a blank
  contact_phone TEXT NOT NULL COLLATE NOCASE,
  pole_number TEXT NOT NULL COLLATE NOCASE,
  address TEXT NOT NULL COLLATE NOCASE,
  area_name TEXT NOT NULL,
  customer_class TEXT NOT NULL,
  latitude_e6 INTEGER,
  longitude_e6 INTEGER,
  arrears_fen INTEGER NOT NULL,
  label_id BLOB
);
CREATE INDEX mirror_customers_account ON mirror_customers (account_number);
CREATE INDEX mirror_customers_name ON mirror_customers (account_name);
CREATE INDEX mirror_customers_pinyin ON mirror_customers (pinyin_initials);
CREATE INDEX mirror_customers_phone ON mirror_customers (contact_phone);
CREATE INDEX mirror_customers_pole ON mirror_customers (pole_number);
CREATE INDEX mirror_customers_label ON mirror_customers (label_id) WHERE label_id IS NOT NULL;

CREATE TABLE meters (
  customer_doc_id INTEGER NOT NULL REFERENCES mirror_customers (doc_id) ON DELETE CASCADE,
  meter_number TEXT NOT NULL COLLATE NOCASE,
  phases INTEGER NOT NULL,
  multiplier INTEGER NOT NULL,
  last_reading_wh INTEGER,
  label_id BLOB,
  PRIMARY KEY (customer_doc_id, meter_number)
) WITHOUT ROWID;
CREATE INDEX meters_number ON meters (meter_number);
CREATE INDEX meters_label ON meters (label_id) WHERE label_id IS NOT NULL;

CREATE TABLE mirror_staff (
  id BLOB PRIMARY KEY,
  scope INTEGER NOT NULL,
  version INTEGER NOT NULL,
  mark INTEGER NOT NULL,
  record BLOB NOT NULL              -- wire::record::StaffRecord
) WITHOUT ROWID;

-- Search. Substrings of three characters and more: trigrams over one text of all searchable fields,
-- read through a view, so nothing is stored twice. Shorter ones: one token per character.
CREATE VIEW order_texts AS SELECT doc_id, order_number || ' ' || account_number || ' ' || account_name
  || ' ' || meter_numbers || ' ' || contact_phone || ' ' || pole_number || ' ' || address AS body FROM mirror_orders;
CREATE VIEW customer_texts AS SELECT doc_id, account_number || ' ' || account_name
  || ' ' || meter_numbers || ' ' || contact_phone || ' ' || pole_number || ' ' || address AS body FROM mirror_customers;
CREATE VIRTUAL TABLE order_trigrams USING fts5 (body, content='order_texts', content_rowid='doc_id',
  tokenize='trigram', detail=none, columnsize=0);
CREATE VIRTUAL TABLE customer_trigrams USING fts5 (body, content='customer_texts', content_rowid='doc_id',
  tokenize='trigram', detail=none, columnsize=0);
CREATE VIRTUAL TABLE order_characters USING fts5 (account_name, pole_number, address, content='',
  tokenize='ascii', columnsize=0);
CREATE VIRTUAL TABLE customer_characters USING fts5 (account_name, pole_number, address, content='',
  tokenize='ascii', columnsize=0);

CREATE TABLE outbox (
  n INTEGER PRIMARY KEY,            -- dense per device, never reused
  order_id BLOB,
  command TEXT NOT NULL,            -- word of the payload: accept, record, evidence, ...
  body BLOB NOT NULL,               -- wire::command::CommandEnvelope as first encoded; never re-encoded
  status TEXT NOT NULL,             -- pending, accepted, rejected, quarantined
  code TEXT,
  detail TEXT,
  result_version INTEGER,           -- the order's version after the command
  created_at_ms INTEGER NOT NULL,
  settled_at_ms INTEGER,
  handled INTEGER                   -- what the person chose for a refused one: 0 redo, 1 note, 2 record only
);
CREATE INDEX outbox_order ON outbox (order_id, n);
CREATE INDEX outbox_status ON outbox (status, n);

-- Own facts: what this phone recorded, rebuilt from the outbox when the database is lost.
CREATE TABLE own_values (
  order_id BLOB NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY (order_id, name)
) WITHOUT ROWID;
CREATE TABLE own_costs (order_id BLOB PRIMARY KEY, sheet BLOB NOT NULL, n INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE own_notes (
  order_id BLOB NOT NULL, n INTEGER NOT NULL, words TEXT NOT NULL, at_ms INTEGER NOT NULL,
  PRIMARY KEY (order_id, n)
) WITHOUT ROWID;
CREATE TABLE own_hazards (order_id BLOB PRIMARY KEY, acknowledged BLOB NOT NULL, n INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE own_evidence (
  order_id BLOB NOT NULL, sha256 BLOB NOT NULL, slot TEXT NOT NULL, kind TEXT NOT NULL, mime TEXT NOT NULL,
  size INTEGER NOT NULL, is_imported INTEGER NOT NULL, taken_at_ms INTEGER NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY (order_id, sha256, slot)
) WITHOUT ROWID;
CREATE TABLE evidence_files (
  sha256 BLOB PRIMARY KEY,
  size INTEGER NOT NULL,
  mime TEXT NOT NULL,
  due_at_ms INTEGER NOT NULL,       -- nearest deadline of an order that needs it; sorts the upload
  sent_bytes INTEGER NOT NULL,      -- what the server has confirmed on disk
  uploaded_at_ms INTEGER,
  fault_code TEXT,                  -- why the upload stopped for good; the local file stays
  order_closed_at_ms INTEGER        -- the last order that used it left the phone then
) WITHOUT ROWID;
";

/// Version 3: signed lists, labelled places, and one-time codes used or tried on this phone.
const LABELS: &str = "
CREATE TABLE revoked_labels (hash INTEGER PRIMARY KEY);  -- members of the revocation set, as signed 64 bit

CREATE TABLE mirror_places (
  id BLOB PRIMARY KEY,
  scope INTEGER NOT NULL,
  version INTEGER NOT NULL,
  mark INTEGER NOT NULL,
  label_id BLOB,
  record BLOB NOT NULL              -- wire::record::PlaceRecord
) WITHOUT ROWID;
CREATE INDEX mirror_places_label ON mirror_places (label_id) WHERE label_id IS NOT NULL;

CREATE TABLE consent_uses (         -- one-time codes this phone has taken
  nonce BLOB PRIMARY KEY,
  order_id BLOB NOT NULL,
  step INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE consent_tries (        -- wrong digits entered on this phone
  order_id BLOB NOT NULL, step INTEGER NOT NULL, nonce BLOB NOT NULL, wrong INTEGER NOT NULL,
  PRIMARY KEY (order_id, step, nonce)
) WITHOUT ROWID;
";

/// What is begun and not yet given.
const DRAFTS: &str = "
CREATE TABLE drafts (
  order_id BLOB NOT NULL, name TEXT NOT NULL, words TEXT NOT NULL, at_ms INTEGER NOT NULL, -- phone clock
  PRIMARY KEY (order_id, name)
) WITHOUT ROWID;
";

/// Files a person wants to be sent whatever the network policy says of them; refusals in English.
const ASKED_FILES: &str = "
ALTER TABLE evidence_files ADD COLUMN is_asked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN detail_en TEXT;
";

/// Settings of every connection.
pub fn apply_pragmas(connection: &Connection) -> Result<(), CoreError> {
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096; PRAGMA journal_size_limit = 4194304;",
    )?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Brings the file to [`VERSION`] in one transaction.
pub fn upgrade(connection: &mut Connection) -> Result<(), CoreError> {
    let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found: i64 = tx.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let from = usize::try_from(found).unwrap_or(usize::MAX);
    if found > VERSION {
        let detail = format!("store version {found}, this program knows {VERSION}");
        return Err(CoreError::of(fault::V_OLD_APP).because(&detail));
    }
    for step in STEPS.iter().skip(from) {
        tx.execute_batch(step.sql)?;
        (step.then)(&tx)?;
    }
    tx.pragma_update(None, "user_version", VERSION)?;
    Ok(tx.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_file_gets_the_version_and_a_second_upgrade_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        upgrade(&mut connection).unwrap();
        upgrade(&mut connection).unwrap();
        let version: i64 = connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .unwrap();
        assert_eq!(version, VERSION);
        assert_eq!(STEPS.len(), usize::try_from(VERSION).unwrap());
    }

    #[test]
    fn an_older_file_keeps_its_rows_and_finds_them_by_one_character() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(SCHEMA).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        let insert = "INSERT INTO mirror_customers (id, scope, version, mark, account_number,
            account_name, pinyin_initials, meter_numbers, contact_phone, pole_number, address,
            area_name, customer_class, arrears_fen)
            VALUES (x'01', 1, 1, 0, '42', '生成户', 'sch', '', '', '3杆', '样例镇', '', '', 0)";
        connection.execute_batch(insert).unwrap();
        upgrade(&mut connection).unwrap();
        let count = |expression: &str| -> i64 {
            let sql = "SELECT count(*) FROM customer_characters WHERE customer_characters MATCH ?1";
            let found = connection.query_row(sql, [expression], |row| row.get(0));
            found.unwrap()
        };
        let phrase = |text: &str| format!("\"{}\"", search_index::tokens(text).trim_end());
        assert_eq!(count(&phrase("户")), 1);
        assert_eq!(count(&phrase("样例")), 1);
        assert_eq!(count(&phrase("户3")), 0, "fields stay apart");
    }

    #[test]
    fn a_newer_file_is_refused_and_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        upgrade(&mut connection).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        let error = upgrade(&mut connection).unwrap_err();
        assert_eq!(error.code(), fault::V_OLD_APP);
        let tables: i64 = connection
            .query_row(
                "SELECT count(*) FROM sqlite_schema WHERE name = 'outbox'",
                [],
                |r| r.get(0),
            )
            .unwrap();
        assert_eq!(tables, 1);
    }
}
