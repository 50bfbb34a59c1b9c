//! The outbox: texts the desk drafted for a human to send. Nothing here sends anything.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::when::When;

/// What a drafted message is for; each has a template of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessageKind {
    /// To the submitter: the submission has arrived.
    Receipt,
    /// To the submitter: the tickets, and the request is solved.
    Answer,
    /// To the product team: late, and why.
    DelayNotice,
    /// To the product team: a question that holds verification up.
    Question,
    /// To the product team: how things stand (PROC25, every two months).
    StatusMessage,
    /// To the product team: rejected, with the reason.
    Rejection,
    /// To the submitter: refused as it came in, and what is missing.
    Refusal,
}

impl MessageKind {
    pub const ALL: [Self; 7] = [
        Self::Receipt,
        Self::Answer,
        Self::DelayNotice,
        Self::Question,
        Self::StatusMessage,
        Self::Rejection,
        Self::Refusal,
    ];

    /// The word of JSON and of the template's file name: `delay-notice`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Answer => "answer",
            Self::DelayNotice => "delay-notice",
            Self::Question => "question",
            Self::StatusMessage => "status-message",
            Self::Rejection => "rejection",
            Self::Refusal => "refusal",
        }
    }

    /// As a person would say it: `delay notice`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Answer => "answer",
            Self::DelayNotice => "delay notice",
            Self::Question => "question",
            Self::StatusMessage => "status message",
            Self::Rejection => "rejection",
            Self::Refusal => "refusal",
        }
    }

    /// Whether leaving it unsent breaks a duty of the process.
    pub fn is_owed(self) -> bool {
        !matches!(self, Self::Receipt)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessageState {
    Drafted,
    Sent,
    Skipped,
}

impl MessageState {
    pub fn word(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Sent => "sent",
            Self::Skipped => "skipped",
        }
    }
}

/// A message; the field names are the ledger's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub id: String,
    pub kind: MessageKind,
    /// Mail addresses; empty when nobody is known to send it to.
    #[serde(default)]
    pub to: Vec<String>,
    pub subject: String,
    pub body: String,
    #[serde(rename = "state")]
    pub standing: MessageStanding,
    /// The records it speaks of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<String>,
    /// The product whose contact it goes to, so that a contact added later fills it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// The message's `state` register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageStanding {
    pub state: MessageState,
    pub entered: When,
    pub by: String,
    /// Why it was skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
