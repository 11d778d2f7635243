//! The form behind a field record: its fields as data, and what makes a forms file refused.

use super::record::LONGEST_VALUE;
use crate::catalogue::{self, CatalogueError};
use crate::order::OrderKind;
use crate::text_enum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

text_enum! {
    /// How a field is filled in and stored.
    pub enum FieldKind {
        0 Text = "text", "文字", "Text";
        1 Integer = "integer", "整数", "Whole number";
        2 DecimalMilli = "decimal_milli", "数值", "Number";
        3 Choice = "choice", "选择", "Choice";
        4 Boolean = "boolean", "是否", "Yes or no";
        5 Time = "time", "时间", "Time";
    }
}

/// One of the values to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FormChoice {
    /// Stored word.
    pub value: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
}

/// True when another field has one of these values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Name of the other field.
    pub field: String,
    /// Any of these values makes it true.
    pub equals: Vec<String>,
}

/// The value must not be less than another field's, unless a condition lifts the rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Floor {
    /// Name of the other field, of the same kind.
    pub field: String,
    /// Lifts the rule, as a confirmed roll-over of a register does.
    pub unless: Option<Condition>,
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// Key in the record.
    pub name: String,
    /// Chinese label.
    pub zh: String,
    /// English label.
    pub en: String,
    /// How it is filled in.
    pub kind: FieldKind,
    /// Unit after the value; empty when there is none.
    #[serde(default)]
    pub unit: String,
    /// Must always be filled in.
    #[serde(default)]
    pub required: bool,
    /// Lowest value: thousandths for decimals, characters for text, milliseconds for times.
    pub min: Option<i64>,
    /// Highest value, counted as `min`.
    pub max: Option<i64>,
    /// What to choose from; only for choices.
    #[serde(default)]
    pub choices: Vec<FormChoice>,
    /// Must be filled in when this is true.
    pub required_when: Option<Condition>,
    /// Must not be less than another field.
    pub at_least: Option<Floor>,
}

/// The record form of one order kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Version; a running job keeps the one it began with.
    pub version: i64,
    /// The rule the fields follow.
    pub source: String,
    /// The form is not confirmed by the customer of this software.
    pub sample: bool,
    /// Fields in the order they are asked.
    #[serde(rename(deserialize = "field"))]
    pub fields: Vec<FormField>,
}

impl Form {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&FormField> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// Reads a forms file: one table per order kind; refuses fields that make no sense.
pub fn load(text: &str) -> Result<BTreeMap<OrderKind, Form>, CatalogueError> {
    let forms: BTreeMap<OrderKind, Form> = catalogue::parse(text)?;
    for (kind, form) in &forms {
        catalogue::filled(kind.as_str(), "source", &form.source)?;
        for (position, field) in form.fields.iter().enumerate() {
            let row = format!("{kind}.{}", field.name);
            check_field(form, position, field).map_err(|why| CatalogueError::at(&row, why))?;
        }
    }
    Ok(forms)
}

fn check_field(form: &Form, position: usize, field: &FormField) -> Result<(), String> {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if field.name.is_empty() || !field.name.chars().all(is_name) {
        return Err("a name is lower-case letters, digits and _".to_owned());
    }
    if field.zh.trim().is_empty() || field.en.trim().is_empty() {
        return Err("zh and en must not be empty".to_owned());
    }
    if form
        .fields
        .iter()
        .position(|other| other.name == field.name)
        != Some(position)
    {
        return Err("the name is used twice".to_owned());
    }
    if (field.kind == FieldKind::Choice) != (field.choices.len() > 1) {
        return Err("a choice, and only a choice, has two or more choices".to_owned());
    }
    if let (Some(min), Some(max)) = (field.min, field.max)
        && min > max
    {
        return Err("min is above max".to_owned());
    }
    let longest = i64::try_from(LONGEST_VALUE).unwrap_or(i64::MAX);
    if field.kind == FieldKind::Text && field.max.is_none_or(|max| max > longest) {
        return Err(format!(
            "text needs a max of at most {LONGEST_VALUE} characters"
        ));
    }
    if let Some(when) = &field.required_when {
        check_condition(form, when)?;
    }
    if let Some(floor) = &field.at_least {
        let other = form.field(&floor.field).ok_or("at_least names no field")?;
        if other.kind != field.kind {
            return Err("at_least names a field of another kind".to_owned());
        }
        if let Some(unless) = &floor.unless {
            check_condition(form, unless)?;
        }
    }
    Ok(())
}

fn check_condition(form: &Form, when: &Condition) -> Result<(), String> {
    let field = form
        .field(&when.field)
        .ok_or_else(|| format!("condition names no field: {}", when.field))?;
    let is_possible = |value: &String| match field.kind {
        FieldKind::Boolean => value == "true" || value == "false",
        FieldKind::Choice => field.choices.iter().any(|choice| choice.value == *value),
        _ => false,
    };
    if when.equals.is_empty() || !when.equals.iter().all(is_possible) {
        return Err(format!("condition on {} can never be true", when.field));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../catalogues/record_forms.toml");

    #[test]
    fn shipped_file_has_a_form_of_five_to_fifteen_fields_for_every_kind() {
        let forms = load(SHIPPED).unwrap();
        for kind in OrderKind::ALL {
            let count = forms[kind].fields.len();
            assert!((5..=15).contains(&count), "{kind} has {count}");
        }
    }

    #[test]
    fn refuses_fields_that_make_no_sense() {
        let form = |field: &str| {
            format!(
                "[ad_hoc]\nversion=1\nsource=\"x\"\nsample=true\n\
                 [[ad_hoc.field]]\nname=\"done\"\nzh=\"完\"\nen=\"Done\"\nkind=\"boolean\"\n\
                 [[ad_hoc.field]]\nzh=\"项\"\nen=\"Item\"\n{field}"
            )
        };
        load(&form("name=\"item\"\nkind=\"text\"\nmax=10")).unwrap();
        for bad in [
            "name=\"Item\"\nkind=\"text\"\nmax=10",
            "name=\"done\"\nkind=\"text\"\nmax=10",
            "name=\"item\"\nkind=\"text\"",
            "name=\"item\"\nkind=\"text\"\nmax=2001",
            "name=\"item\"\nkind=\"choice\"",
            "name=\"item\"\nkind=\"integer\"\nmin=3\nmax=2",
            "name=\"item\"\nkind=\"integer\"\nrequired_when={field=\"none\",equals=[\"true\"]}",
            "name=\"item\"\nkind=\"integer\"\nrequired_when={field=\"done\",equals=[\"perhaps\"]}",
            "name=\"item\"\nkind=\"integer\"\nrequired_when={field=\"done\",equals=[]}",
            "name=\"item\"\nkind=\"integer\"\nat_least={field=\"done\"}",
            "name=\"item\"\nkind=\"riddle\"",
        ] {
            assert!(load(&form(bad)).is_err(), "{bad}");
        }
    }
}
