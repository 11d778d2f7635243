//! Upkeep of the search texts: the only file that writes `customer_search` and the full-text tables.
//! Everything is rebuilt from the customer's row and meters, so an index entry cannot drift.

use super::row;
use super::terms::{Texts, initial_tokens};
use crate::args;
use crate::store::{Engine, MAX_LIST, StoreError, Tx, Value, in_list, insert_shaped};
use dianma_schema::id::CustomerId;
use std::collections::{BTreeSet, HashMap};

/// Brings the search texts of the customers up to date.
pub(super) fn refresh(tx: &mut dyn Tx, ids: &[CustomerId]) -> Result<(), StoreError> {
    for part in ids.chunks(MAX_LIST) {
        let values: Vec<Value> = part.iter().map(|id| id.to_string().into()).collect();
        let mut meters = row::meter_numbers(tx, part)?;
        let docs: Vec<(CustomerId, Texts)> = row::load_by(tx, "id", &values)?
            .into_iter()
            .map(|customer| {
                let numbers = meters.remove(&customer.id).unwrap_or_default();
                (customer.id, customer.texts(numbers))
            })
            .collect();
        match tx.engine() {
            Engine::Sqlite => write_sqlite(tx, &values, &docs)?,
            Engine::Postgres => write_postgres(tx, &docs)?,
        }
    }
    Ok(())
}

/// While very many rows come in: PostgreSQL made its plans when the tables were empty, and keeps them until it
/// gathers figures anew. A feed of 40,000 rows was walked from end to end for every batch.
pub fn gather_figures(tx: &mut dyn Tx) -> Result<(), StoreError> {
    match tx.engine() {
        Engine::Sqlite => Ok(()),
        Engine::Postgres => tx.batch(
            "ANALYZE customers, meters, labels, bills, customer_search, feed, intake_records, work_orders",
        ),
    }
}

/// After them: PostgreSQL keeps the newest index entries in a list that every search walks, until its own
/// upkeep comes by minutes later.
pub fn settle(tx: &mut dyn Tx) -> Result<(), StoreError> {
    if tx.engine() == Engine::Postgres {
        tx.batch("SELECT gin_clean_pending_list('customer_search_texts')")?;
    }
    gather_figures(tx)
}

/// What the index holds of a customer.
#[derive(Debug, PartialEq, Eq)]
struct Stored {
    doc: i64,
    numbers: String,
    words: String,
    initials: String,
}

fn stored(tx: &mut dyn Tx, ids: &[Value]) -> Result<HashMap<CustomerId, Stored>, StoreError> {
    let Some((list, padded)) = in_list(ids) else {
        return Ok(HashMap::new());
    };
    let sql = format!(
        "SELECT customer_id, doc, numbers, words, initials FROM customer_search \
         WHERE customer_id IN {list}"
    );
    let rows = tx.all(&sql, &padded, |row| {
        let stored = Stored {
            doc: row.int(1)?,
            numbers: row.text(2)?,
            words: row.text(3)?,
            initials: row.text(4)?,
        };
        Ok((row.parse(0)?, stored))
    })?;
    Ok(rows.into_iter().collect())
}

fn write_sqlite(
    tx: &mut dyn Tx,
    ids: &[Value],
    docs: &[(CustomerId, Texts)],
) -> Result<(), StoreError> {
    let mut old = stored(tx, ids)?;
    for (id, texts) in docs {
        let (numbers, words) = (texts.numbers(), texts.words());
        let before = old.remove(id);
        if before.as_ref().is_some_and(|b| {
            (&b.numbers, &b.words, &b.initials) == (&numbers, &words, &texts.initials)
        }) {
            continue;
        }
        let doc = match before {
            Some(before) => {
                forget_sqlite(tx, &before)?;
                tx.execute(
                    "UPDATE customer_search SET numbers = ?2, words = ?3, initials = ?4 WHERE doc = ?1",
                    args![before.doc, &numbers, &words, &texts.initials],
                )?;
                before.doc
            }
            None => tx
                .first(
                    "INSERT INTO customer_search (customer_id, numbers, words, initials) \
                     VALUES (?1, ?2, ?3, ?4) RETURNING doc",
                    args![id.to_string(), &numbers, &words, &texts.initials],
                    |row| row.int(0),
                )?
                .unwrap_or_default(),
        };
        tx.execute(
            "INSERT INTO customer_trigrams (rowid, numbers, words) VALUES (?1, ?2, ?3)",
            args![doc, &numbers, &words],
        )?;
        tx.execute(
            "INSERT INTO customer_unigrams (rowid, characters) VALUES (?1, ?2)",
            args![doc, tokens(&words, &texts.initials)],
        )?;
    }
    Ok(())
}

