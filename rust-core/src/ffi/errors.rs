//! Errors at the door: the core's eight variants by action, each with the coded fault, and the guard
//! that turns a panic into one of them.

use super::Words;
use crate::error::{CoreError, Fault};
use dianma_schema::fault;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a person is shown.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct FaultView {
    /// Stable code.
    pub code: String,
    /// What happened and what to do.
    pub sentence: Words,
    /// What exactly.
    pub detail: Option<Words>,
    /// Single items that are wrong or missing.
    pub fields: Vec<FieldFaultView>,
    /// It may work by itself later.
    pub is_retryable: bool,
}

/// One wrong or missing item.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct FieldFaultView {
    /// Field, slot or need.
    pub field: String,
    /// What is wrong.
    pub sentence: Words,
}

impl From<&Fault> for FaultView {
    fn from(fault: &Fault) -> Self {
        Self {
            code: fault.code.as_str().to_owned(),
            sentence: Words::new(fault.message, fault.message_en),
            detail: Words::of(fault.detail.clone(), fault.detail_en.clone()),
            fields: fault
                .fields
                .iter()
                .map(|field| FieldFaultView {
                    field: field.field.clone(),
                    sentence: Words::new(&field.message, &field.message_en),
                })
                .collect(),
            is_retryable: fault.code.entry().is_some_and(|entry| entry.retryable),
        }
    }
}

/// Why a call failed, by what the screen does about it.
#[derive(uniffi::Error, Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Mark what was typed, scanned or captured.
    #[error("{}", fault.code)]
    FixInput {
        /// The fault.
        fault: FaultView,
    },
    /// Show the order's present state.
    #[error("{}", fault.code)]
    NotNow {
        /// The fault.
        fault: FaultView,
    },
    /// Open the sign-in screen.
    #[error("{}", fault.code)]
    SignIn {
        /// The fault.
        fault: FaultView,
    },
    /// Open the unlock screen.
    #[error("{}", fault.code)]
    Unlock {
        /// The fault.
        fault: FaultView,
    },
    /// Say that it will be tried again.
    #[error("{}", fault.code)]
    Retry {
        /// The fault.
        fault: FaultView,
    },
    /// Open the storage screen.
    #[error("{}", fault.code)]
    FreeSpace {
        /// The fault.
        fault: FaultView,
    },
    /// Say that there is no such thing here.
    #[error("{}", fault.code)]
    NotFound {
        /// The fault.
        fault: FaultView,
    },
    /// Show the card with the code and offer the diagnosis export.
    #[error("{}", fault.code)]
    Report {
        /// The fault.
        fault: FaultView,
    },
}

impl From<CoreError> for PhoneError {
    fn from(error: CoreError) -> Self {
        let fault = FaultView::from(error.fault());
        match error {
            CoreError::FixInput(_) => Self::FixInput { fault },
            CoreError::NotNow(_) => Self::NotNow { fault },
            CoreError::SignIn(_) => Self::SignIn { fault },
            CoreError::Unlock(_) => Self::Unlock { fault },
            CoreError::Retry(_) => Self::Retry { fault },
            CoreError::FreeSpace(_) => Self::FreeSpace { fault },
            CoreError::NotFound(_) => Self::NotFound { fault },
            CoreError::Report(_) => Self::Report { fault },
        }
    }
}

/// Runs the core's part of a method. A panic is a defect of ours: it is shown with its code, the work
/// that was saved stays, and the program goes on.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, CoreError>) -> Result<T, PhoneError> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(done) => done.map_err(PhoneError::from),
        Err(_) => Err(CoreError::of(fault::D_PANIC).into()),
    }
}
