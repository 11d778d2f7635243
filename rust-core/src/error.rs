//! The one error type of the public API: at most eight variants, one per action of the caller, each
//! with a stable fault code whose Chinese text tells the person what to do. Causes of the machine
//! (database, files) become codes here; no personal data enters a detail.

use dianma_schema::fault::{self, FaultCode};
use serde::Serialize;

/// What a caller shows: the code, its texts, and what is special about this case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Stable code.
    pub code: FaultCode,
    /// Chinese sentence of the catalogue.
    pub message: &'static str,
    /// English sentence of the catalogue.
    pub message_en: &'static str,
    /// What exactly, Chinese; a machine's words as they are.
    pub detail: Option<String>,
    /// What exactly, English; a machine's words as they are.
    pub detail_en: Option<String>,
    /// Single items that are wrong or missing.
    pub fields: Vec<FieldFault>,
}

/// One wrong or missing item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldFault {
    /// Field, slot or need.
    pub field: String,
    /// Chinese.
    pub message: String,
    /// English.
    pub message_en: String,
}

/// Why a call failed, by what the caller can do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CoreError {
    /// Change what was typed, scanned or captured.
    #[error("{0}")]
    FixInput(Box<Fault>),
    /// The order does not allow it now: show its present state.
    #[error("{0}")]
    NotNow(Box<Fault>),
    /// Go online and sign in with the password.
    #[error("{0}")]
    SignIn(Box<Fault>),
    /// Ask for the PIN.
    #[error("{0}")]
    Unlock(Box<Fault>),
    /// It will be tried again by itself; nothing is lost.
    #[error("{0}")]
    Retry(Box<Fault>),
    /// Free some space, then repeat.
    #[error("{0}")]
    FreeSpace(Box<Fault>),
    /// No such thing on this phone.
    #[error("{0}")]
    NotFound(Box<Fault>),
    /// Show it and report it.
    #[error("{0}")]
    Report(Box<Fault>),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.code, self.message)?;
        self.detail.iter().try_for_each(|d| write!(f, " ({d})"))
    }
}

impl CoreError {
    /// The error of a code; its variant follows from the code.
    pub fn of(code: FaultCode) -> Self {
        let fault = Box::new(Fault {
            code,
            message: code.zh(),
            message_en: code.en(),
            detail: None,
            detail_en: None,
            fields: Vec::new(),
        });
        match code {
            fault::V_NOT_FOUND | fault::V_UNKNOWN_CUSTOMER => Self::NotFound(fault),
            fault::A_UNLOCK => Self::Unlock(fault),
            fault::D_DISK => Self::FreeSpace(fault),
            fault::V_OLD_APP => Self::Report(fault),
            _ => Self::by_class(code, fault),
        }
    }

    fn by_class(code: FaultCode, fault: Box<Fault>) -> Self {
        match code.as_str().as_bytes().first() {
            Some(b'N') => Self::Retry(fault),
            Some(b'A') => Self::SignIn(fault),
            Some(b'S') => Self::NotNow(fault),
            Some(b'V' | b'E') => Self::FixInput(fault),
            _ if code.entry().is_some_and(|entry| entry.retryable) => Self::Retry(fault),
            _ => Self::Report(fault),
        }
    }

    /// Adds what exactly happened, in words that are no language's: a machine's, a name.
    #[must_use]
    pub fn because(self, detail: &str) -> Self {
        self.because_of(detail, detail)
    }

    /// Adds what exactly happened, for a person: Chinese, English.
    #[must_use]
    pub fn because_of(mut self, zh: &str, en: &str) -> Self {
        let fault = self.fault_mut();
        fault.detail = Some(zh.to_owned());
        fault.detail_en = Some(en.to_owned());
        self
    }

    /// Adds one wrong or missing item.
    #[must_use]
    pub fn field(mut self, field: &str, message: &str, message_en: &str) -> Self {
        self.fault_mut().fields.push(FieldFault {
            field: field.to_owned(),
            message: message.to_owned(),
            message_en: message_en.to_owned(),
        });
        self
    }

    /// The code, texts and details.
    pub const fn fault(&self) -> &Fault {
        match self {
            Self::FixInput(fault)
            | Self::NotNow(fault)
            | Self::SignIn(fault)
            | Self::Unlock(fault)
            | Self::Retry(fault)
            | Self::FreeSpace(fault)
            | Self::NotFound(fault)
            | Self::Report(fault) => fault,
        }
    }

    fn fault_mut(&mut self) -> &mut Fault {
        match self {
            Self::FixInput(fault)
            | Self::NotNow(fault)
            | Self::SignIn(fault)
            | Self::Unlock(fault)
            | Self::Retry(fault)
            | Self::FreeSpace(fault)
            | Self::NotFound(fault)
            | Self::Report(fault) => fault,
        }
    }

    /// The stable code.
    pub const fn code(&self) -> FaultCode {
        self.fault().code
    }
}

impl From<rusqlite::Error> for CoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as E;
        let code = match error.sqlite_error_code() {
            Some(E::DiskFull) => fault::D_DISK,
            Some(E::DatabaseBusy | E::DatabaseLocked) => fault::X_BUSY,
            _ => fault::D_STORE,
        };
        Self::of(code).because(&error.to_string())
    }
}

impl From<std::io::Error> for CoreError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind as K;
        let code = match error.kind() {
            K::StorageFull | K::QuotaExceeded | K::WriteZero => fault::D_DISK,
            _ => fault::D_STORE,
        };
        Self::of(code).because(&error.to_string())
    }
}

impl From<crate::scan::ScanFault> for CoreError {
    fn from(error: crate::scan::ScanFault) -> Self {
        let code = match error {
            crate::scan::ScanFault::TooLarge => fault::E_TOO_LARGE,
            _ => fault::E_NOT_MEDIA,
        };
        Self::of(code).because(&error.to_string())
    }
}

impl From<dianma_schema::wire::codec::CodecError> for CoreError {
    fn from(error: dianma_schema::wire::codec::CodecError) -> Self {
        Self::of(fault::N_NOT_OURS).because(&error.to_string())
    }
}

/// The stored thing does not read back: a defect or damage, never silently skipped.
pub fn inconsistent(what: &str) -> CoreError {
    CoreError::of(fault::D_STORE).because(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_variant_with_an_action() {
        for code in fault::ALL {
            let error = CoreError::of(*code);
            assert_eq!(error.code(), *code);
            let class = code.as_str().chars().next().unwrap();
            match error {
                CoreError::Retry(_) => assert!(matches!(class, 'N' | 'X'), "{code}"),
                CoreError::SignIn(_) | CoreError::Unlock(_) => assert_eq!(class, 'A', "{code}"),
                CoreError::NotNow(_) => assert_eq!(class, 'S', "{code}"),
                CoreError::FixInput(_) => assert!(matches!(class, 'V' | 'E'), "{code}"),
                CoreError::FreeSpace(_) => assert_eq!(*code, fault::D_DISK),
                CoreError::NotFound(_) => assert_eq!(class, 'V', "{code}"),
                CoreError::Report(_) => assert!(matches!(class, 'D' | 'X' | 'V'), "{code}"),
            }
        }
    }

    #[test]
    fn a_full_disk_asks_for_space() {
        let error = CoreError::from(std::io::Error::from(std::io::ErrorKind::StorageFull));
        assert!(matches!(error, CoreError::FreeSpace(_)));
    }
}
