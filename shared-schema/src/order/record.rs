//! The field record (现场记录): one form per order kind from `catalogues/record_forms.toml`, and the
//! check whether a record is complete and plausible.
//!
//! Values are text: integers plain, decimals with at most three places (`226.5`), booleans `true` or
//! `false`, times as epoch milliseconds, choices by their word.

use super::record_form::{Condition, FieldKind, Floor, Form, FormField};
use crate::order::OrderKind;
use crate::quantity::{format_milli, parse_milli};
use crate::text_enum;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

pub use super::record_form::load;

/// Field name to value, as filled in on the phone.
pub type RecordValues = BTreeMap<String, String>;

/// Longest value taken, in characters.
pub const LONGEST_VALUE: usize = 2_000;

static FORMS: LazyLock<BTreeMap<OrderKind, Form>> =
    LazyLock::new(|| load(include_str!("../../catalogues/record_forms.toml")).unwrap_or_default());

static EMPTY: LazyLock<Form> = LazyLock::new(Form::default);

/// The form of an order kind. Empty only if the embedded file is broken, which a test forbids.
pub fn form(kind: OrderKind) -> &'static Form {
    FORMS.get(&kind).unwrap_or(&EMPTY)
}

/// Every form, by order kind, for showing the catalogue.
pub fn forms() -> &'static BTreeMap<OrderKind, Form> {
    &FORMS
}

text_enum! {
    /// What is wrong with a value.
    pub enum RecordFault {
        0 Missing = "missing", "请填写", "must be filled in";
        1 Unknown = "unknown", "不是本表的项目", "is not a field of this form";
        2 NotText = "not_text", "字数不符", "has the wrong length";
        3 NotInteger = "not_integer", "请填整数", "must be a whole number";
        4 NotDecimal = "not_decimal", "请填数字，最多三位小数", "must be a number with at most three decimals";
        5 NotChoice = "not_choice", "请从选项中选择", "must be one of the choices";
        6 NotBoolean = "not_boolean", "请选是或否", "must be yes or no";
        7 NotTime = "not_time", "请填时间", "must be a time";
        8 OutOfRange = "out_of_range", "超出允许范围", "is out of range";
        9 BelowFloor = "below_floor", "不能小于", "must not be less than";
    }
}

/// One thing to mend in a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordProblem {
    /// Name of the field.
    pub field: String,
    /// What is wrong.
    pub fault: RecordFault,
    /// Chinese sentence: field and what to do.
    pub zh: String,
    /// English sentence: field and what to do.
    pub en: String,
}

/// Everything to mend, in the order of the form; empty = the record is complete.
pub fn check(kind: OrderKind, values: &RecordValues) -> Vec<RecordProblem> {
    check_form(form(kind), values)
}

/// [`check`] against any form.
pub fn check_form(form: &Form, values: &RecordValues) -> Vec<RecordProblem> {
    let mut problems: Vec<RecordProblem> = form
        .fields
        .iter()
        .filter_map(|field| check_field(form, field, values))
        .collect();
    let strangers = values.keys().filter(|name| form.field(name).is_none());
    problems.extend(strangers.map(|name| {
        let name: String = name.chars().take(40).collect();
        problem(&name, &name, &name, RecordFault::Unknown)
    }));
    problems
}

fn check_field(form: &Form, field: &FormField, values: &RecordValues) -> Option<RecordProblem> {
    let fault = |fault| Some(problem(&field.name, &field.zh, &field.en, fault));
    let value = values.get(&field.name).map_or("", |value| value.trim());
    if value.is_empty() {
        let is_asked = field.required
            || field
                .required_when
                .as_ref()
                .is_some_and(|when| holds(when, values));
        return if is_asked {
            fault(RecordFault::Missing)
        } else {
            None
        };
    }
    let number = match read(field, value) {
        Ok(number) => number,
        Err(why) => return fault(why),
    };
    if field.min.is_some_and(|min| number < min) || field.max.is_some_and(|max| number > max) {
        return Some(out_of_range(field));
    }
    let floor = field.at_least.as_ref()?;
    let lowest = floor_value(form, floor, values)?;
    (number < lowest).then(|| below_floor(form, field, floor))
}

