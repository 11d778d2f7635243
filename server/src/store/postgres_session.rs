//! One connection to PostgreSQL: statements prepared once, as many kept as are used often; values in
//! and out. `?1` becomes `$1` once per statement.

use super::{StoreError, Value};
use ::postgres::error::SqlState;
use ::postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use ::postgres::{Client, NoTls, Statement};
use std::collections::HashMap;

/// Prepared statements kept per connection. Lists are padded to few sizes (`bulk.rs`), so the server's
/// own texts fit; filters of lists make more.
const STATEMENTS: usize = 512;

pub(super) struct Session {
    pub(super) client: Client,
    statements: Kept<Statement>,
}

impl Session {
    pub(super) fn connect(url: &str) -> Result<Self, StoreError> {
        let client = Client::connect(url, NoTls).map_err(engine_error)?;
        Ok(Self {
            client,
            statements: Kept::new(STATEMENTS),
        })
    }

    pub(super) fn prepare(&mut self, sql: &str) -> Result<Statement, ::postgres::Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&dollar_parameters(sql))?;
        // The one that has to go is closed on the server when its last copy is dropped.
        self.statements.put(sql, statement.clone());
        Ok(statement)
    }
}

/// A bounded memory by text: what was not used for longest goes first.
struct Kept<T> {
    room: usize,
    uses: u64,
    items: HashMap<String, (T, u64)>,
}

impl<T> Kept<T> {
    fn new(room: usize) -> Self {
        Self {
            room,
            uses: 0,
            items: HashMap::new(),
        }
    }

    fn get(&mut self, key: &str) -> Option<&T> {
        self.uses += 1;
        let (item, last) = self.items.get_mut(key)?;
        *last = self.uses;
        Some(item)
    }

    fn put(&mut self, key: &str, item: T) {
        if self.items.len() >= self.room {
            let oldest = self.items.iter().min_by_key(|(_, (_, last))| *last);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                self.items.remove(&oldest);
            }
        }
        self.uses += 1;
        self.items.insert(key.to_owned(), (item, self.uses));
    }
}

/// `?1` → `$1`, outside quoted text and comments.
fn dollar_parameters(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut quoted = false;
    let mut comment = false;
    let mut previous = ' ';
    for c in sql.chars() {
        match c {
            '\'' if !comment => quoted = !quoted,
            '-' if previous == '-' && !quoted => comment = true,
            '\n' => comment = false,
            _ => {}
        }
        out.push(if c == '?' && !quoted && !comment {
            '$'
        } else {
            c
        });
        previous = c;
    }
    out
}

type Boxed = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut ::postgres::types::private::BytesMut,
    ) -> Result<IsNull, Boxed> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(value) if *ty == Type::INT4 => i32::try_from(*value)?.to_sql(ty, out),
            Value::Integer(value) => value.to_sql(ty, out),
            Value::Text(value) => value.to_sql(ty, out),
            Value::Bytes(value) => value.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Boxed> {
        match *ty {
            Type::INT8 => i64::from_sql(ty, raw).map(Value::Integer),
            Type::INT4 => i32::from_sql(ty, raw).map(|v| Value::Integer(v.into())),
            Type::BOOL => bool::from_sql(ty, raw).map(Value::from),
            Type::BYTEA => Vec::<u8>::from_sql(ty, raw).map(Value::Bytes),
            Type::TEXT | Type::VARCHAR | Type::NAME => String::from_sql(ty, raw).map(Value::Text),
            ref other => Err(format!("column type {other} is not portable").into()),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Boxed> {
        Ok(Value::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

pub(super) fn engine_error(error: ::postgres::Error) -> StoreError {
    let code = error.code();
    if code == Some(&SqlState::T_R_DEADLOCK_DETECTED)
        || code == Some(&SqlState::T_R_SERIALIZATION_FAILURE)
    {
        return StoreError::Conflict(error.to_string());
    }
    let detail = error
        .as_db_error()
        .map_or_else(|| error.to_string(), ToString::to_string);
    drop(error);
    StoreError::Engine(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rewrites_parameters_outside_text_and_comments() {
        assert_eq!(
            dollar_parameters("SELECT '?1', a -- why ?2\n FROM t WHERE b = ?1"),
            "SELECT '?1', a -- why ?2\n FROM t WHERE b = $1"
        );
    }

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let mut kept = Kept::new(3);
        for key in ["a", "b", "c"] {
            kept.put(key, key.to_uppercase());
        }
        assert_eq!(kept.get("a").map(String::as_str), Some("A"));
        kept.put("d", "D".to_owned());
        assert!(kept.get("b").is_none());
        for key in ["a", "c", "d"] {
            assert!(kept.get(key).is_some(), "{key}");
        }
        for number in 0..100 {
            kept.put(&number.to_string(), String::new());
        }
        assert_eq!(kept.items.len(), 3);
    }
}
