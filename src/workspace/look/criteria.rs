//! One result for all criteria of the profile, but for the exceptions.

use crate::domain::queue::ticket::Outcome;
use crate::store::Reader;
use crate::workspace::refusal::Refusal;

/// Results for every criterion; one that does not take `all` must be excepted.
pub fn all(
    reader: &Reader<'_>,
    all: Outcome,
    except: &[(String, Outcome)],
) -> Result<Vec<(String, Outcome)>, Refusal> {
    let profile = reader.whole_profile()?;
    if profile.criterion.is_empty() {
        return Err(Refusal::rule(
            "The profile has no quality criteria.",
            "Add some with `relmate profile edit FILE --reason R`.",
        ));
    }
    if let Some((unknown, _)) = except.iter().find(|(id, _)| {
        !profile
            .criterion
            .iter()
            .any(|it| it.id.eq_ignore_ascii_case(id))
    }) {
        return Err(Refusal::not_found(
            format!("The profile has no criterion {unknown}."),
            "`relmate profile show` lists them.",
        ));
    }
    Ok(profile
        .criterion
        .iter()
        .map(|criterion| {
            let other = except
                .iter()
                .find(|(id, _)| id.eq_ignore_ascii_case(&criterion.id));
            (
                criterion.id.clone(),
                other.map_or(all, |(_, outcome)| *outcome),
            )
        })
        .collect())
}
