//! The people of a desk: its release managers, and who else has a part.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A person; the field names are the ledger's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// The organisation; a verifier is never of the product's own team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// `manager` may do everything; other roles are words of the community.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub away: Vec<Away>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    pub from: NaiveDate,
    pub to: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Person {
    pub fn is_manager(&self) -> bool {
        self.roles.iter().any(|role| role == "manager")
    }
}

/// Whether a text looks like a mail address: enough to catch a slip of the hand
/// (RFC 5321 leaves the rest to the server).
pub fn is_mail(text: &str) -> bool {
    let plain = text
        .chars()
        .all(|letter| !letter.is_whitespace() && !letter.is_control());
    let domain = |domain: &str| {
        domain.contains('.')
            && !domain.contains('@')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
    };
    plain
        && text
            .split_once('@')
            .is_some_and(|(local, rest)| !local.is_empty() && domain(rest))
}

#[cfg(test)]
mod tests {
    use super::is_mail;

    #[test]
    fn a_mail_address_has_a_name_and_a_domain() {
        for good in ["arc@example.org", "a.b+c@lists.example.org"] {
            assert!(is_mail(good), "{good}");
        }
        for bad in [
            "arc",
            "@example.org",
            "arc@",
            "arc@example",
            "a b@example.org",
            "a@b@c.org",
            "a@.org",
        ] {
            assert!(!is_mail(bad), "{bad}");
        }
    }
}
