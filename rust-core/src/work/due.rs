//! How long there is still time, in words a person reads in passing: the nearest deadline of an order
//! by server time. Thresholds are those of the schema's warning levels.

use crate::store::orders;
use dianma_schema::order::OrderState;
use dianma_schema::order::deadline;
use dianma_schema::text_enum;
use dianma_schema::time::{DAY_MS, HOUR_MS, MINUTE_MS, format_minute};
use dianma_schema::wire::record::OrderRecord;
use serde::Serialize;

text_enum! {
    /// How pressing a deadline is.
    pub enum DueLevel {
        0 Calm = "calm", "充裕", "In good time";
        1 Soon = "soon", "临近", "Soon";
        2 Overdue = "overdue", "超期", "Overdue";
    }
}

/// The nearest deadline of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    /// When, epoch ms server time.
    pub at_ms: i64,
    /// It is about arriving, not about completing.
    pub is_arrival: bool,
    /// How pressing.
    pub level: DueLevel,
    /// "到达 还剩 38 分钟".
    pub zh: String,
    /// English.
    pub en: String,
}

/// The deadline that counts now in the state the person sees; none when the order has none.
pub fn of(record: &OrderRecord, state: OrderState, now_ms: i64) -> Option<Due> {
    let at_ms = orders::due_at_ms(record, state);
    if at_ms == i64::MAX {
        return None;
    }
    let is_arrival = record.due_at_ms != Some(at_ms);
    let level = match deadline::warn_level(now_ms, record.taken_in_at_ms, at_ms) {
        0 | 1 => DueLevel::Calm,
        2 | 3 => DueLevel::Soon,
        _ => DueLevel::Overdue,
    };
    let (what_zh, what_en) = if is_arrival {
        ("到达", "Arrival")
    } else {
        ("完成", "Completion")
    };
    let (left_zh, left_en) = left(at_ms - now_ms);
    Some(Due {
        at_ms,
        is_arrival,
        level,
        zh: format!("{what_zh}{left_zh}"),
        en: format!("{what_en}: {left_en}"),
    })
}

/// Time left (or past, when negative) in words.
fn left(left_ms: i64) -> (String, String) {
    let (zh, en) = span(left_ms.saturating_abs());
    if left_ms >= 0 {
        (format!("还剩 {zh}"), format!("{en} left"))
    } else {
        (format!("已超 {zh}"), format!("{en} overdue"))
    }
}

/// A span in its two largest units at most; a started minute counts.
pub fn span(span_ms: i64) -> (String, String) {
    let minutes = span_ms.saturating_add(MINUTE_MS - 1) / MINUTE_MS;
    let (days, hours) = (span_ms / DAY_MS, span_ms % DAY_MS / HOUR_MS);
    if days > 0 {
        return (
            format!("{days} 天 {hours} 小时"),
            format!("{days} d {hours} h"),
        );
    }
    if minutes >= 60 {
        let (hours, rest) = (minutes / 60, minutes % 60);
        return (
            format!("{hours} 小时 {rest} 分"),
            format!("{hours} h {rest} min"),
        );
    }
    (format!("{minutes} 分钟"), format!("{minutes} min"))
}

/// A moment as people write it: the clock alone when it is today, else day and clock.
pub fn moment(at_ms: i64, now_ms: i64) -> String {
    let (then, now) = (format_minute(at_ms), format_minute(now_ms));
    match (then.split_once(' '), now.split_once(' ')) {
        (Some((day, clock)), Some((today, _))) if day == today => clock.to_owned(),
        _ => then,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_is_said_in_the_units_people_use() {
        for (ms, zh) in [
            (38 * MINUTE_MS, "还剩 38 分钟"),
            (-12 * MINUTE_MS, "已超 12 分钟"),
            (0, "还剩 0 分钟"),
            (1, "还剩 1 分钟"),
            (90 * MINUTE_MS, "还剩 1 小时 30 分"),
            (-(2 * DAY_MS + 3 * HOUR_MS), "已超 2 天 3 小时"),
        ] {
            assert_eq!(left(ms).0, zh);
        }
        assert_eq!(left(-61 * MINUTE_MS).1, "1 h 1 min overdue");
    }

    #[test]
    fn a_moment_of_today_is_its_clock() {
        let now = 1_780_000_000_000;
        assert_eq!(moment(now, now).len(), 5);
        assert_eq!(moment(now - 2 * DAY_MS, now).len(), 16);
    }
}
