//! A failure as the user meets it: a kind that is an exit code, a sentence and a hint.

use serde::Serialize;

use crate::domain::plain::capital;
use crate::domain::profile::parse::ProfileError;
use crate::domain::queue::guard::{Refused, RefusedKind};
use crate::store::StoreError;

/// Why something was not done (PRODUCT.md section 5, exit codes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalKind {
    /// 1
    Failed,
    /// 2: wrong usage, a missing argument.
    Usage,
    /// 3
    NotFound,
    /// 4: refused by a rule, contested or locked.
    Refused,
    /// 5: a check did not hold.
    Check,
}

impl RefusalKind {
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::Refused => 4,
            Self::Check => 5,
        }
    }
}

/// One sentence and a hint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    pub kind: RefusalKind,
    pub message: String,
    pub hint: Option<String>,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    pub fn new(kind: RefusalKind, message: impl Into<String>, hint: impl Into<String>) -> Self {
        let hint = hint.into();
        Self {
            kind,
            message: message.into(),
            hint: (!hint.is_empty()).then_some(hint),
        }
    }

    pub fn failed(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(RefusalKind::Failed, message, hint)
    }

    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(RefusalKind::Usage, message, hint)
    }

    pub fn not_found(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(RefusalKind::NotFound, message, hint)
    }

    pub fn rule(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(RefusalKind::Refused, message, hint)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let error = error.known();
        let kind = match &error {
            StoreError::NoDesk(_) => RefusalKind::NotFound,
            StoreError::TooNew { .. }
            | StoreError::Busy
            | StoreError::AlreadyThere(_)
            | StoreError::NeedsNewer
            | StoreError::NotArrived => RefusalKind::Refused,
            _ => RefusalKind::Failed,
        };
        Self::new(kind, error.to_string(), error.hint())
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        let kind = match refused.kind {
            RefusedKind::MissingArgument => RefusalKind::Usage,
            RefusedKind::Unknown => RefusalKind::NotFound,
            RefusedKind::NotOpen | RefusedKind::Rule | RefusedKind::Contested => {
                RefusalKind::Refused
            }
        };
        Self {
            kind,
            message: refused.message,
            hint: refused.hint,
        }
    }
}

impl From<ProfileError> for Refusal {
    fn from(error: ProfileError) -> Self {
        let text = error.to_string();
        Self::usage(
            format!("{}.", capital(text.trim_end_matches('.'))),
            "Compare it with `relmate profile show egi-cmd`.",
        )
    }
}

impl From<crate::domain::field::FieldError> for Refusal {
    fn from(error: crate::domain::field::FieldError) -> Self {
        if error.unknown {
            Self::not_found(error.message, error.hint)
        } else {
            Self::usage(error.message, error.hint)
        }
    }
}

impl From<crate::exchange::error::ExchangeError> for Refusal {
    fn from(error: crate::exchange::error::ExchangeError) -> Self {
        Self::usage(error.message, error.hint)
    }
}
