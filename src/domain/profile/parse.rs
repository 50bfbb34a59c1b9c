//! A profile's TOML, read with errors that name the line.

use thiserror::Error;

use super::Profile;
use crate::domain::schedule::rule::{Anchor, Rule};

/// A profile that cannot be read; the text names the line and what stands there.
#[derive(Debug, Error)]
#[error("the process profile cannot be read: {0}")]
pub struct ProfileError(String);

/// The largest profile that is read, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// Reads a profile's TOML.
pub fn parse(text: &str) -> Result<Profile, ProfileError> {
    if text.len() > MAX_BYTES {
        return Err(ProfileError(format!("it is larger than {MAX_BYTES} bytes")));
    }
    let profile: Profile =
        toml::from_str(text).map_err(|error| ProfileError(place(text, &error)))?;
    if profile.amber_percent > 100 {
        return Err(ProfileError("amber-percent is a share of 100".to_owned()));
    }
    for template in &profile.milestones {
        if let Some(release) = &template.release
            && !template
                .milestone
                .iter()
                .any(|milestone| &milestone.code == release)
        {
            return Err(ProfileError(format!(
                "template {} names {release} as its release, which it does not define",
                template.name
            )));
        }
    }
    countdown(&profile)?;
    Ok(profile)
}

/// Every action has a number of its own, a day that can be counted, and comes after
/// actions that stand before it in the list.
fn countdown(profile: &Profile) -> Result<(), ProfileError> {
    let mut known: Vec<&str> = Vec::new();
    for item in &profile.countdown {
        let no = item.no.as_str();
        if known.contains(&no) {
            return Err(ProfileError(format!("the countdown has two actions {no}")));
        }
        let rule = item.due.parse::<Rule>().map_err(|error| {
            ProfileError(format!(
                "the countdown's action {no}: {error}; {}",
                error.hint()
            ))
        })?;
        if rule.anchor != Anchor::Release {
            return Err(ProfileError(format!(
                "the countdown's action {no} counts from {}, not from the release",
                rule.anchor
            )));
        }
        if let Some(unknown) = item.needs.iter().find(|it| !known.contains(&it.as_str())) {
            return Err(ProfileError(format!(
                "the countdown's action {no} needs {unknown}, which does not stand before it"
            )));
        }
        known.push(no);
    }
    Ok(())
}

/// What is wrong with a TOML text, with the line it is on.
pub fn place(text: &str, error: &toml::de::Error) -> String {
    let message = error
        .message()
        .trim()
        .trim_end_matches('.')
        .replace('\n', " ");
    match error.span().and_then(|span| text.get(..span.start)) {
        Some(before) => format!("line {}: {message}", before.matches('\n').count() + 1),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::queue::state::State;

    const EGI_CMD: &str = include_str!("../../../assets/profiles/egi-cmd.toml");

    #[test]
    fn the_shipped_profile_carries_the_limits_of_document_002() {
        let profile = parse(EGI_CMD).unwrap();
        let limit = |state| profile.limit(state).map(|limit| limit.to_string());
        assert_eq!(
            profile.injection_limit.unwrap().to_string(),
            "5 working days",
            "R-62"
        );
        assert_eq!(limit(State::Unverified).as_deref(), Some("1 month"), "R-65");
        assert_eq!(
            limit(State::Verification).as_deref(),
            Some("1 week"),
            "R-70"
        );
        assert_eq!(
            limit(State::StagedRollout).as_deref(),
            Some("1 month"),
            "R-73"
        );
        assert_eq!(limit(State::Ready), None);
        assert_eq!(profile.criterion.len(), 21);
        assert_eq!(profile.template("meta-release").unwrap().milestone.len(), 7);
    }

    #[test]
    fn the_shipped_countdown_is_the_delivery_slip_of_umd() {
        let profile = parse(EGI_CMD).unwrap();
        let of = |limit: Option<crate::domain::clock::Limit>| limit.unwrap().to_string();
        assert_eq!(of(profile.distribution.date_freeze), "14 days");
        assert_eq!(of(profile.distribution.contents_freeze), "7 days");
        let numbers: Vec<&str> = profile.countdown.iter().map(|it| it.no.as_str()).collect();
        assert_eq!(
            numbers,
            ["1", "2", "3", "4.1", "4.2", "4.3", "4.4", "4", "5", "6"]
        );
    }

    #[track_caller]
    fn refuses_countdown(rows: &str, why: &str) {
        let text = format!("name = 'x'\ntitle = 'x'\nversion = 1\n{rows}");
        let error = parse(&text).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }

    #[test]
    fn a_countdown_that_cannot_be_walked_is_refused() {
        let row = |no: &str, due: &str, needs: &str| {
            format!(
                "[[countdown]]\nno='{no}'\naction='a'\nrole='r'\ndue='{due}'\nneeds=[{needs}]\n"
            )
        };
        let first = row("1", "release", "");
        refuses_countdown(&format!("{first}{first}"), "two actions 1");
        refuses_countdown(&row("1", "release - soon", ""), "action 1");
        refuses_countdown(&row("1", "M3 - 7 days", ""), "not from the release");
        refuses_countdown(&row("1", "release", "'2'"), "needs 2");
        let notes = "[distribution]\nemergency-skips = ['notes']\n";
        refuses_countdown(notes, "notes");
    }

    #[test]
    fn an_unknown_key_is_named() {
        let error = parse("name = 'x'\ntitle = 'x'\nversion = 1\nlimits = 3\n").unwrap_err();
        assert!(error.to_string().contains("limits"), "{error}");
    }
}
