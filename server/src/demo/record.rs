//! Generated field records: believable values that the form of the kind accepts.

use super::random::Random;
use dianma_schema::order::OrderKind;
use dianma_schema::order::record::{RecordValues, check, form};
use dianma_schema::order::record_form::{FieldKind, FormField};
use dianma_schema::quantity::format_milli;

/// Words for text fields; every one says nothing about anybody.
const REMARKS: [&str; 6] = [
    "现场核实与报修一致（生成数据）",
    "接线端子松动，已紧固并测温（生成数据）",
    "更换老化导线并恢复绝缘（生成数据）",
    "已向客户说明原因和注意事项（生成数据）",
    "测量电压正常，设备运行良好（生成数据）",
    "清理树障并加装警示标识（生成数据）",
];

/// When things happened on site, epoch ms.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_field_names, reason = "units last")]
pub(super) struct OnSite {
    pub(super) taken_in_at_ms: i64,
    pub(super) arrived_at_ms: i64,
    pub(super) done_at_ms: i64,
}

/// A record that the form accepts: random choices first, then, if they do not fit together, the
/// first choice of everything.
pub(super) fn generate(random: &mut Random, kind: OrderKind, times: OnSite) -> RecordValues {
    for _ in 0..4 {
        let values = fill(kind, times, &mut |field| choice(random, field));
        if check(kind, &values).is_empty() {
            return values;
        }
    }
    fill(kind, times, &mut plain)
}

fn fill(
    kind: OrderKind,
    times: OnSite,
    value: &mut dyn FnMut(&FormField) -> String,
) -> RecordValues {
    let form = form(kind);
    let mut values = RecordValues::new();
    for field in &form.fields {
        let is_asked = field.required_when.as_ref().is_none_or(|when| {
            values
                .get(&when.field)
                .is_some_and(|value| when.equals.contains(value))
        });
        if !is_asked && !field.required {
            continue;
        }
        let text = match field.kind {
            FieldKind::Time => time(&field.name, times).to_string(),
            _ => value(field),
        };
        let floor = field
            .at_least
            .as_ref()
            .and_then(|floor| values.get(&floor.field));
        let text = match floor {
            Some(floor) if field.kind != FieldKind::Time => floor.clone(),
            _ => text,
        };
        values.insert(field.name.clone(), text);
    }
    values
}

fn time(name: &str, times: OnSite) -> i64 {
    match name {
        "outage_started_at" => times.taken_in_at_ms,
        "restored_at" => times.done_at_ms,
        _ => times.arrived_at_ms,
    }
}

fn choice(random: &mut Random, field: &FormField) -> String {
    let (low, high) = middle(field);
    match field.kind {
        FieldKind::Text => cut(random.pick(&REMARKS), field),
        FieldKind::Integer => random.between(low, high).to_string(),
        FieldKind::DecimalMilli => format_milli(random.between(low, high)),
        FieldKind::Boolean => random.chance(970).to_string(),
        FieldKind::Choice => field.choices[random.index(field.choices.len())]
            .value
            .clone(),
        FieldKind::Time => String::new(),
    }
}

fn plain(field: &FormField) -> String {
    let (low, high) = middle(field);
    match field.kind {
        FieldKind::Text => cut(REMARKS[0], field),
        FieldKind::Integer => i64::midpoint(low, high).to_string(),
        FieldKind::DecimalMilli => format_milli(i64::midpoint(low, high)),
        FieldKind::Boolean => "true".to_owned(),
        FieldKind::Choice => field.choices[0].value.clone(),
        FieldKind::Time => String::new(),
    }
}

/// The middle third of what is allowed.
fn middle(field: &FormField) -> (i64, i64) {
    let low = field.min.unwrap_or(1);
    let high = field.max.unwrap_or(low + 100).max(low);
    let third = (high - low) / 3;
    (low + third, high - third)
}

fn cut(text: &str, field: &FormField) -> String {
    let most = usize::try_from(field.max.unwrap_or(40)).unwrap_or(40);
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_gets_complete_records() {
        let mut random = Random::new(11);
        let times = OnSite {
            taken_in_at_ms: 1_770_000_000_000,
            arrived_at_ms: 1_770_003_000_000,
            done_at_ms: 1_770_006_000_000,
        };
        for kind in OrderKind::ALL {
            for _ in 0..50 {
                let values = generate(&mut random, *kind, times);
                let problems = check(*kind, &values);
                assert!(problems.is_empty(), "{kind}: {problems:?} {values:?}");
            }
        }
    }
}
