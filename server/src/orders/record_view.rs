//! The field record as people read it: every field of the kind's form in its order, with the value
//! spelled out. Values that no form knows (an older form version) follow at the end.

use dianma_schema::order::OrderKind;
use dianma_schema::order::record::{RecordValues, form};
use dianma_schema::order::record_form::{FieldKind, FormChoice, FormField};
use dianma_schema::time::format_minute;
use serde::Serialize;
use utoipa::ToSchema;

/// One field of the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordField {
    /// Name in the form.
    pub name: String,
    /// Chinese label.
    pub zh: String,
    /// English label.
    pub en: String,
    /// Unit; empty when none.
    pub unit: String,
    /// Value as stored; `null` when not filled in.
    pub value: Option<String>,
    /// Value as people read it, Chinese; empty when not filled in.
    pub display: String,
    /// The same in English; what a person typed stays as typed.
    pub display_en: String,
}

/// The record of an order of this kind.
pub fn record(kind: OrderKind, values: &RecordValues) -> Vec<RecordField> {
    let form = form(kind);
    let known = form.fields.iter().map(|field| {
        let value = values.get(&field.name).cloned();
        RecordField {
            name: field.name.clone(),
            zh: field.zh.clone(),
            en: field.en.clone(),
            unit: field.unit.clone(),
            display: value.as_deref().map_or(String::new(), |v| {
                display(field, v, ("是", "否"), |c| &c.zh)
            }),
            display_en: value.as_deref().map_or(String::new(), |v| {
                display(field, v, ("yes", "no"), |c| &c.en)
            }),
            value,
        }
    });
    let strangers = values
        .iter()
        .filter(|(name, _)| form.field(name).is_none())
        .map(|(name, value)| RecordField {
            name: name.clone(),
            zh: name.clone(),
            en: name.clone(),
            unit: String::new(),
            value: Some(value.clone()),
            display: value.clone(),
            display_en: value.clone(),
        });
    known.chain(strangers).collect()
}

/// A value in one language: its two words for yes and no, and which name of a choice it reads.
fn display(
    field: &FormField,
    value: &str,
    (yes, no): (&str, &str),
    name: fn(&FormChoice) -> &String,
) -> String {
    match (field.kind, value) {
        (FieldKind::Boolean, "true") => yes.to_owned(),
        (FieldKind::Boolean, "false") => no.to_owned(),
        (FieldKind::Choice, _) => field
            .choices
            .iter()
            .find(|choice| choice.value == value)
            .map_or_else(|| value.to_owned(), |choice| name(choice).clone()),
        (FieldKind::Time, _) => value
            .parse()
            .map_or_else(|_| value.to_owned(), format_minute),
        _ if field.unit.is_empty() => value.to_owned(),
        _ => format!("{value} {}", field.unit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_spelled_out_and_strangers_kept() {
        let pairs = [
            ("power_restored", "true"),
            ("restored_at", "1777865400000"),
            ("voltage_v", "226.5"),
            ("of_an_old_form", "7"),
        ];
        let values = pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        let record = record(OrderKind::FaultRepair, &values);
        let shown = |name: &str| {
            let field = record.iter().find(|field| field.name == name).unwrap();
            field.display.clone()
        };
        assert_eq!(shown("power_restored"), "是");
        let restored = record.iter().find(|field| field.name == "power_restored");
        assert_eq!(restored.unwrap().display_en, "yes");
        assert_eq!(shown("restored_at"), "2026-05-04 11:30");
        assert_eq!(shown("voltage_v"), "226.5 V");
        assert_eq!(shown("of_an_old_form"), "7");
        assert_eq!(shown("fault_cause"), "");
    }
}
