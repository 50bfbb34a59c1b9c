//! Release candidates and the signatures of the countdown.

use serde_json::json;

use crate::domain::distribution::guard::{self, Step};
use crate::domain::distribution::release::{
    Candidate, Installed, Release, ReleaseState, Signature,
};
use crate::domain::distribution::{countdown, covering};
use crate::domain::kind::Kind;
use crate::domain::zone::Zone;
use crate::workspace::look::gate;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// Builds the next candidate, or takes one that is built; sites are added to it.
pub(super) fn candidate(
    plan: &mut Plan<'_, '_>,
    name: &str,
    candidate: Option<&str>,
    sites: &[String],
) -> Result<(), Refusal> {
    let passed = plan.passed(Step::Candidate, name)?;
    let utc = Zone::utc();
    let candidates = passed.release.candidates.iter();
    let last = candidates.max_by_key(|it| it.built.start(&utc));
    // Sites install what is built already; the next one is built by itself.
    let meant = candidate.or_else(|| {
        last.filter(|_| !sites.is_empty())
            .map(|it| it.name.as_str())
    });
    let named = if let Some(text) = meant {
        let named = built(&passed.release, text)?.name.clone();
        if sites.is_empty() {
            return Err(Refusal::usage(
                format!("{named} is built already, and no site was named."),
                "Say where it is installed: `--site S`; leave out --candidate to build the next.",
            ));
        }
        named
    } else {
        build(plan, &passed)?
    };
    let mut installed = Vec::new();
    for site in sites {
        let site = plan.load(Kind::Site, site)?.row.id;
        let new = Installed {
            candidate: named.clone(),
            site: site.clone(),
        };
        if plan.add(&passed.entity, "installed", json!(new))? {
            installed.push(site);
        }
    }
    if !installed.is_empty() {
        plan.say(format!("{named} is installed at {}.", installed.join(", ")));
    } else if !sites.is_empty() {
        plan.say(format!("{named} is known to be installed there already."));
    }
    Ok(())
}

fn known<'a>(release: &'a Release, text: &str) -> Option<&'a Candidate> {
    let text = text.trim();
    let mut candidates = release.candidates.iter();
    candidates.find(|it| it.name.eq_ignore_ascii_case(text))
}

/// A candidate that is built.
fn built<'a>(release: &'a Release, text: &str) -> Result<&'a Candidate, Refusal> {
    known(release, text).ok_or_else(|| {
        let names: Vec<&str> = release.built().iter().map(|it| it.name.as_str()).collect();
        Refusal::not_found(
            format!("{} has no candidate {text:?}.", release.name),
            if names.is_empty() {
                "None is built: leave out --candidate to build one.".to_owned()
            } else {
                format!("It has {}.", names.join(", "))
            },
        )
    })
}

/// The next candidate by number.
fn build(plan: &mut Plan<'_, '_>, passed: &super::Passed) -> Result<String, Refusal> {
    let release = &passed.release;
    // Of one number more than there are candidates one is free.
    let built = release.candidates.len();
    let next = (built + 1..=2 * built + 1)
        .map(|n| format!("RC{n}"))
        .find(|name| known(release, name).is_none())
        .unwrap_or_default();
    let new = Candidate {
        name: next.clone(),
        built: plan.at(),
        by: plan.actor.name().to_owned(),
    };
    plan.add(&passed.entity, "candidates", json!(new))?;
    if release.standing.state == ReleaseState::ContentsFrozen {
        plan.stand(&passed.entity, ReleaseState::Candidate)?;
    }
    plan.say(format!("{next} of {} is built.", release.name));
    again(plan, passed, ReleaseState::Candidate)?;
    Ok(next)
}

/// Takes back the signatures that a change has overtaken, and says whose have to be given
/// again.
pub(super) fn again(
    plan: &mut Plan<'_, '_>,
    passed: &super::Passed,
    changed: ReleaseState,
) -> Result<(), Refusal> {
    let release = &passed.release;
    let overtaken = countdown::overtaken(release, &passed.planned, changed);
    let mut told = Vec::new();
    for item in overtaken {
        plan.clear(&passed.entity, &format!("signed:{}", item.no))?;
        if let Some(signature) = release.signed.get(&item.no) {
            told.push(format!("{} ({})", item.no, signature.by));
        }
    }
    if !told.is_empty() {
        plan.warn(format!(
            "To be signed again, because what was signed has changed: {}.",
            told.join(", ")
        ));
    }
    Ok(())
}

/// Only the device's own person signs: nobody signs for somebody else.
pub(super) fn sign(plan: &mut Plan<'_, '_>, name: &str, no: &str) -> Result<(), Refusal> {
    let passed = plan.release(name)?;
    let name = passed.release.name.clone();
    if let Some(other) = plan
        .actor
        .on_behalf
        .as_ref()
        .filter(|other| **other != plan.actor.person)
    {
        return Err(Refusal::rule(
            format!(
                "{} cannot sign for {other}: a signature is one's own.",
                plan.actor.person
            ),
            format!("{other} signs on a device of their own; leave out --as to sign yourself."),
        ));
    }
    let item = countdown::item(&name, &passed.planned, no)?;
    guard::signable(item, &passed.request())?;
    gate::open(&plan.writing.reader(), &passed.row, Step::Sign.into())?;
    guard::refuse(Step::Sign, &passed.request())?;
    for since in countdown::since(item, &passed.planned, &passed.release) {
        plan.not_before(&name, since)?;
    }
    let rests = countdown::rests_on(item, &passed.planned);
    let signature = Signature {
        by: plan.actor.person.clone(),
        on: plan.at(),
        covers: covering::digest(&passed.release, rests),
        rests,
    };
    plan.put(&passed.entity, &format!("signed:{}", item.no), &signature)?;
    plan.say(format!(
        "{} signs {} of {name}: {}.",
        plan.actor.person.clone(),
        item.no,
        item.action
    ));
    let left = countdown::unsigned(&passed.release, &passed.planned).len() - 1;
    plan.say(match left {
        0 => "The countdown is signed but for publication itself.".to_owned(),
        1 => "One more is to be signed.".to_owned(),
        left => format!("{left} more are to be signed."),
    });
    Ok(())
}
