//! What a scanned text means, said in words: never a dead end. Text of strangers is not repeated.

use super::Lookup;
use super::scan::customer_of;
use crate::error::CoreError;
use crate::label;
use dianma_schema::label::{LabelError, LabelKind, Reading};
use dianma_schema::text_enum;
use serde::Serialize;

text_enum! {
    /// What a scanned text is.
    pub enum Meaning {
        0 Known = "known", "有效", "Valid";
        1 Unknown = "unknown", "本机没有档案", "Not in this phone's archive";
        2 Number = "number", "号码", "Number";
        3 NotOurs = "not_ours", "非本公司码", "Not our code";
        4 Newer = "newer", "版本较新", "Newer version";
        5 Misread = "misread", "没有读全", "Not read in full";
        6 Refused = "refused", "不能作凭证", "No proof";
    }
}

/// The meaning and a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// What it is.
    pub meaning: Meaning,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Verdict {
    fn of(meaning: Meaning, zh: &str, en: &str) -> Self {
        Self {
            meaning,
            zh: format!("{}：{zh}", meaning.zh()),
            en: format!("{}: {en}", meaning.en()),
        }
    }
}

impl Lookup {
    /// What the signed lists of this phone say of a text; asks for no session, tells no customer.
    pub fn check(&self, text: &str) -> Result<label::LabelCheck, CoreError> {
        let now_ms = self.shared.server_now_ms()?;
        self.shared.read(|db| label::check(db, now_ms, text))
    }

    /// Judges a scanned text or a typed number by the phone's own archive and signed lists.
    pub fn judge(&self, text: &str) -> Result<Verdict, CoreError> {
        self.shared.user_with_lease()?;
        let now_ms = self.shared.server_now_ms()?;
        self.shared.read(|db| {
            let check = label::check(db, now_ms, text)?;
            let found = customer_of(db, &check, text)?.map(|record| record.account_name);
            Ok(match (&check.reading, check.kind()) {
                (Reading::Damaged(LabelError::NewerVersion), _) => Verdict::of(
                    Meaning::Newer,
                    "请更新程序，或手动输入号码",
                    "update the app, or type the number",
                ),
                (Reading::Damaged(_), _) => Verdict::of(
                    Meaning::Misread,
                    "请擦净后再扫，或手动输入号码",
                    "wipe it and scan again, or type the number",
                ),
                (Reading::Foreign | Reading::Legacy(_), _) => number(found),
                _ if !check.verdict.is_usable() => Verdict::of(
                    Meaning::Refused,
                    &check.verdict.sentence_zh(check.as_of_ms),
                    &check.verdict.sentence_en(check.as_of_ms),
                ),
                (_, Some(kind)) => ours(kind, found),
                (_, None) => Verdict::of(Meaning::Known, "客户同意码", "consent code"),
            })
        })
    }
}

fn ours(kind: LabelKind, account_name: Option<String>) -> Verdict {
    match account_name {
        Some(name) => Verdict::of(
            Meaning::Known,
            &format!("{} {name}", kind.zh()),
            &format!("{} {name}", kind.en()),
        ),
        None => Verdict::of(
            Meaning::Unknown,
            &format!("{}，可联网查询", kind.zh()),
            &format!("{}, ask the server", kind.en()),
        ),
    }
}

fn number(account_name: Option<String>) -> Verdict {
    match account_name {
        Some(name) => Verdict::of(Meaning::Number, &name, &name),
        None => Verdict::of(
            Meaning::NotOurs,
            "请扫描客户码或表计码，或手动输入号码",
            "scan the customer's or meter's code, or type the number",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_s_text_is_not_repeated() {
        let verdict = number(None);
        assert_eq!(verdict.meaning, Meaning::NotOurs);
        assert!(verdict.zh.starts_with("非本公司码："));
        assert!(number(Some("生成户01".to_owned())).zh.ends_with("生成户01"));
    }
}
