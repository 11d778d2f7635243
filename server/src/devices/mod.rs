//! Phones (手机终端): enrolment, the console's list, retirement, and when people were heard from.

pub mod enrol;
pub mod enrol_code;
pub mod list;
pub mod presence;
pub mod retire;
