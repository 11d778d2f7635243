//! The search indexes of orders and customers and the one pair of functions that keeps them equal to
//! their tables. The trigram index reads its text through a view; the character index holds no text,
//! so both must be told the old values on removal.

use crate::error::CoreError;
use rusqlite::Connection;
use std::fmt::Write as _;

/// The searchable texts of an order or a customer; absent ones are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// 工单号; orders only.
    pub order_number: String,
    /// 户号.
    pub account_number: String,
    /// 户名.
    pub account_name: String,
    /// Initials of 户名.
    pub pinyin_initials: String,
    /// 表号, several separated by a blank.
    pub meter_numbers: String,
    /// Phone number.
    pub contact_phone: String,
    /// 杆号.
    pub pole_number: String,
    /// Address.
    pub address: String,
}

/// One pair of indexes with its statements.
#[derive(Debug)]
pub struct IndexPair {
    add_trigrams: &'static str,
    add_characters: &'static str,
    remove_trigrams: &'static str,
    remove_characters: &'static str,
    read_words: &'static str,
    has_order_number: bool,
}

/// Indexes of orders.
pub const ORDERS: IndexPair = IndexPair {
    add_trigrams: "INSERT INTO order_trigrams (rowid, body) VALUES (?1, ?2)",
    add_characters: "INSERT INTO order_characters (rowid, body) VALUES (?1, ?2)",
    remove_trigrams: "INSERT INTO order_trigrams (order_trigrams, rowid, body)
                      VALUES ('delete', ?1, ?2)",
    remove_characters: "INSERT INTO order_characters (order_characters, rowid, body)
                        VALUES ('delete', ?1, ?2)",
    read_words: "SELECT doc_id, account_name, pole_number, address FROM mirror_orders",
    has_order_number: true,
};

/// Indexes of customers.
pub const CUSTOMERS: IndexPair = IndexPair {
    add_trigrams: "INSERT INTO customer_trigrams (rowid, body) VALUES (?1, ?2)",
    add_characters: "INSERT INTO customer_characters (rowid, body) VALUES (?1, ?2)",
    remove_trigrams: "INSERT INTO customer_trigrams (customer_trigrams, rowid, body)
                      VALUES ('delete', ?1, ?2)",
    remove_characters: "INSERT INTO customer_characters (customer_characters, rowid, body)
                        VALUES ('delete', ?1, ?2)",
    read_words: "SELECT doc_id, account_name, pole_number, address FROM mirror_customers",
    has_order_number: false,
};

impl IndexPair {
    /// Adds a document. Call after its row is in the table.
    pub fn add(&self, db: &Connection, doc_id: i64, texts: &Texts) -> Result<(), CoreError> {
        self.run(db, self.add_trigrams, self.add_characters, doc_id, texts)
    }

    /// Removes a document with the texts it was added with. Call before its row changes.
    pub fn remove(&self, db: &Connection, doc_id: i64, texts: &Texts) -> Result<(), CoreError> {
        self.run(
            db,
            self.remove_trigrams,
            self.remove_characters,
            doc_id,
            texts,
        )
    }

    fn run(
        &self,
        db: &Connection,
        trigrams: &str,
        characters: &str,
        doc_id: i64,
        texts: &Texts,
    ) -> Result<(), CoreError> {
        db.prepare_cached(trigrams)?
            .execute((doc_id, self.body(texts)))?;
        db.prepare_cached(characters)?
            .execute((doc_id, characters_of(texts)))?;
        Ok(())
    }

    /// Fills the empty character index from the table's rows, for an upgrade.
    pub fn refill_characters(&self, db: &Connection) -> Result<(), CoreError> {
        let mut rows = db.prepare(self.read_words)?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let texts = Texts {
                account_name: row.get(1)?,
                pole_number: row.get(2)?,
                address: row.get(3)?,
                ..Texts::default()
            };
            db.prepare_cached(self.add_characters)?
                .execute((row.get::<_, i64>(0)?, characters_of(&texts)))?;
        }
        Ok(())
    }

    /// The same text as the view of the schema gives.
    fn body(&self, t: &Texts) -> String {
        let parts = [
            t.account_number.as_str(),
            &t.account_name,
            &t.meter_numbers,
            &t.contact_phone,
            &t.pole_number,
            &t.address,
        ];
        if self.has_order_number {
            format!("{} {}", t.order_number, parts.join(" "))
        } else {
            parts.join(" ")
        }
    }
}

/// Stands between fields: no typed text has it, so no phrase reaches from one field into the next. One
/// column instead of three saves two bytes at almost every occurrence.
const BETWEEN_FIELDS: &str = "0 ";

/// What the character index holds of a document.
fn characters_of(texts: &Texts) -> String {
    let fields = [&texts.account_name, &texts.pole_number, &texts.address];
    fields.map(|field| tokens(field)).join(BETWEEN_FIELDS)
}

/// One ASCII token per character, so that no tokenizer rule about rare characters matters: a phrase
/// of tokens is exactly a substring. Blanks are left out, ASCII letters folded.
pub fn tokens(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for character in text.chars().filter(|c| !c.is_whitespace()) {
        let folded = character.to_ascii_lowercase();
        let _ = write!(out, "{:x} ", u32::from(folded));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_fold_letters_and_skip_blanks() {
        assert_eq!(tokens("王 A1"), "738b 61 31 ");
        assert_eq!(tokens("\u{2CB4E}"), "2cb4e ");
    }
}
