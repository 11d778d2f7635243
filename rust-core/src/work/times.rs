//! Times to choose from with one tap, and a Chinese civil clock for choosing any other: what an
//! appointment can be moved to, and when something has probably happened.

use dianma_schema::time::{
    CHINA_OFFSET_MS, DAY_MS, HOUR_MS, MINUTE_MS, china_day, china_day_start_ms, civil_from_days,
    days_from_civil,
};

/// A moment to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeChoice {
    /// Epoch ms.
    pub at_ms: i64,
    /// "明天 09:00".
    pub zh: String,
    /// English.
    pub en: String,
}

/// Year, month, day, hour, minute in Chinese civil time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CivilTime {
    /// Year.
    pub year: i64,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
}

/// Hours of a day at which customers are visited.
const VISIT_HOURS: [i64; 3] = [9, 14, 19];
/// An appointment today is at least so far away, ms.
const LEAST_NOTICE_MS: i64 = HOUR_MS;
/// How long ago something has happened, minutes.
const AGO_MINUTES: [i64; 4] = [0, 15, 30, 60];

/// Appointments of the next days.
pub fn appointments(now_ms: i64) -> Vec<TimeChoice> {
    let today = china_day(now_ms);
    let names = [
        ("今天", "Today"),
        ("明天", "Tomorrow"),
        ("后天", "In 2 days"),
    ];
    let days = (0..).zip(names);
    let all = days.flat_map(|(offset, (zh, en))| {
        VISIT_HOURS.iter().map(move |hour| TimeChoice {
            at_ms: china_day_start_ms(today + offset) + hour * HOUR_MS,
            zh: format!("{zh} {hour:02}:00"),
            en: format!("{en} {hour:02}:00"),
        })
    });
    all.filter(|choice| choice.at_ms >= now_ms + LEAST_NOTICE_MS)
        .collect()
}

/// Moments just past.
pub fn recent(now_ms: i64) -> Vec<TimeChoice> {
    let choice = |minutes: &i64| {
        let at_ms = now_ms - minutes * MINUTE_MS;
        let (zh, en) = match minutes {
            0 => ("刚才".to_owned(), "Just now".to_owned()),
            60 => ("1 小时前".to_owned(), "1 hour ago".to_owned()),
            minutes => (format!("{minutes} 分钟前"), format!("{minutes} min ago")),
        };
        TimeChoice { at_ms, zh, en }
    };
    AGO_MINUTES.iter().map(choice).collect()
}

/// The civil clock of a moment.
pub fn civil(at_ms: i64) -> CivilTime {
    let (year, month, day) = civil_from_days(china_day(at_ms));
    let minutes = (at_ms + CHINA_OFFSET_MS).rem_euclid(DAY_MS) / MINUTE_MS;
    let small = |value: i64| u32::try_from(value).unwrap_or(0);
    CivilTime {
        year,
        month,
        day,
        hour: small(minutes / 60),
        minute: small(minutes % 60),
    }
}

/// The moment of a civil clock; what is out of range is carried over, as pickers do.
pub fn moment_of(time: CivilTime) -> i64 {
    china_day_start_ms(days_from_civil(
        time.year,
        time.month.clamp(1, 12),
        time.day,
    )) + i64::from(time.hour) * HOUR_MS
        + i64::from(time.minute) * MINUTE_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Monday 2026-05-04, 09:00 in China.
    const NOW_MS: i64 = 1_777_856_400_000;

    #[test]
    fn appointments_leave_an_hour_and_reach_into_the_day_after_tomorrow() {
        let words: Vec<String> = appointments(NOW_MS).into_iter().map(|c| c.zh).collect();
        assert_eq!(words.first().unwrap(), "今天 14:00");
        assert_eq!(words.last().unwrap(), "后天 19:00");
        assert!(appointments(NOW_MS).iter().all(|c| c.at_ms > NOW_MS));
    }

    #[test]
    fn a_civil_clock_leads_back_to_its_minute() {
        for at_ms in [NOW_MS, NOW_MS + 14 * HOUR_MS + 59 * MINUTE_MS, 0] {
            assert_eq!(moment_of(civil(at_ms)), at_ms);
        }
        assert_eq!(civil(NOW_MS).hour, 9);
        assert_eq!(recent(NOW_MS)[2].at_ms, NOW_MS - 30 * MINUTE_MS);
    }
}
