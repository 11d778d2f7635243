//! Mappings (列映射): which column of a foreign record is which of our fields, with value tables.
//! Mappings are TOML in `shared-schema/catalogues/mappings`; the same ones read files, staging tables
//! and pushed JSON objects.

use dianma_schema::catalogue::CatalogueError;
use dianma_schema::fault;
use dianma_schema::intake::RecordKind;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::inputs::Problem;

/// Longest value kept of one column, characters.
const MAX_VALUE: usize = 4_000;

/// One of our fields and where it comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Our field, see [`super::inputs`].
    pub field: String,
    /// Column names it may have, the first present one counts. Compared without case and spaces.
    pub names: Vec<String>,
    /// A record without the column cannot be read.
    #[serde(default)]
    pub required: bool,
    /// Value when the column is missing or empty.
    pub default: Option<String>,
    /// Name of the table that translates values.
    pub values: Option<String>,
    /// What a value outside the table becomes; without it such a value is a fault.
    pub otherwise: Option<String>,
    /// Unit of an amount: `yuan` (default) or `fen`.
    pub money: Option<String>,
    /// Order of numbers in a date such as 04/05/2026: `day_first` or `month_first`.
    pub date: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    record_kind: String,
    zh: String,
    en: String,
    #[serde(default)]
    marks: Vec<String>,
    column: Vec<Column>,
    #[serde(default)]
    constants: BTreeMap<String, String>,
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// A mapping ready to use.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Its name, the file's.
    pub name: String,
    /// What the records are.
    pub record_kind: RecordKind,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// Columns by which a pushed record is known to be of this profile.
    pub marks: Vec<String>,
    /// The columns.
    pub columns: Vec<Column>,
    constants: BTreeMap<String, String>,
    /// Table, then foreign value (normal form) to ours.
    values: HashMap<String, HashMap<String, String>>,
}

/// Our fields of one record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// A field that is there and not empty.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    /// Sets a field, as a person who decides does.
    pub fn set(&mut self, field: &str, value: &str) {
        self.0.insert(field.to_owned(), value.to_owned());
    }
}

/// Column names and values are compared in this form.
fn normal(text: &str) -> String {
    dianma_schema::id::half_width(text)
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{FEFF}')
        .flat_map(char::to_lowercase)
        .collect()
}

impl Mapping {
    /// Reads a mapping file.
    pub fn parse(name: &str, text: &str) -> Result<Self, CatalogueError> {
        let file: File =
            toml::from_str(text).map_err(|error| CatalogueError::at(name, error.to_string()))?;
        let record_kind: RecordKind = file
            .record_kind
            .parse()
            .map_err(|_| CatalogueError::at(name, "unknown record_kind"))?;
        let known = super::inputs::fields(record_kind);
        let named = file.column.iter().map(|column| &column.field);
        for field in named.chain(file.constants.keys()) {
            if !known.contains(&field.as_str()) {
                return Err(CatalogueError::at(name, format!("unknown field {field}")));
            }
        }
        for column in &file.column {
            if let Some(table) = &column.values
                && !file.values.contains_key(table)
            {
                return Err(CatalogueError::at(name, format!("no values.{table}")));
            }
        }
        let values = file
            .values
            .into_iter()
            .map(|(table, rows)| {
                let rows = rows.into_iter().flat_map(|(ours, theirs)| {
                    theirs
                        .into_iter()
                        .map(move |value| (normal(&value), ours.clone()))
                });
                (table, rows.collect())
            })
            .collect();
        Ok(Self {
            name: name.to_owned(),
            record_kind,
            zh: file.zh,
            en: file.en,
            marks: file.marks,
            columns: file.column,
            constants: file.constants,
            values,
        })
    }

    /// Finds the columns of a header; refuses a header that lacks required ones.
    pub fn plan(&self, header: &[String]) -> Result<Plan<'_>, Problem> {
        let header: Vec<String> = header.iter().map(|name| normal(name)).collect();
        let find = |names: &[String]| {
            names
                .iter()
                .find_map(|name| header.iter().position(|have| *have == normal(name)))
        };
        let places: Vec<Option<usize>> = self.columns.iter().map(|c| find(&c.names)).collect();
        let missing: Vec<&str> = self
            .columns
            .iter()
            .zip(&places)
            .filter(|(column, place)| column.required && place.is_none())
            .filter_map(|(column, _)| column.names.first().map(String::as_str))
            .collect();
        if !missing.is_empty() {
            let detail = format!("缺少列：{}", missing.join("、"));
            return Err(Problem::new(fault::V_COLUMNS, detail));
        }
        let used: Vec<usize> = places.iter().flatten().copied().collect();
        let unknown = (0..header.len()).filter(|i| !used.contains(i)).collect();
        Ok(Plan {
            mapping: self,
            places,
            unknown,
        })
    }

    fn value(&self, column: &Column, raw: Option<&str>) -> Result<Option<String>, Problem> {
        let raw = raw.map(str::trim).filter(|raw| !raw.is_empty());
        let Some(raw) = raw.or(column.default.as_deref()) else {
            return Ok(None);
        };
        if raw.contains('\0') {
            let detail = format!("{} 含有不可用字符", column.field);
            return Err(Problem::new(fault::V_FIELD, detail));
        }
        let Some(table) = column.values.as_ref().and_then(|t| self.values.get(t)) else {
            return Ok(Some(raw.chars().take(MAX_VALUE).collect()));
        };
        match (table.get(&normal(raw)), &column.otherwise) {
            (Some(ours), _) => Ok(Some(ours.clone())),
            (None, Some(other)) => Ok(Some(other.clone()).filter(|other| !other.is_empty())),
            (None, None) => {
                let name = column.names.first().unwrap_or(&column.field);
                let detail = format!("“{name}”的取值不在映射表中");
                Err(Problem::new(fault::V_FIELD, detail))
            }
        }
    }
}

