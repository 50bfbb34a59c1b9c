//! What a submission lacks before it is taken in.
//! Names what is missing; whether it is waived is the manager's decision.

use super::submission::Submission;
use super::version;
use crate::domain::profile::{Profile, VersionScheme};

/// A part of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    Product,
    Version,
    /// The version is there but does not follow the scheme.
    VersionScheme,
    Notes,
    /// The notes are there but are no web address.
    NotesAddress,
    Packages,
    Platform,
    Arch,
    /// Somebody handed the same in before.
    Duplicate,
    SupportUnit,
}

/// One thing that is missing or not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    pub field: Part,
    pub sentence: String,
    /// Refused unless it is waived with a reason; a soft one is a warning.
    pub hard: bool,
}

impl Missing {
    /// The option of `submit` that gives it, without the dashes.
    pub fn option(&self) -> &'static str {
        match self.field {
            Part::Product => "product",
            Part::Version | Part::VersionScheme => "version",
            Part::Notes | Part::NotesAddress => "notes",
            Part::Packages => "packages",
            Part::Platform => "platform",
            Part::Arch => "arch",
            Part::Duplicate => "supersedes",
            Part::SupportUnit => "channel-id",
        }
    }

    /// It was not given at all, rather than given and not as it should be.
    pub fn is_absence(&self) -> bool {
        match self.field {
            Part::Product
            | Part::Version
            | Part::Notes
            | Part::Packages
            | Part::Platform
            | Part::Arch
            | Part::SupportUnit => true,
            Part::VersionScheme | Part::NotesAddress | Part::Duplicate => false,
        }
    }
}

