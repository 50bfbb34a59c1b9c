//! What is done about problems and known errors, as a part of an action.

use serde::{Deserialize, Serialize};

use crate::domain::problem::known_error::Source;
use crate::domain::problem::report::{Criticality, Ending};

/// One step; dates are resolved already.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum ProblemAction {
    File(ProblemFile),
    Triage(ProblemTriage),
    Engage {
        id: String,
        /// Whom it was; none is the contact on the product's ID card.
        whom: Option<String>,
        text: Option<String>,
    },
    Halt {
        id: String,
        reason: Option<String>,
        scope: Option<String>,
    },
    Fix(ProblemFix),
    Tell {
        id: String,
        /// None is every one that runs it and was not told.
        #[serde(default)]
        sites: Vec<String>,
        /// With the optional advice on a backup of their own.
        #[serde(default)]
        advice: bool,
    },
    Close(ProblemClose),
    ErrorAdd(ErrorAdd),
    ErrorFix {
        id: String,
        version: Option<String>,
    },
}

/// A problem as a site filed it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProblemFile {
    pub announcement: Option<String>,
    pub channel_id: Option<String>,
    pub product: Option<String>,
    pub version: Option<String>,
    pub ticket: Option<String>,
    pub site: Option<String>,
    pub text: Option<String>,
}

/// Who decided how critical a problem is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProblemTriage {
    pub id: String,
    pub criticality: Option<Criticality>,
    pub priority: Option<String>,
    pub body: Option<String>,
    pub by: Option<String>,
    /// The security advisory about it, with its risk class.
    pub advisory: Option<String>,
    pub risk: Option<Criticality>,
}

/// The version that restores the function: one that is there, or a new submission.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProblemFix {
    pub id: String,
    /// A submission or a ticket.
    pub by: Option<String>,
    pub version: Option<String>,
    pub notes_url: Option<String>,
    #[serde(default)]
    pub packages: Vec<String>,
    pub channel_id: Option<String>,
    pub waive: Option<String>,
}

/// How a problem ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProblemClose {
    pub id: String,
    #[serde(rename = "as")]
    pub how: Option<Ending>,
    pub reason: Option<String>,
    pub of: Option<String>,
    pub version: Option<String>,
    pub workaround: Option<String>,
    /// Of one that is downgraded: how critical it is, and who decided.
    pub criticality: Option<Criticality>,
    pub body: Option<String>,
    pub by: Option<String>,
}

/// An error that is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ErrorAdd {
    pub problem: Option<String>,
    pub product: Option<String>,
    #[serde(default)]
    pub versions: Vec<String>,
    pub symptom: Option<String>,
    pub workaround: Option<String>,
    pub source: Option<Source>,
    pub advisory: Option<String>,
    pub risk: Option<Criticality>,
}

impl ProblemAction {
    /// The record it is done to, or the name of the one it makes.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::File(_) | Self::ErrorAdd(_) => None,
            Self::Triage(ProblemTriage { id, .. })
            | Self::Engage { id, .. }
            | Self::Halt { id, .. }
            | Self::Fix(ProblemFix { id, .. })
            | Self::Tell { id, .. }
            | Self::Close(ProblemClose { id, .. })
            | Self::ErrorFix { id, .. } => Some(id),
        }
    }

    /// The words of the command line that does this.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::File(_) => "problem file",
            Self::Triage(_) => "problem triage",
            Self::Engage { .. } => "problem engage",
            Self::Halt { .. } => "problem halt",
            Self::Fix(_) => "problem fix",
            Self::Tell { .. } => "problem tell",
            Self::Close(_) => "problem close",
            Self::ErrorAdd(_) => "error add",
            Self::ErrorFix { .. } => "error fix",
        }
    }
}
