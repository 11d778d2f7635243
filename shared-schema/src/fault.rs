//! Fault codes (故障代码): the catalogue in `catalogues/fault_codes.toml` is the only table; this
//! file names the codes the program raises and reads the catalogue for texts.
//!
//! Classes: `N-` network, `A-` auth, `V-` validation, `S-` state, `E-` evidence, `D-` device,
//! `X-` server.

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// A stable fault code. Constructed only from the constants below, so every code is in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, example = "S-409-STATE"))]
#[serde(transparent)]
pub struct FaultCode(&'static str);

impl FaultCode {
    /// The code as written on screens and in answers.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// The constant for a received code; `None` when it is not one of ours.
    pub fn find(code: &str) -> Option<Self> {
        ALL.iter().copied().find(|known| known.0 == code)
    }

    /// Its catalogue row; `None` only if the catalogue lacks it, which a test forbids.
    pub fn entry(self) -> Option<&'static FaultEntry> {
        CATALOGUE.iter().find(|entry| entry.code == self.0)
    }

    /// The Chinese sentence for people; the bare code if the catalogue lacks it.
    pub fn zh(self) -> &'static str {
        self.entry().map_or(self.0, |entry| entry.zh.as_str())
    }

    /// The English sentence for people; the bare code if the catalogue lacks it.
    pub fn en(self) -> &'static str {
        self.entry().map_or(self.0, |entry| entry.en.as_str())
    }
}

impl std::fmt::Display for FaultCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

macro_rules! fault_codes {
    ($($name:ident = $code:literal;)+) => {
        $(#[doc = $code] pub const $name: FaultCode = FaultCode($code);)+
        /// Every code the program can raise.
        pub const ALL: &[FaultCode] = &[$($name),+];
    };
}

fault_codes! {
    N_OFFLINE = "N-000-OFFLINE";
    N_TIMEOUT = "N-408-TIMEOUT";
    N_NOT_OURS = "N-502-ANSWER";
    N_NO_SERVER = "N-000-SERVER";
    N_SLOW = "N-408-SLOW";
    N_CERTIFICATE = "N-495-CERT";
    A_SIGN_IN = "A-401-SIGN-IN";
    A_PASSWORD = "A-401-PASSWORD";
    A_ROLE = "A-403-ROLE";
    A_CSRF = "A-403-CSRF";
    A_DEVICE_REVOKED = "A-403-DEVICE";
    A_SETUP_TOKEN = "A-403-SETUP";
    A_ENROL_CODE = "A-403-ENROL";
    A_TOO_MANY = "A-429-TRIES";
    A_LOCKED = "A-423-LOCKED";
    A_LEASE = "A-423-LEASE";
    A_UNLOCK = "A-423-UNLOCK";
    A_OTHER_UNSENT = "A-409-UNSENT";
    V_FIELD = "V-422-FIELD";
    V_BODY = "V-400-BODY";
    V_TOO_LARGE = "V-413-LARGE";
    V_NOT_FOUND = "V-404-NONE";
    V_DUPLICATE = "V-409-DUPLICATE";
    V_OLD_APP = "V-426-APP";
    V_ENCODING = "V-422-ENCODING";
    V_COLUMNS = "V-422-COLUMNS";
    V_QUOTES = "V-422-QUOTES";
    V_DATE = "V-422-DATE";
    V_MONEY = "V-422-MONEY";
    V_ACCOUNT = "V-422-ACCOUNT";
    V_METER = "V-422-METER";
    V_NO_METER = "V-422-NO-METER";
    V_UNKNOWN_CUSTOMER = "V-404-CUSTOMER";
    V_NOT_THIS_AREA = "V-422-AREA";
    V_UNKNOWN_COMMAND = "V-400-COMMAND";
    V_CONTENT_CHANGED = "V-409-CONTENT";
    V_NO_TEMPLATE = "V-422-TEMPLATE";
    S_STATE = "S-409-STATE";
    S_VERSION = "S-409-VERSION";
    S_NOT_ASSIGNEE = "S-403-ASSIGNEE";
    S_SAME_NUMBER = "S-409-ID";
    S_DEPENDS = "S-424-DEP";
    S_NEED = "S-422-NEED";
    S_PLACE_PROOF = "S-422-PLACE";
    S_HAZARDS = "S-422-HAZARDS";
    S_CONSENT = "S-422-CONSENT";
    S_SATISFACTION = "S-422-SATISFACTION";
    S_RECORD = "S-422-RECORD";
    S_NOT_FINISHED = "S-422-FINISH";
    S_REASON = "S-422-REASON";
    S_APPOINTMENT = "S-422-APPOINTMENT";
    S_PERSON = "S-422-PERSON";
    S_NOT_APPROVED = "S-422-APPROVAL";
    S_FINISHED = "S-409-FINISHED";
    S_UNSENT = "S-409-UNSENT";
    S_SOURCE_GONE = "S-503-SOURCE";
    S_LABEL = "S-422-LABEL";
    S_CONSENT_CODE = "S-422-CODE";
    S_CONSENT_TRIES = "S-429-CODE";
    S_OLD_RELEASE = "S-409-RELEASE";
    E_HASH = "E-422-HASH";
    E_NOT_MEDIA = "E-415-MEDIA";
    E_TOO_LARGE = "E-413-LARGE";
    E_OFFSET = "E-409-OFFSET";
    E_MISSING = "E-422-MISSING";
    E_NOT_ARRIVED = "E-409-ARRIVED";
    E_RELEASE = "E-422-RELEASE";
    D_CLOCK = "D-409-CLOCK";
    D_DISK = "D-507-DISK";
    D_STORE = "D-500-STORE";
    D_PANIC = "D-500-APP";
    X_BUSY = "X-503-BUSY";
    X_INTERNAL = "X-500-SERVER";
    X_CHECKSUM = "X-409-SUM";
    X_RESET = "X-205-RESET";
    X_KEYS = "X-423-KEYS";
    X_LISTS = "X-409-LISTS";
    V_NO_FONT = "V-424-FONT";
}

/// One row of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FaultEntry {
    /// The code.
    pub code: String,
    /// Whether trying again unchanged can succeed.
    pub retryable: bool,
    /// Who can mend it: `electrician`, `agent`, `dispatcher`, `administrator`.
    pub owner: String,
    /// Chinese: what happened and what to do.
    pub zh: String,
    /// English: what happened and what to do.
    pub en: String,
}

#[derive(Deserialize)]
struct File {
    fault: Vec<FaultEntry>,
}

/// The shipped catalogue. Empty only if the embedded file is broken, which a test forbids.
pub static CATALOGUE: LazyLock<Vec<FaultEntry>> = LazyLock::new(|| {
    toml::from_str::<File>(include_str!("../catalogues/fault_codes.toml"))
        .map(|file| file.fault)
        .unwrap_or_default()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_and_catalogue_name_the_same_codes() {
        let mut constants: Vec<&str> = ALL.iter().map(|code| code.as_str()).collect();
        let mut rows: Vec<&str> = CATALOGUE.iter().map(|entry| entry.code.as_str()).collect();
        constants.sort_unstable();
        rows.sort_unstable();
        assert_eq!(constants, rows);
    }

    #[test]
    fn every_text_says_what_to_do() {
        for entry in CATALOGUE.iter() {
            assert!(
                entry.zh.chars().count() >= 8 && entry.en.len() >= 20,
                "{}",
                entry.code
            );
            assert!(
                ["electrician", "agent", "dispatcher", "administrator"]
                    .contains(&entry.owner.as_str()),
                "{}",
                entry.code
            );
        }
    }
}
