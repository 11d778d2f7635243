//! What a scan came to, as the scanner's screen says it: how good, what it is, whose it is, what to do.
//! Text of strangers is not repeated.

use super::Lookup;
use super::judge::Meaning;
use super::scan::{ScanResult, customer_of};
use crate::error::CoreError;
use crate::label::{self, LabelCheck};
use dianma_schema::id::{MeterNumber, half_width};
use dianma_schema::label::{LabelError, LabelVerdict, Reading};
use dianma_schema::text_enum;

text_enum! {
    /// How far a scan may be trusted.
    pub enum Trust {
        0 Good = "good", "可用", "Good";
        1 Doubt = "doubt", "存疑", "In doubt";
        2 Bad = "bad", "不可用", "No use";
    }
}

/// Texts in both languages, Chinese first.
pub type Pair = (String, String);

/// What a scan came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How far it may be trusted.
    pub trust: Trust,
    /// One or two words.
    pub headline: Pair,
    /// What it means and what to do.
    pub sentence: Pair,
    /// What and whose it is; empty when unknown.
    pub subject: Pair,
    /// It is a number, not a code of ours: a bar code, an old label, typed by hand.
    pub is_number: bool,
}

impl Outcome {
    fn of(trust: Trust, headline: (&str, &str), sentence: (&str, &str)) -> Self {
        Self {
            trust,
            headline: pair(headline),
            sentence: pair(sentence),
            subject: Pair::default(),
            is_number: false,
        }
    }

    fn about(mut self, kind: (&str, &str), name: Option<&str>) -> Self {
        let name = name.unwrap_or_default();
        let said = |kind: &str| format!("{kind} {name}").trim().to_owned();
        self.subject = (said(kind.0), said(kind.1));
        self
    }

    fn numbered(mut self) -> Self {
        self.is_number = true;
        self
    }
}

fn pair((zh, en): (&str, &str)) -> Pair {
    (zh.to_owned(), en.to_owned())
}

fn named(meaning: Meaning) -> (&'static str, &'static str) {
    (meaning.zh(), meaning.en())
}

impl Lookup {
    /// Weighs a scanned text or a typed number by the phone's own archive and signed lists.
    pub fn weigh(&self, text: &str) -> Result<Outcome, CoreError> {
        self.shared.user_with_lease()?;
        let now_ms = self.shared.server_now_ms()?;
        self.shared.read(|db| {
            let check = label::check(db, now_ms, text)?;
            let name = customer_of(db, &check, text)?.map(|record| record.account_name);
            Ok(outcome(&check, text, name.as_deref()))
        })
    }

    /// Where a text leads: customer, meter, place and orders; none when the phone knows nothing of it.
    pub fn lead(&self, text: &str) -> Option<ScanResult> {
        self.scan(text).ok()
    }
}

fn outcome(check: &LabelCheck, text: &str, name: Option<&str>) -> Outcome {
    match &check.reading {
        Reading::Damaged(LabelError::NewerVersion) => Outcome::of(
            Trust::Bad,
            named(Meaning::Newer),
            (
                "请更新程序，或手动输入号码。",
                "Update the app, or type the number.",
            ),
        ),
        Reading::Damaged(_) => Outcome::of(
            Trust::Bad,
            named(Meaning::Misread),
            (
                "请擦净后再扫，或手动输入号码。",
                "Wipe it and scan again, or type the number.",
            ),
        ),
        Reading::Foreign | Reading::Legacy(_) => number(check, text, name),
        _ => ours(check, name),
    }
}

fn ours(check: &LabelCheck, name: Option<&str>) -> Outcome {
    let verdict = check.verdict;
    let trust = match verdict {
        LabelVerdict::Valid | LabelVerdict::ValidAsOf => Trust::Good,
        LabelVerdict::Unsigned => Trust::Doubt,
        _ => Trust::Bad,
    };
    let kind = check.kind();
    let kind_names = kind.map_or(("客户同意码", "Consent code"), |kind| {
        (kind.zh(), kind.en())
    });
    let sentence = (
        verdict.sentence_zh(check.as_of_ms),
        verdict.sentence_en(check.as_of_ms),
    );
    let mut outcome = Outcome::of(
        trust,
        (verdict.zh(), verdict.en()),
        (&sentence.0, &sentence.1),
    )
    .about(kind_names, name);
    let is_person = kind.is_some_and(|kind| !kind.is_shared_place());
    if trust == Trust::Good && is_person && name.is_none() {
        outcome.trust = Trust::Doubt;
        outcome.sentence = pair((
            "签名有效，但本机没有这个客户的档案，可联网后再查。",
            "The signature holds, but this phone has no file on the customer: look again online.",
        ));
    }
    outcome
}

fn number(check: &LabelCheck, text: &str, name: Option<&str>) -> Outcome {
    let old = ("旧码", "Old code");
    match (&check.reading, name) {
        (Reading::Legacy(_), Some(name)) => Outcome::of(
            Trust::Doubt,
            old,
            (
                "旧系统的码，只采用其中的号码，个人信息已丢弃。",
                "A code of the old system: only its number is used, personal parts are dropped.",
            ),
        )
        .about(named(Meaning::Number), Some(name))
        .numbered(),
        (_, Some(name)) => Outcome::of(
            Trust::Good,
            named(Meaning::Number),
            (
                "号码与本机档案相符；号码不带签名。",
                "The number is in this phone's archive; a number carries no signature.",
            ),
        )
        .about(("", ""), Some(name))
        .numbered(),
        (_, None) if is_number(text) => Outcome::of(
            Trust::Bad,
            named(Meaning::Unknown),
            (
                "请核对号码，或联网后再查。",
                "Check the number, or look again online.",
            ),
        )
        .numbered(),
        (_, None) => Outcome::of(
            Trust::Bad,
            named(Meaning::NotOurs),
            (
                "请扫描客户码、表计码或表箱码，或手动输入号码。",
                "Scan the code of customer, meter or box, or type the number.",
            ),
        ),
    }
}

/// What may be the number of a meter or an account: with a digit in it, no word and no sentence.
pub fn is_number(text: &str) -> bool {
    let number = half_width(text.trim());
    number.bytes().any(|b| b.is_ascii_digit()) && MeterNumber::parse(&number).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use dianma_schema::label::read;

    fn weighed(text: &str, name: Option<&str>) -> Outcome {
        let check = LabelCheck {
            reading: read(text),
            verdict: LabelVerdict::NotOurs,
            as_of_ms: None,
        };
        outcome(&check, text, name)
    }

    #[test]
    fn a_known_number_is_good_an_unknown_one_is_not_and_a_stranger_s_text_is_not_repeated() {
        let known = weighed("SM00000001", Some("生成户01"));
        assert_eq!((known.trust, known.is_number), (Trust::Good, true));
        assert_eq!(known.subject.0, "生成户01");
        let unknown = weighed("SM99999999", None);
        assert_eq!(
            (unknown.trust, unknown.headline.0.as_str()),
            (Trust::Bad, "本机没有档案")
        );
        for hostile in [
            "http://evil.example/\u{202e}gpj",
            "'; DROP TABLE x",
            "转账到",
        ] {
            let stranger = weighed(hostile, None);
            assert_eq!(stranger.headline.0, "非本公司码");
            assert!(!format!("{stranger:?}").contains("evil"));
            assert!(!stranger.is_number);
        }
    }
}
