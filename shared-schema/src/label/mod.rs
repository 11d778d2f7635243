//! Codes (二维码): what their bytes mean, who vouches for them, and what a scan is worth.
//!
//! `payload` is the signed place code, `consent` the one-time code of a customer's agreement, `plain`
//! the unsigned first version, `legacy` what older systems printed. `keys` and `revocations` are the
//! signed lists a phone carries, `judge` gives the verdict without a network. No code of ours carries
//! personal data: opaque ids and a signature only. Finding a code in a picture is the scanner's work.

pub mod base45;
pub mod consent;
pub mod judge;
pub mod keys;
pub mod legacy;
pub mod payload;
pub mod plain;
mod reading;
pub mod revocations;
pub mod seal;
pub mod verdict;

pub use plain::{LabelCode, LabelError, encode, parse};
pub use reading::{Reading, read};
pub use verdict::LabelVerdict;

use crate::text_enum;

/// Longest text looked at, in characters: a symbol of version 40 holds more, but no code of ours or
/// of the systems before us is nearly so long.
pub const LONGEST_TEXT: usize = 1_000;

text_enum! {
    /// What a code is stuck on or sent for.
    pub enum LabelKind {
        0 Customer = "customer", "客户码", "Customer code";
        1 Meter = "meter", "表计码", "Meter code";
        2 Place = "place", "现场码", "Place code";
        3 MeterBox = "meter_box", "表箱码", "Meter box code";
        4 Pole = "pole", "杆塔码", "Pole code";
        5 TransformerArea = "transformer_area", "台区码", "Transformer area code";
    }
}

impl LabelKind {
    /// The letter in the unsigned code.
    pub const fn letter(self) -> char {
        match self {
            Self::Customer => 'C',
            Self::Meter => 'M',
            Self::Place => 'P',
            Self::MeterBox => 'B',
            Self::Pole => 'G',
            Self::TransformerArea => 'T',
        }
    }

    /// The kind of a letter.
    pub fn of_letter(letter: &str) -> Option<Self> {
        let found = Self::ALL
            .iter()
            .find(|kind| letter.chars().eq([kind.letter()]));
        found.copied()
    }

    /// Stuck on equipment that serves several customers.
    pub const fn is_shared_place(self) -> bool {
        matches!(
            self,
            Self::Place | Self::MeterBox | Self::Pole | Self::TransformerArea
        )
    }
}
