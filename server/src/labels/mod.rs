//! Labels (二维码标签): the archive of codes, printing, re-issuing and revoking them, labelled places, and
//! one-time consent codes. Signing keys and verdicts are the keys room's.

pub mod archive;
pub mod change;
pub mod command;
pub mod consent;
pub mod delivery;
pub mod font;
pub mod pdf;
pub mod places;
pub mod print;
pub mod send;
pub mod sheet;
pub mod symbol;
