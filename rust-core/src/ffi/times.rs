//! Times to choose from at the door, and the civil clock behind pickers.

use super::errors::guarded;
use super::{Core, PhoneError, Words};
use crate::work::moment;
use crate::work::times::{self, CivilTime, TimeChoice};

/// A moment to choose with one tap.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct TimeChoiceView {
    /// Epoch ms.
    pub at_ms: i64,
    /// "明天 09:00".
    pub name: Words,
}

/// A civil clock in Chinese time, for pickers.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct ClockView {
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

#[uniffi::export]
impl Core {
    /// Appointments of the next days.
    pub fn appointment_choices(&self) -> Result<Vec<TimeChoiceView>, PhoneError> {
        guarded(|| Ok(views(times::appointments(self.now_ms()?))))
    }

    /// Moments just past.
    pub fn recent_times(&self) -> Result<Vec<TimeChoiceView>, PhoneError> {
        guarded(|| Ok(views(times::recent(self.now_ms()?))))
    }

    /// The clock of a moment; of now when none is given.
    pub fn clock_of(&self, at_ms: Option<i64>) -> Result<ClockView, PhoneError> {
        guarded(|| {
            let time = times::civil(at_ms.map_or_else(|| self.now_ms(), Ok)?);
            Ok(ClockView {
                year: time.year,
                month: time.month,
                day: time.day,
                hour: time.hour,
                minute: time.minute,
            })
        })
    }

    /// A moment in words: "09:42" today, day and clock otherwise.
    pub fn time_words(&self, at_ms: i64) -> Result<Words, PhoneError> {
        guarded(|| Ok(Words::same(&moment(at_ms, self.now_ms()?))))
    }

    /// The moment of a clock, epoch ms.
    pub fn moment_of(&self, clock: ClockView) -> i64 {
        times::moment_of(CivilTime {
            year: clock.year,
            month: clock.month,
            day: clock.day,
            hour: clock.hour,
            minute: clock.minute,
        })
    }
}

fn views(choices: Vec<TimeChoice>) -> Vec<TimeChoiceView> {
    let view = |choice: TimeChoice| TimeChoiceView {
        at_ms: choice.at_ms,
        name: Words {
            zh: choice.zh,
            en: choice.en,
        },
    };
    choices.into_iter().map(view).collect()
}
