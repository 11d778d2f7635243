//! Identifiers: `UUIDv7` newtypes made from a caller's clock and entropy, and the human keys of the
//! trade (户号, 表号, 杆号, 工单号) that are parsed and validated once, at the door.

use minicbor::{Decode, Decoder, Encode, Encoder};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why an identifier was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {of}: {why}")]
pub struct InvalidId {
    /// What the text was meant to be.
    pub of: &'static str,
    /// The rule it breaks.
    pub why: &'static str,
}

/// Builds a `UUIDv7` from epoch milliseconds and ten random bytes (RFC 9562 section 5.7).
pub fn uuid_v7(now_ms: i64, random: [u8; 10]) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(now_ms.max(0).unsigned_abs(), &random).into_uuid()
}

macro_rules! uuid_ids {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = "uuid"))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id; time and randomness are the caller's.
            pub fn new(now_ms: i64, random: [u8; 10]) -> Self {
                Self(uuid_v7(now_ms, random))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text)
                    .map(Self)
                    .map_err(|_| InvalidId { of: stringify!($name), why: "not a UUID" })
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self, e: &mut Encoder<W>, _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(self.0.as_bytes())?;
                Ok(())
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                Uuid::from_slice(d.bytes()?)
                    .map(Self)
                    .map_err(|_| minicbor::decode::Error::message("id is not 16 bytes"))
            }
        }
    )+};
}

uuid_ids! {
    /// A work order (工单).
    WorkOrderId;
    /// A customer (客户).
    CustomerId;
    /// A meter (表计).
    MeterId;
    /// A transformer area (台区).
    AreaId;
    /// A supply station (供电所).
    StationId;
    /// A person who signs in (工作人员).
    StaffId;
    /// A phone (手机终端).
    DeviceId;
    /// A raw record taken in (受理记录).
    IntakeRecordId;
    /// An import run (导入).
    ImportId;
    /// A label (二维码标签).
    LabelId;
    /// A labelled meter box, pole or transformer area (现场设施).
    PlaceId;
    /// A named view of a list (视图).
    SavedViewId;
}

macro_rules! text_ids {
    ($($(#[$meta:meta])* $name:ident, $check:expr;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Encode, Decode)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        #[serde(try_from = "String", into = "String")]
        #[cbor(transparent)]
        pub struct $name(#[n(0)] String);

        impl $name {
            /// Trims, turns full-width digits and letters into ASCII, then validates.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                let clean = half_width(text.trim());
                match ($check as fn(&str) -> Option<&'static str>)(&clean) {
                    None => Ok(Self(clean)),
                    Some(why) => Err(InvalidId { of: stringify!($name), why }),
                }
            }

            /// The validated text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> { Self::parse(text) }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> { Self::parse(&text) }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String { id.0 }
        }
    )+};
}

text_ids! {
    /// 户号: digits only, 6 to 20 of them; the join key with the marketing MIS.
    AccountNumber, |t| digits(t, 6, 20);
    /// 表号: ASCII letters and digits, 4 to 24 characters.
    MeterNumber, |t| ascii_alphanumeric(t, 4, 24);
    /// 杆号: 1 to 40 characters, Chinese allowed, no control characters.
    PoleNumber, |t| plain_text(t, 40);
    /// 工单号: given by the server, ASCII letters, digits and hyphens.
    OrderNumber, |t| order_number(t);
}

/// Full-width forms (Ａ１－) to ASCII: people paste them from Chinese input methods.
pub fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            '\u{3000}' => ' ',
            other => other,
        })
        .collect()
}

fn digits(text: &str, min: usize, max: usize) -> Option<&'static str> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        Some("only digits are allowed")
    } else if !(min..=max).contains(&text.len()) {
        Some("wrong number of digits")
    } else {
        None
    }
}

fn ascii_alphanumeric(text: &str, min: usize, max: usize) -> Option<&'static str> {
    if !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        Some("only letters and digits are allowed")
    } else if !(min..=max).contains(&text.len()) {
        Some("wrong length")
    } else {
        None
    }
}

fn plain_text(text: &str, max: usize) -> Option<&'static str> {
    let count = text.chars().count();
    if count == 0 || count > max {
        Some("wrong length")
    } else if text.chars().any(char::is_control) {
        Some("control characters are not allowed")
    } else {
        None
    }
}

fn order_number(text: &str) -> Option<&'static str> {
    if text.is_empty() || text.len() > 32 {
        Some("wrong length")
    } else if !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        Some("only letters, digits and hyphens are allowed")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_number_accepts_full_width_digits_and_spaces() {
        assert_eq!(
            AccountNumber::parse(" １２３４５６７８９０ ")
                .unwrap()
                .as_str(),
            "1234567890"
        );
    }

    #[test]
    fn account_number_refuses_letters_and_wrong_lengths() {
        for bad in [
            "12345",
            "12345678901234567890A",
            "1234567890123456789012",
            "",
            "１２a４５６",
        ] {
            assert!(AccountNumber::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn ids_sort_by_time_and_survive_cbor() {
        let early = WorkOrderId::new(1_000, [9; 10]);
        let late = WorkOrderId::new(2_000, [0; 10]);
        assert!(early < late);
        let bytes = minicbor::to_vec(early).unwrap();
        assert_eq!(bytes.len(), 17);
        assert_eq!(minicbor::decode::<WorkOrderId>(&bytes).unwrap(), early);
        assert!(minicbor::decode::<WorkOrderId>(&[0x43, 1, 2, 3]).is_err());
    }
}
