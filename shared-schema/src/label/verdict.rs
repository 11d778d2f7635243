//! What a scan is worth, in one word and one sentence in two languages.

use crate::text_enum;
use crate::time::format_minute;

text_enum! {
    /// The verdict on a code.
    pub enum LabelVerdict {
        0 Valid = "valid", "有效", "Valid";
        1 ValidAsOf = "valid_as_of", "截至名单日期有效", "Valid as of the list's date";
        2 UnknownKey = "unknown_key", "签发密钥未知", "Unknown key";
        3 Revoked = "revoked", "已吊销", "Revoked";
        4 Outdated = "outdated", "旧版标签", "Outdated revision";
        5 NotOurs = "not_ours", "非本系统", "Not ours";
        6 Broken = "broken", "损坏或伪造", "Broken or forged";
        7 Expired = "expired", "已过期", "Expired";
        8 Unsigned = "unsigned", "未签名旧码", "Unsigned old code";
    }
}

impl LabelVerdict {
    /// Signed by us, and nothing we know speaks against it.
    pub const fn is_good(self) -> bool {
        matches!(self, Self::Valid | Self::ValidAsOf)
    }

    /// May stand as a proof of place; an unsigned one is a weak proof.
    pub const fn is_usable(self) -> bool {
        self.is_good() || matches!(self, Self::Unsigned)
    }

    /// The sentence for the screen, Chinese; `as_of_ms` is when the lists were last known to be the
    /// newest.
    pub fn sentence_zh(self, as_of_ms: Option<i64>) -> String {
        let date = as_of_ms.map_or_else(|| "从未更新".to_owned(), format_minute);
        match self {
            Self::Valid => "二维码有效，签名已核对。".to_owned(),
            Self::ValidAsOf => format!("离线核对有效，名单日期 {date}，请联网更新名单。"),
            Self::UnknownKey => {
                format!("签发密钥不在名单中（名单日期 {date}），请联网更新后重扫。")
            }
            Self::Revoked => "此标签已吊销，不能作为凭证，请更换标签并上报。".to_owned(),
            Self::Outdated => "此标签已换发新版，旧版不能作为凭证，请扫描新标签。".to_owned(),
            Self::NotOurs => "不是本系统的二维码，请扫描表计、表箱或客户卡上的标签。".to_owned(),
            Self::Broken => "签名核对不通过：标签损坏或系伪造，请重扫，仍不行请上报。".to_owned(),
            Self::Expired => "二维码已过期，请客户重新获取或更换标签。".to_owned(),
            Self::Unsigned => "未签名的旧版标签，只能作弱凭证，请换发新标签。".to_owned(),
        }
    }

    /// The sentence in English.
    pub fn sentence_en(self, as_of_ms: Option<i64>) -> String {
        let date = as_of_ms.map_or_else(|| "never".to_owned(), format_minute);
        match self {
            Self::Valid => "Valid: the signature was checked.".to_owned(),
            Self::ValidAsOf => {
                format!("Valid offline, list of {date}: go online to update the list.")
            }
            Self::UnknownKey => {
                format!("Its key is not in the list of {date}: go online, update, scan again.")
            }
            Self::Revoked => "Revoked: no proof any more. Replace the label and report it.".into(),
            Self::Outdated => "A newer label was issued: scan the new one.".to_owned(),
            Self::NotOurs => "Not one of our codes: scan the label on meter, box or card.".into(),
            Self::Broken => {
                "The signature does not hold: damaged or forged. Scan again, then report it.".into()
            }
            Self::Expired => {
                "Expired: ask the customer for a new code or replace the label.".into()
            }
            Self::Unsigned => "An old label without a signature: a weak proof. Re-issue it.".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_says_something_of_its_own() {
        let at = Some(1_800_000_000_000);
        let sentences: std::collections::BTreeSet<String> = LabelVerdict::ALL
            .iter()
            .flat_map(|verdict| [verdict.sentence_zh(at), verdict.sentence_en(at)])
            .collect();
        assert_eq!(sentences.len(), LabelVerdict::ALL.len() * 2);
        assert!(
            LabelVerdict::ValidAsOf
                .sentence_zh(at)
                .contains("2027-01-15")
        );
        assert!(
            LabelVerdict::ValidAsOf
                .sentence_zh(None)
                .contains("从未更新")
        );
    }
}