/// A mapping laid on one header.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    mapping: &'a Mapping,
    places: Vec<Option<usize>>,
    /// Columns of the header that no field uses.
    pub unknown: Vec<usize>,
}

impl Plan<'_> {
    /// Whether the header has a column for the field.
    pub fn has(&self, field: &str) -> bool {
        let mut columns = self.mapping.columns.iter().zip(&self.places);
        columns.any(|(column, place)| column.field == field && place.is_some())
    }

    /// Our fields of one record.
    pub fn read(&self, record: &[String]) -> Result<Fields, Problem> {
        let mut fields = self.mapping.constants.clone();
        for (column, place) in self.mapping.columns.iter().zip(&self.places) {
            let raw = place
                .and_then(|place| record.get(place))
                .map(String::as_str);
            if let Some(value) = self.mapping.value(column, raw)? {
                let value = convert(column, value)?;
                fields.insert(column.field.clone(), value);
            }
        }
        Ok(Fields(fields))
    }
}

/// Amounts to fen and dates with an uncertain order to year first, so that typed reading needs no
/// mapping.
fn convert(column: &Column, value: String) -> Result<String, Problem> {
    if column.money.as_deref() == Some("yuan") {
        let fen = dianma_schema::money::parse_yuan(&value);
        return fen.map(|fen| fen.to_string()).ok_or_else(|| {
            let detail = format!("{} 不是金额", column.field);
            Problem::new(fault::V_MONEY, detail)
        });
    }
    let Some(order) = column.date.as_deref() else {
        return Ok(value);
    };
    let clean = dianma_schema::id::half_width(&value);
    let (date, clock) = clean.split_once(' ').unwrap_or((&clean, ""));
    let parts: Vec<&str> = date.split(['/', '-', '.']).collect();
    Ok(match (parts.as_slice(), order) {
        ([day, month, year], "day_first") if year.len() == 4 => {
            format!("{year}-{month}-{day} {clock}")
        }
        ([month, day, year], "month_first") if year.len() == 4 => {
            format!("{year}-{month}-{day} {clock}")
        }
        _ => clean.clone(),
    })
}

macro_rules! shipped {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../../../shared-schema/catalogues/mappings/", $name, ".toml")))),+]
    };
}

/// The shipped mapping files.
const FILES: &[(&str, &str)] = shipped!(
    "areas_generic",
    "customers_generic",
    "meters_generic",
    "arrears_generic",
    "business_generic",
    "hotline_profile",
    "hotline_console",
);

static SHIPPED: LazyLock<Vec<Mapping>> = LazyLock::new(|| {
    FILES
        .iter()
        .filter_map(|(name, text)| {
            Mapping::parse(name, text)
                .inspect_err(|error| tracing::error!(error = %error, "a shipped mapping is broken"))
                .ok()
        })
        .collect()
});

/// The shipped mappings. A broken file is left out, which a test forbids.
pub fn shipped() -> &'static [Mapping] {
    &SHIPPED
}

/// A shipped mapping by name.
pub fn find(name: &str) -> Option<&'static Mapping> {
    shipped().iter().find(|mapping| mapping.name == name)
}

/// The profile of a pushed record by the names of its fields: most marks present wins.
pub fn recognise(kind: RecordKind, names: &[String]) -> Option<&'static Mapping> {
    let names: Vec<String> = names.iter().map(|name| normal(name)).collect();
    let count = |mapping: &Mapping| {
        mapping
            .marks
            .iter()
            .filter(|mark| names.contains(&normal(mark)))
            .count()
    };
    shipped()
        .iter()
        .filter(|mapping| mapping.record_kind == kind)
        .max_by_key(|mapping| count(mapping))
        .filter(|mapping| mapping.plan(&names).is_ok())
}

#[cfg(test)]
#[path = "mapping_tests.rs"]
mod tests;
