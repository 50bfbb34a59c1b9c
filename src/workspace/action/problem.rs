//! What is done about problems and known errors, as a part of an action.

use serde::{Deserialize, Serialize};

/// One step; dates are resolved already.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum ProblemAction {}

impl ProblemAction {
    /// The record it is done to, or the name of the one it makes.
    pub fn subject(&self) -> Option<&str> {
        match *self {}
    }

    /// The words of the command line that does this.
    pub fn verb(&self) -> &'static str {
        match *self {}
    }
}
