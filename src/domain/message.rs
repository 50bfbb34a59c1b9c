//! The outbox: texts the desk drafted for a human to send. Nothing here sends anything.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

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
    /// To a rollout site: try this release, report by a date.
    Announcement,
    /// To a rollout site: the report is due soon.
    Reminder,
    /// To the sites: good for wide deployment.
    WideDeployment,
    /// To a site that does not wait: at its own risk, on record.
    OwnRisk,
    /// To the support unit: a problem, with no word of any stage.
    ProblemReport,
    /// To the provider: a critical problem needs a fix.
    Engagement,
    /// To a site that runs a bad version.
    Warning,
    /// To the sites of a rollout that is halted.
    HaltNotice,
    /// To the sites that were told: over without being good.
    RolloutEnded,
    /// To all: a distribution release is out.
    ReleaseAnnouncement,
    /// To all: an emergency release is out.
    EmergencyAnnouncement,
    /// To all: a release is taken back.
    RecallNotice,
}

impl MessageKind {
    pub const ALL: [Self; 19] = [
        Self::Receipt,
        Self::Answer,
        Self::DelayNotice,
        Self::Question,
        Self::StatusMessage,
        Self::Rejection,
        Self::Refusal,
        Self::Announcement,
        Self::Reminder,
        Self::WideDeployment,
        Self::OwnRisk,
        Self::ProblemReport,
        Self::Engagement,
        Self::Warning,
        Self::HaltNotice,
        Self::RolloutEnded,
        Self::ReleaseAnnouncement,
        Self::EmergencyAnnouncement,
        Self::RecallNotice,
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
            Self::Announcement => "announcement",
            Self::Reminder => "reminder",
            Self::WideDeployment => "wide-deployment",
            Self::OwnRisk => "own-risk",
            Self::ProblemReport => "problem-report",
            Self::Engagement => "engagement",
            Self::Warning => "warning",
            Self::HaltNotice => "halt-notice",
            Self::RolloutEnded => "rollout-ended",
            Self::ReleaseAnnouncement => "release-announcement",
            Self::EmergencyAnnouncement => "emergency-announcement",
            Self::RecallNotice => "recall-notice",
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
            Self::Announcement => "announcement",
            Self::Reminder => "reminder",
            Self::WideDeployment => "notice of wide deployment",
            Self::OwnRisk => "own-risk notice",
            Self::ProblemReport => "problem report",
            Self::Engagement => "engagement",
            Self::Warning => "warning",
            Self::HaltNotice => "halt notice",
            Self::RolloutEnded => "end of the rollout",
            Self::ReleaseAnnouncement => "release announcement",
            Self::EmergencyAnnouncement => "emergency announcement",
            Self::RecallNotice => "recall notice",
        }
    }

    /// Whether it tells the product team how its release stands.
    pub fn informs_team(self) -> bool {
        match self {
            Self::Receipt
            | Self::Answer
            | Self::DelayNotice
            | Self::Question
            | Self::StatusMessage
            | Self::Rejection
            | Self::Refusal
            | Self::Engagement => true,
            Self::Announcement
            | Self::Reminder
            | Self::WideDeployment
            | Self::OwnRisk
            | Self::ProblemReport
            | Self::Warning
            | Self::HaltNotice
            | Self::RolloutEnded
            | Self::ReleaseAnnouncement
            | Self::EmergencyAnnouncement
            | Self::RecallNotice => false,
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
    /// The site whose contact it goes to, in the same way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
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
    /// What was sent, field by field, in eight digits each: of two texts that stood beside each
    /// other it is the one that went out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub text: BTreeMap<String, String>,
}

/// The fields of a message that are its text.
pub const TEXT: [&str; 3] = ["to", "subject", "body"];

/// Eight digits of a field of a text.
pub fn wording(value: &Value) -> String {
    let sum = Sha256::digest(value.to_string().as_bytes());
    let number = u32::from_be_bytes([sum[0], sum[1], sum[2], sum[3]]);
    format!("{number:08x}")
}