/// What a submission lacks, in the order of the form. `same` names earlier
/// submissions of the same product, version and platform.
pub fn missing(submission: &Submission, profile: &Profile, same: &[String]) -> Vec<Missing> {
    let product = submission.product.trim().is_empty();
    let packages = submission
        .packages
        .iter()
        .all(|package| package.trim().is_empty());
    [
        product.then(|| hard(Part::Product, "The product is not named.".to_owned())),
        version_part(submission, profile),
        notes(submission),
        packages.then(|| hard(Part::Packages, "No package is listed.".to_owned())),
        targets(submission),
        duplicate(submission, same),
        unknown_unit(submission, profile),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn hard(field: Part, sentence: String) -> Missing {
    Missing {
        field,
        sentence,
        hard: true,
    }
}

fn version_part(submission: &Submission, profile: &Profile) -> Option<Missing> {
    let Some(text) = given(submission.version.as_ref()) else {
        return Some(hard(Part::Version, "The version is not given.".to_owned()));
    };
    let how = off_scheme(text, profile.version_scheme)?;
    let sentence = format!("Version {text} {how}; the scheme is major.minor.revision[-age].");
    Some(hard(Part::VersionScheme, sentence))
}

fn notes(submission: &Submission) -> Option<Missing> {
    let Some(url) = given(submission.notes_url.as_ref()) else {
        let sentence = "The link to the release notes is not given.".to_owned();
        return Some(hard(Part::Notes, sentence));
    };
    let sentence = || format!("The release notes are no web address: {url}.");
    (!is_web_address(url)).then(|| hard(Part::NotesAddress, sentence()))
}

fn targets(submission: &Submission) -> Option<Missing> {
    let targets = &submission.targets;
    if targets
        .iter()
        .all(|target| target.platform.trim().is_empty())
    {
        return Some(hard(Part::Platform, "No platform is named.".to_owned()));
    }
    let bare = targets.iter().any(|target| target.arch.trim().is_empty());
    let sentence = || "A platform is named without its architecture.".to_owned();
    bare.then(|| hard(Part::Arch, sentence()))
}

fn duplicate(submission: &Submission, same: &[String]) -> Option<Missing> {
    let verb = match same.len() {
        0 => return None,
        1 => "brings",
        _ => "bring",
    };
    let sentence = format!("{} {verb} {} already.", same.join(", "), submission.label());
    Some(hard(Part::Duplicate, sentence))
}

fn unknown_unit(submission: &Submission, profile: &Profile) -> Option<Missing> {
    support_unit(submission, profile)
        .is_none()
        .then(|| Missing {
            field: Part::SupportUnit,
            sentence: "The support unit it came through is not known.".to_owned(),
            hard: false,
        })
}

/// Where it was handed in: as said, else as the profile says.
pub fn support_unit(submission: &Submission, profile: &Profile) -> Option<String> {
    submission
        .support_unit
        .clone()
        .or_else(|| profile.support_unit.clone())
}

fn given(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

fn off_scheme(version: &str, scheme: VersionScheme) -> Option<String> {
    match scheme {
        VersionScheme::Any => None,
        VersionScheme::MajorMinorRevision => version::departs(version),
    }
}

fn is_web_address(text: &str) -> bool {
    let lower = text.to_lowercase();
    let rest = lower
        .strip_prefix("https://")
        .or_else(|| lower.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.starts_with(['/', '.', ':'])
            && !rest.is_empty()
            && !rest.contains(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::queue::examples::{profile, submission};
    use crate::domain::queue::submission::Target;

    #[track_caller]
    fn check(change: impl FnOnce(&mut Submission), expected: &[Part]) {
        let mut submission = submission();
        change(&mut submission);
        let found = missing(&submission, &profile(), &[]);
        assert_eq!(
            found.iter().map(|it| it.field).collect::<Vec<_>>(),
            expected
        );
        assert!(found.iter().all(|it| it.sentence.ends_with('.')));
    }

    #[test]
    fn r55_product_and_version_are_required() {
        check(|_| (), &[]);
        check(|it| it.product.clear(), &[Part::Product]);
        check(|it| it.version = None, &[Part::Version]);
        check(|it| it.version = Some(" ".into()), &[Part::Version]);
    }

    #[test]
    fn r31_a_version_off_the_scheme_is_named() {
        check(|it| it.version = Some("6.0".into()), &[Part::VersionScheme]);
        check(
            |it| it.version = Some("6.0.2.1".into()),
            &[Part::VersionScheme],
        );
        check(|it| it.version = Some("6.0.2-1".into()), &[]);
    }

    #[test]
    fn r31_a_profile_may_ask_for_no_scheme() {
        let any = Profile {
            version_scheme: VersionScheme::Any,
            ..profile()
        };
        let two_parts = Submission {
            version: Some("6.0".into()),
            ..submission()
        };
        assert_eq!(missing(&two_parts, &any, &[]), []);
    }

    #[test]
    fn r56_the_release_notes_are_a_web_address() {
        check(|it| it.notes_url = None, &[Part::Notes]);
        check(
            |it| it.notes_url = Some("see mail".into()),
            &[Part::NotesAddress],
        );
        check(
            |it| it.notes_url = Some("https://".into()),
            &[Part::NotesAddress],
        );
        check(
            |it| it.notes_url = Some("HTTP://notes.example/6".into()),
            &[],
        );
    }

    #[test]
    fn r57_at_least_one_package_is_listed() {
        check(|it| it.packages.clear(), &[Part::Packages]);
        check(|it| it.packages = vec![" ".into()], &[Part::Packages]);
    }

    #[test]
    fn r59_a_ticket_needs_a_platform_and_an_architecture() {
        check(|it| it.targets.clear(), &[Part::Platform]);
        let target = Target {
            platform: "al9".into(),
            arch: String::new(),
        };
        check(|it| it.targets = vec![target], &[Part::Arch]);
    }

    #[test]
    fn r54_the_support_unit_comes_from_the_profile() {
        check(|it| it.support_unit = None, &[]);
        let none = Submission {
            support_unit: None,
            ..submission()
        };
        let unit = support_unit(&none, &profile());
        assert_eq!(unit.as_deref(), Some("EGI Software provisioning support"));
        let silent = Profile {
            support_unit: None,
            ..profile()
        };
        let found = missing(&none, &silent, &[]);
        assert!(!found[0].hard, "a warning, not a refusal");
    }

    #[test]
    fn a_release_handed_in_twice_is_no_absence() {
        let found = missing(&submission(), &profile(), &["S-3".into()]);
        assert_eq!(found[0].sentence, "S-3 brings bdii 6.0.2 already.");
        assert!(found[0].hard && !found[0].is_absence());
    }
}
