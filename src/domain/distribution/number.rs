//! The name of a distribution release, its number, and what kind of release the number
//! makes it (DOMAIN.md C4). Refuses a name without a number of three parts.

use super::release::ReleaseKind;
use crate::domain::queue::guard::{Refused, RefusedKind};
use crate::domain::queue::version::{self, Version};

/// "CMD 1.4.0": the distribution and its version.
pub fn split(name: &str) -> Result<(String, String), Refused> {
    let refused = |message: String| Refused {
        kind: RefusedKind::MissingArgument,
        message,
        hint: Some("Write the distribution and its version: \"CMD 1.4.0\".".to_owned()),
    };
    let name = name.trim();
    let Some((distribution, number)) = name.rsplit_once(char::is_whitespace) else {
        return Err(refused(format!(
            "{name:?} is not a distribution and a version."
        )));
    };
    match version::departs(number) {
        Some(how) => Err(refused(format!("The version {number:?} {how}."))),
        None => Ok((distribution.trim().to_owned(), number.to_owned())),
    }
}

/// What a number alone says: `2.0.0` is major, `1.4.0` minor, `1.4.1` a revision.
pub fn kind(number: &str) -> ReleaseKind {
    let numbers = version::parse(number).map_or_else(Vec::new, |it| it.numbers);
    let at = |place: usize| numbers.get(place).copied().unwrap_or(0);
    match (at(1), at(2)) {
        (0, 0) => ReleaseKind::Major,
        (_, 0) => ReleaseKind::Minor,
        _ => ReleaseKind::Revision,
    }
}

/// Holds the kind that was asked for against the number and against what changes.
pub fn fits(
    name: &str,
    number: &str,
    asked: Option<ReleaseKind>,
    incompatible: bool,
) -> Result<ReleaseKind, Refused> {
    let of_number = kind(number);
    let rule = |message: String, hint: String| {
        Err(Refused {
            kind: RefusedKind::Rule,
            message,
            hint: Some(hint),
        })
    };
    if incompatible && of_number != ReleaseKind::Major {
        return rule(
            format!(
                "{name} changes something incompatibly and {number} is a {} number.",
                of_number.word()
            ),
            "An incompatible change makes a major release: x.0.0.".to_owned(),
        );
    }
    match asked {
        Some(ReleaseKind::Emergency) => Ok(ReleaseKind::Emergency),
        Some(asked) if asked != of_number => rule(
            format!(
                "{name} was asked for as {}, and {number} is a {} number.",
                asked.word(),
                of_number.word()
            ),
            "x.0.0 is major, x.y.0 is minor, x.y.z is a revision; an emergency has any.".to_owned(),
        ),
        Some(_) | None => Ok(of_number),
    }
}

/// What the next release is called while none is planned: the next minor number.
pub fn after(distribution: &str, number: &str) -> String {
    let numbers = version::parse(number).map_or_else(Vec::new, |it| it.numbers);
    let at = |index: usize| numbers.get(index).copied().unwrap_or(0);
    format!("{distribution} {}.{}.0", at(0), at(1).saturating_add(1))
}

/// A number as it is compared; one that cannot be read comes first.
pub fn rank(number: Option<&str>) -> Option<Version> {
    number.and_then(version::parse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_distribution_and_a_version_of_three_parts() {
        assert_eq!(
            split(" CMD-OS  1.4.0 ").unwrap(),
            ("CMD-OS".to_owned(), "1.4.0".to_owned())
        );
        for (name, why) in [
            ("CMD", "is not a distribution and a version"),
            ("CMD 1.4", "has 2 parts"),
            ("CMD one", "parts that are not numbers"),
        ] {
            let refused = split(name).unwrap_err();
            assert!(refused.message.contains(why), "{refused}");
        }
    }

    #[test]
    fn the_number_says_the_kind() {
        for (number, expected) in [
            ("2.0.0", ReleaseKind::Major),
            ("1.4.0", ReleaseKind::Minor),
            ("1.4.1", ReleaseKind::Revision),
            ("1.0.1", ReleaseKind::Revision),
        ] {
            assert_eq!(kind(number), expected, "{number}");
        }
    }

    #[test]
    fn a_kind_that_its_number_denies_is_refused_with_both() {
        let fits = |asked, incompatible| fits("CMD 1.4.1", "1.4.1", asked, incompatible);
        assert_eq!(fits(None, false).unwrap(), ReleaseKind::Revision);
        let emergency = Some(ReleaseKind::Emergency);
        assert_eq!(fits(emergency, false).unwrap(), ReleaseKind::Emergency);
        let refused = fits(Some(ReleaseKind::Minor), false).unwrap_err();
        assert!(refused.message.contains("minor") && refused.message.contains("revision"));
        let refused = fits(None, true).unwrap_err();
        assert!(refused.message.contains("incompatibly"), "{refused}");
    }

    #[test]
    fn what_comes_next_has_the_next_minor_number() {
        assert_eq!(after("CMD", "1.4.0"), "CMD 1.5.0");
        assert_eq!(after("CMD", "1.4.2"), "CMD 1.5.0");
    }
}
