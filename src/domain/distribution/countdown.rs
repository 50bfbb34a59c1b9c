//! The countdown to a release: numbered actions with a day, a role and a signature
//! (DOMAIN.md E9). The list is the profile's; here it is dated, and asked what comes next.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::release::{Release, ReleaseKind, ReleaseState, Signature, Skip};
use crate::domain::calendar::Calendar;
use crate::domain::clock::Limit;
use crate::domain::clock::Unit;
use crate::domain::profile::{CountdownItem, Profile};
use crate::domain::queue::guard::{Refused, RefusedKind};
use crate::domain::schedule::rule::Rule;
use crate::domain::when::When;

/// An action of a release's countdown, dated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    pub no: String,
    pub action: String,
    pub role: String,
    /// The last day in time.
    pub due: NaiveDate,
    /// The actions that are signed before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// The state that the release must have come to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<ReleaseState>,
}

impl Planned {
    /// Publishing is this action; nobody signs it before.
    pub fn is_publication(&self) -> bool {
        matches!(
            self.after,
            Some(ReleaseState::Published | ReleaseState::Recalled)
        )
    }
}

/// The profile's countdown to a day.
pub fn plan(items: &[CountdownItem], date: NaiveDate, calendar: &Calendar) -> Vec<Planned> {
    items
        .iter()
        .map(|item| Planned {
            no: item.no.clone(),
            action: item.action.clone(),
            role: item.role.clone(),
            due: item
                .due
                .parse::<Rule>()
                .map_or(date, |rule| rule.apply(date, calendar).0),
            needs: item.needs.clone(),
            after: item.after,
        })
        .collect()
}

/// The release's own countdown, else the profile's to its date.
pub fn of(release: &Release, profile: &Profile, calendar: &Calendar) -> Vec<Planned> {
    match release.date {
        _ if !release.countdown.is_empty() => release.countdown.clone(),
        Some(date) => plan(&profile.countdown, date, calendar),
        None => Vec::new(),
    }
}

/// So long before a day, counted in the limit's own unit.
pub fn before(date: NaiveDate, notice: Limit, calendar: &Calendar) -> NaiveDate {
    let unit = match notice.unit {
        Unit::Days => "days",
        Unit::WorkingDays => "working days",
        Unit::Weeks => "weeks",
        Unit::Months => "months",
    };
    let rule = format!("release - {} {unit}", notice.n).parse::<Rule>();
    rule.map_or(date, |rule| rule.apply(date, calendar).0)
}

/// The last day to freeze the date in time.
pub fn date_freeze(release: &Release, profile: &Profile, calendar: &Calendar) -> Option<NaiveDate> {
    if release.skips(Skip::DateFreeze) {
        return None;
    }
    Some(before(
        release.date?,
        profile.distribution.date_freeze?,
        calendar,
    ))
}

/// The last day to freeze the contents in time; an emergency has until its date.
pub fn contents_freeze(
    release: &Release,
    profile: &Profile,
    calendar: &Calendar,
) -> Option<NaiveDate> {
    let date = release.date?;
    if release.kind == ReleaseKind::Emergency {
        return Some(date);
    }
    Some(before(
        date,
        profile.distribution.contents_freeze?,
        calendar,
    ))
}

/// Whether a release has come as far as an action asks; what an emergency goes without
/// is not waited for.
pub fn reached(release: &Release, after: ReleaseState) -> bool {
    match after {
        ReleaseState::DateFrozen if release.skips(Skip::DateFreeze) => true,
        ReleaseState::Candidate if release.skips(Skip::Candidate) => {
            release.standing.state >= ReleaseState::ContentsFrozen
        }
        state => release.standing.state >= state,
    }
}

/// The state that an action rests on: its own, or the furthest of those it needs.
pub fn rests_on(item: &Planned, planned: &[Planned]) -> Option<ReleaseState> {
    let (mut seen, mut ahead) = (vec![item.no.as_str()], vec![item]);
    let mut furthest = None;
    while let Some(item) = ahead.pop() {
        furthest = furthest.max(item.after);
        for need in planned.iter().filter(|it| item.needs.contains(&it.no)) {
            if !seen.contains(&need.no.as_str()) {
                seen.push(&need.no);
                ahead.push(need);
            }
        }
    }
    furthest
}

/// The signatures that a change takes back: of every action that rests on what has changed.
/// A name stands for what its signer saw, not for what came after.
pub fn overtaken<'a>(
    release: &Release,
    planned: &'a [Planned],
    changed: ReleaseState,
) -> Vec<&'a Planned> {
    planned
        .iter()
        .filter(|it| !it.is_publication() && release.signed.contains_key(&it.no))
        .filter(|it| rests_on(it, planned).is_some_and(|state| state >= changed))
        .collect()
}