/// The value as the number its bounds are about: thousandths, milliseconds, characters, 0.
fn read(field: &FormField, value: &str) -> Result<i64, RecordFault> {
    match field.kind {
        FieldKind::Text => match value.chars().count() {
            count if count > LONGEST_VALUE => Err(RecordFault::NotText),
            _ if value.chars().any(|c| c.is_control() && c != '\n') => Err(RecordFault::NotText),
            count => i64::try_from(count).map_err(|_| RecordFault::NotText),
        },
        FieldKind::Integer => value.parse().map_err(|_| RecordFault::NotInteger),
        FieldKind::DecimalMilli => parse_milli(value).ok_or(RecordFault::NotDecimal),
        FieldKind::Choice if field.choices.iter().any(|choice| choice.value == value) => Ok(0),
        FieldKind::Choice => Err(RecordFault::NotChoice),
        FieldKind::Boolean if matches!(value, "true" | "false") => Ok(0),
        FieldKind::Boolean => Err(RecordFault::NotBoolean),
        FieldKind::Time => match value.parse() {
            Ok(at_ms @ 0..=9_800_000_000_000) => Ok(at_ms),
            _ => Err(RecordFault::NotTime),
        },
    }
}

fn holds(when: &Condition, values: &RecordValues) -> bool {
    values
        .get(&when.field)
        .is_some_and(|value| when.equals.iter().any(|wanted| wanted == value.trim()))
}

fn floor_value(form: &Form, floor: &Floor, values: &RecordValues) -> Option<i64> {
    if floor
        .unless
        .as_ref()
        .is_some_and(|unless| holds(unless, values))
    {
        return None;
    }
    let value = values.get(&floor.field)?.trim();
    read(form.field(&floor.field)?, value).ok()
}

fn problem(name: &str, zh: &str, en: &str, fault: RecordFault) -> RecordProblem {
    RecordProblem {
        field: name.to_owned(),
        fault,
        zh: format!("{zh}：{}", fault.zh()),
        en: format!("{en}: {}", fault.en()),
    }
}

fn out_of_range(field: &FormField) -> RecordProblem {
    let mut problem = problem(&field.name, &field.zh, &field.en, RecordFault::OutOfRange);
    let show =
        |bound: Option<i64>| bound.map_or("…".to_owned(), |bound| show_bound(field, bound));
    let unit = if field.kind == FieldKind::Text {
        "字"
    } else {
        field.unit.as_str()
    };
    let range = format!("{} – {} {unit}", show(field.min), show(field.max));
    problem.zh = format!("{}（{}）", problem.zh, range.trim_end());
    problem.en = format!(
        "{} ({})",
        problem.en,
        range.trim_end_matches('字').trim_end()
    );
    problem
}

fn below_floor(form: &Form, field: &FormField, floor: &Floor) -> RecordProblem {
    let mut problem = problem(&field.name, &field.zh, &field.en, RecordFault::BelowFloor);
    if let Some(other) = form.field(&floor.field) {
        problem.zh.push_str(&other.zh);
        problem.en = format!("{} {}", problem.en, other.en);
    }
    problem
}