/// Index entries hold no text of their own: the old text has to be given to take them out.
fn forget_sqlite(tx: &mut dyn Tx, before: &Stored) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO customer_trigrams (customer_trigrams, rowid, numbers, words) \
         VALUES ('delete', ?1, ?2, ?3)",
        args![before.doc, &before.numbers, &before.words],
    )?;
    tx.execute(
        "INSERT INTO customer_unigrams (customer_unigrams, rowid, characters) \
         VALUES ('delete', ?1, ?2)",
        args![before.doc, tokens(&before.words, &before.initials)],
    )?;
    Ok(())
}

fn write_postgres(tx: &mut dyn Tx, docs: &[(CustomerId, Texts)]) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = docs
        .iter()
        .map(|(id, texts)| {
            let words = texts.words();
            let grams = gram_list(&words, &texts.initials);
            args![
                id.to_string(),
                texts.numbers(),
                words,
                &texts.initials,
                grams
            ]
            .to_vec()
        })
        .collect();
    insert_shaped(
        tx,
        "INSERT INTO customer_search (customer_id, numbers, words, initials, grams)",
        "(?, ?, ?, ?, string_to_array(CAST(? AS TEXT), ' '))",
        &rows,
        "ON CONFLICT (customer_id) DO UPDATE SET numbers = excluded.numbers, \
         words = excluded.words, initials = excluded.initials, grams = excluded.grams \
         WHERE customer_search.numbers <> excluded.numbers \
         OR customer_search.words <> excluded.words \
         OR customer_search.initials <> excluded.initials",
    )?;
    Ok(())
}

/// Characters of the words with spaces between: one token each.
pub(super) fn spaced(words: &str) -> String {
    let mut text = String::with_capacity(words.len() * 2);
    for c in words.chars().filter(|c| c.is_alphanumeric()) {
        text.push(c);
        text.push(' ');
    }
    text
}

/// Every character and every pair of neighbours, once each; of digits three in a row as well. The planner takes
/// the pairs 18 and 81 for independent, expected a sixth of the house numbers 181 and fetched them all for a page.
pub(super) fn grams(words: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for run in words.split(|c: char| !c.is_alphanumeric()) {
        let run: Vec<char> = run.chars().collect();
        for length in 1..=3 {
            let windows = run.windows(length);
            let kept = windows.filter(|w| length < 3 || w.iter().all(char::is_ascii_digit));
            found.extend(kept.map(|w| w.iter().collect::<String>()));
        }
    }
    found
}

fn gram_list(words: &str, initials: &str) -> String {
    let mut grams: Vec<String> = grams(words).into_iter().collect();
    grams.extend(initial_tokens(initials));
    grams.join(" ")
}

/// What the one-character index holds of a customer.
fn tokens(words: &str, initials: &str) -> String {
    format!("{}{}", spaced(words), initial_tokens(initials).join(" "))
}

/// How many customers have no or a wrong index entry: the upkeep's own check, for tests and repair.
pub fn drift(tx: &mut dyn Tx, ids: &[CustomerId]) -> Result<usize, StoreError> {
    let values: Vec<Value> = ids.iter().map(|id| id.to_string().into()).collect();
    let mut meters = row::meter_numbers(tx, ids)?;
    let mut wrong = 0;
    for customer in row::load_by(tx, "id", &values)? {
        let texts = customer.texts(meters.remove(&customer.id).unwrap_or_default());
        let found = tx.first(
            "SELECT numbers, words, initials FROM customer_search WHERE customer_id = ?1",
            args![customer.id.to_string()],
            |row| Ok((row.text(0)?, row.text(1)?, row.text(2)?)),
        )?;
        let is_right = found == Some((texts.numbers(), texts.words(), texts.initials.clone()))
            && has_its_grams(tx, customer.id, &texts)?;
        wrong += usize::from(!is_right);
    }
    Ok(wrong)
}

/// Whether PostgreSQL holds the pieces of the words that [`gram_list`] gives; SQLite keeps none.
fn has_its_grams(tx: &mut dyn Tx, id: CustomerId, texts: &Texts) -> Result<bool, StoreError> {
    if tx.engine() == Engine::Sqlite {
        return Ok(true);
    }
    let held = tx.first(
        "SELECT array_to_string(grams, ' ') FROM customer_search WHERE customer_id = ?1",
        args![id.to_string()],
        |row| row.text(0),
    )?;
    let list = gram_list(&texts.words(), &texts.initials);
    let wanted: BTreeSet<&str> = list.split_whitespace().collect();
    let held = held.unwrap_or_default();
    Ok(held.split_whitespace().collect::<BTreeSet<_>>() == wanted)
}
