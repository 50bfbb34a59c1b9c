//! The desk's own facts: whose it is, where its days begin, who drives it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::people::Away;

/// The desk; the field names are the ledger's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    pub name: String,
    /// An IANA name: `Europe/Rome`.
    pub timezone: String,
    /// The process profile, verbatim TOML.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub profile: String,
    /// Counts the profiles this desk has had.
    #[serde(default)]
    pub profile_version: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub managers: Vec<String>,
    /// Who is primary today; the other one stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<Holiday>,
    /// A mail address to ask, put under generated texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Absences by person, so that the header needs one row.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub away: BTreeMap<String, Vec<Away>>,
    /// Two managers changed the profile at once; the one before both holds until they settle it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disputed: bool,
}

/// One day that the desk does not work.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Holiday {
    pub day: NaiveDate,
    pub name: String,
}

impl Desk {
    pub fn calendar(&self) -> Calendar {
        Calendar {
            holidays: self
                .holidays
                .iter()
                .map(|holiday| (holiday.day, holiday.name.clone()))
                .collect(),
        }
    }
}