fn show_bound(field: &FormField, bound: i64) -> String {
    match field.kind {
        FieldKind::DecimalMilli => format_milli(bound),
        _ => bound.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values(pairs: &[(&str, &str)]) -> RecordValues {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn repaired() -> RecordValues {
        values(&[
            ("outage_started_at", "1777858200000"),
            ("fault_class", "low_voltage"),
            ("device_ownership", "utility"),
            ("on_site_check", "进户线接头烧断，无人触及"),
            ("fault_cause", "接头氧化发热"),
            ("measures", "停电后更换接头并包扎，送电正常"),
            ("power_restored", "true"),
            ("restored_at", "1777865400000"),
            ("voltage_v", "226.5"),
            ("contacted", "true"),
            ("contacted_at", "1777859000000"),
        ])
    }

    fn faults(kind: OrderKind, values: &RecordValues) -> Vec<(String, RecordFault)> {
        check(kind, values)
            .into_iter()
            .map(|problem| (problem.field, problem.fault))
            .collect()
    }

    #[test]
    fn full_fault_record_has_no_problem() {
        assert_eq!(check(OrderKind::FaultRepair, &repaired()), []);
    }

    #[test]
    fn restored_power_asks_for_its_time_and_lasting_outage_for_its_reason() {
        let mut record = repaired();
        record.remove("restored_at");
        assert_eq!(
            faults(OrderKind::FaultRepair, &record),
            [("restored_at".to_owned(), RecordFault::Missing)]
        );
        record.insert("power_restored".to_owned(), "false".to_owned());
        assert_eq!(
            faults(OrderKind::FaultRepair, &record),
            [("not_restored_reason".to_owned(), RecordFault::Missing)]
        );
    }

    #[test]
    fn power_cannot_be_back_before_it_went() {
        let mut record = repaired();
        record.insert("restored_at".to_owned(), "1777858199999".to_owned());
        let problems = check(OrderKind::FaultRepair, &record);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].fault, RecordFault::BelowFloor);
        assert!(
            problems[0].zh.contains("不能小于停电开始时间"),
            "{}",
            problems[0].zh
        );
    }

    #[test]
    fn removed_reading_below_the_last_one_needs_a_confirmed_roll_over() {
        let mut record = values(&[
            ("action", "replace"),
            ("phase", "single"),
            ("removed_meter_number", "OLD0001"),
            ("last_reading_kwh", "99990"),
            ("removed_reading_kwh", "12.34"),
            ("installed_meter_number", "NEW0001"),
            ("installed_reading_kwh", "0"),
            ("multiplier", "1"),
            ("seal_numbers", "F0001 F0002"),
            ("wiring_checked", "true"),
            ("readings_confirmed", "true"),
        ]);
        assert_eq!(
            faults(OrderKind::MeterChange, &record),
            [("removed_reading_kwh".to_owned(), RecordFault::BelowFloor)]
        );
        record.insert("rollover_confirmed".to_owned(), "true".to_owned());
        assert_eq!(check(OrderKind::MeterChange, &record), []);
    }

    #[test]
    fn wrong_values_are_named_with_what_is_allowed() {
        let mut record = repaired();
        for (name, value) in [
            ("outage_started_at", "yesterday"),
            ("fault_class", "gremlins"),
            ("voltage_v", "2265.5"),
            ("contacted", "yes"),
            ("surprise", "1"),
        ] {
            record.insert(name.to_owned(), value.to_owned());
        }
        let seen = faults(OrderKind::FaultRepair, &record);
        for expected in [
            ("outage_started_at", RecordFault::NotTime),
            ("fault_class", RecordFault::NotChoice),
            ("voltage_v", RecordFault::OutOfRange),
            ("contacted", RecordFault::NotBoolean),
            ("surprise", RecordFault::Unknown),
        ] {
            assert!(
                seen.contains(&(expected.0.to_owned(), expected.1)),
                "{expected:?}"
            );
        }
        let range = check(OrderKind::FaultRepair, &record)
            .into_iter()
            .find(|problem| problem.field == "voltage_v");
        assert!(range.unwrap().zh.contains("0 – 1000 V"));
    }

    #[test]
    fn empty_record_names_exactly_the_required_fields() {
        for kind in OrderKind::ALL {
            let required = form(*kind)
                .fields
                .iter()
                .filter(|field| field.required)
                .count();
            let problems = check(*kind, &RecordValues::new());
            assert_eq!(problems.len(), required, "{kind}");
            assert!(required >= 3, "{kind}");
        }
    }

    proptest! {
        #[test]
        fn any_values_are_checked_without_panic(
            kind in 0..OrderKind::ALL.len(),
            noise in prop::collection::vec(("\\PC{0,12}", "\\PC{0,30}"), 0..6),
            fill in prop::sample::select(vec!["", " ", "true", "-1", "9223372036854775807", "replace", "１２"]),
        ) {
            let kind = OrderKind::ALL[kind];
            let mut record: RecordValues = noise.into_iter().collect();
            for field in &form(kind).fields {
                record.insert(field.name.clone(), fill.to_owned());
            }
            for problem in check(kind, &record) {
                prop_assert!(!problem.zh.is_empty() && !problem.en.is_empty());
            }
        }
    }
}