/// When that came about which an action rests on; nobody has signed it before.
pub fn since(item: &Planned, planned: &[Planned], release: &Release) -> Vec<When> {
    let day = |day: Option<NaiveDate>| day.map(When::Day);
    let dated = || release.slips.iter().map(|it| it.on).collect();
    match rests_on(item, planned) {
        Some(ReleaseState::Candidate) if !release.candidates.is_empty() => {
            release.candidates.iter().map(|it| it.built).collect()
        }
        Some(ReleaseState::ContentsFrozen | ReleaseState::Candidate) => {
            let last = release.moved.iter().map(|it| it.on).max();
            [day(release.frozen_on), day(last)]
                .into_iter()
                .flatten()
                .collect()
        }
        Some(ReleaseState::DateFrozen) if release.standing.state.is_frozen() => dated(),
        _ => {
            let mut since: Vec<When> = dated();
            since.push(release.standing.entered);
            since
        }
    }
}

/// The actions that nobody has signed, publication apart, in the order of the list.
pub fn unsigned<'a>(release: &Release, planned: &'a [Planned]) -> Vec<&'a Planned> {
    planned
        .iter()
        .filter(|item| !item.is_publication() && !release.signed.contains_key(&item.no))
        .collect()
}

/// Why an action cannot be signed yet, if so: what comes before it.
pub fn waits_for(item: &Planned, release: &Release) -> Option<String> {
    if let Some(after) = item.after.filter(|after| !reached(release, *after)) {
        return Some(match after {
            ReleaseState::Planned | ReleaseState::DateFrozen => "the date is not frozen".to_owned(),
            ReleaseState::ContentsFrozen => "the contents are not frozen".to_owned(),
            ReleaseState::Candidate => "no release candidate is built".to_owned(),
            ReleaseState::Published | ReleaseState::Recalled => {
                "publishing itself signs it".to_owned()
            }
        });
    }
    let missing: Vec<&str> = item
        .needs
        .iter()
        .filter(|no| !release.signed.contains_key(*no))
        .map(String::as_str)
        .collect();
    (!missing.is_empty()).then(|| format!("{} comes before it", missing.join(", ")))
}

/// The action that can be signed next.
pub fn next<'a>(release: &Release, planned: &'a [Planned]) -> Option<&'a Planned> {
    unsigned(release, planned)
        .into_iter()
        .find(|item| waits_for(item, release).is_none())
}

/// The action of a number.
pub fn item<'a>(name: &str, planned: &'a [Planned], no: &str) -> Result<&'a Planned, Refused> {
    let no = no.trim();
    planned.iter().find(|item| item.no == no).ok_or_else(|| {
        let known: Vec<&str> = planned.iter().map(|item| item.no.as_str()).collect();
        Refused {
            kind: RefusedKind::Unknown,
            message: format!("The countdown of {name} has no action {no:?}."),
            hint: Some(if known.is_empty() {
                "Its date is not frozen, or the profile has no countdown.".to_owned()
            } else {
                format!("It has {}.", known.join(", "))
            }),
        }
    })
}

/// One action as a look shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    pub no: String,
    pub action: String,
    pub role: String,
    pub due: NaiveDate,
    pub signed_by: Option<String>,
    pub signed_on: Option<NaiveDate>,
    /// Not signed and its day is over, or signed after its day.
    pub late: bool,
    /// What it waits for, if it cannot be signed yet.
    pub waits_for: Option<String>,
}

/// The countdown as it stands on a day; `day_of` says on which day a signature was set.
pub fn lines(
    release: &Release,
    planned: &[Planned],
    today: NaiveDate,
    day_of: impl Fn(&Signature) -> NaiveDate,
) -> Vec<Line> {
    let line = |item: &Planned| {
        let signature = release.signed.get(&item.no);
        let signed_on = signature.map(&day_of);
        Line {
            no: item.no.clone(),
            action: item.action.clone(),
            role: item.role.clone(),
            due: item.due,
            signed_by: signature.map(|it| it.by.clone()),
            signed_on,
            late: signed_on.unwrap_or(today) > item.due
                && (signature.is_some() || release.standing.state.is_open()),
            waits_for: match signature {
                Some(_) => None,
                None => waits_for(item, release),
            },
        }
    };
    planned.iter().map(line).collect()
}
