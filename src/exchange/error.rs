//! Why a file cannot be taken in at all: one sentence and what to do instead.

use thiserror::Error;

/// A file or a request that cannot be read as a whole; single rows are
/// [`Rejected`](super::Rejected) instead.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct ExchangeError {
    /// One sentence.
    pub message: String,
    /// What to do instead.
    pub hint: String,
}

impl ExchangeError {
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: hint.into(),
        }
    }
}
