//! Rollout sites, announcements and reports.

use super::{Deed, Entry, Filled, Group, On, Place, Value, unknown_word};
use crate::domain::kind::Kind;
use crate::domain::rollout::announcement::ReportOutcome;
use crate::domain::rollout::site::ReportDuty;
use crate::domain::yes;
use crate::workspace::action::{Action, Agreement, Announce, RolloutAction, SiteCard, Told};
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;

const DESK: Place = (Group::Rollout, On::Desk);
const SITES: Place = (Group::Rollout, On::One(&[Kind::Site]));
const TRIALS: Place = (Group::Rollout, On::One(&[Kind::Announcement, Kind::Ticket]));
const NAME: Entry = Entry::place(("name", "Site", "The site"), Value::Named(Kind::Site));
const ID: Entry = Entry::place(
    ("id", "Release", "The ticket or its announcement"),
    Value::Id(&[Kind::Announcement, Kind::Ticket]),
);
const SITE: Entry = Entry::place(("site", "Site", "The site"), Value::Named(Kind::Site));
const PRODUCT: Entry = Entry::named(
    ("product", "Product", "The product"),
    Value::Named(Kind::Product),
)
.called("P");
const WORKING: Entry = Entry::flag(("working", "Working days", "Working days"));

#[rustfmt::skip]
pub(super) const DEEDS: &[Deed] = &[
    Deed::new("site add", "Add a production site that tries releases first", DESK, &[
        Entry::place(("name", "Site", "The site"), Value::Text).called("NAME"),
        Entry::named(("country", "Country", "Its country"), Value::Text).called("C"),
        Entry::named(("contact", "Contact", "Whom to write to"), Value::Mail),
        Entry::named(("platform", "Platforms", "A platform it can try"), Value::Text).called("PL").many(),
        Entry::named(("timezone", "Time zone", "Where its day is: `Europe/Rome`"), Value::Zone)], site_add),
    Deed::new("site sla", "Agree within how many days a site reports on a product", SITES, &[NAME,
        PRODUCT.must(),
        Entry::named(("days", "Days", "Days to report in"), Value::Number).must(), WORKING,
        Entry::named(("from", "From", "The first day it holds"), Value::When),
        Entry::named(("to", "To", "The last day it holds"), Value::When),
        Entry::named(("target", "Target", "The share of announcements answered in time, in percent"), Value::Number),
        Entry::named(("reports", "Reports", "always, or failures-only: then silence keeps the agreement"), Value::Choice(&ReportDuty::WORDS)),
        Entry::named(("reason", "Reason", "Why it is on the list although it lacks a criterion"), Value::Text).called("R")], sla),
    Deed::new("site criteria", "Tick what a site meets of what a rollout site needs", SITES, &[NAME,
        Entry::named(("met", "Met", "A criterion of the profile that it meets, or ALL"), Value::Text).called("CRITERION").many(),
        Entry::named(("lacking", "Lacking", "A criterion that it lacks"), Value::Text).called("CRITERION").many(),
        PRODUCT], criteria),
    Deed::new("site absent", "Record that a site tries nothing for a while, or opts out", SITES, &[NAME,
        Entry::named(("from", "From", "The first day"), Value::When).or("today"),
        Entry::named(("to", "To", "The last day; without it until further notice"), Value::When),
        PRODUCT, Entry::named(("reason", "Reason", "Why"), Value::Text).called("R")], absent),
    Deed::new("site back", "Record that a site is back and tries releases again", SITES, &[NAME,
        Entry::named(("from", "From", "The first day"), Value::When).or("today"), PRODUCT], back),
    Deed::new("site runs", "Record which version of a product a site runs", SITES, &[NAME,
        PRODUCT.must(),
        Entry::named(("version", "Version", "The version"), Value::Text).called("V").must(),
        Entry::named(("platform", "Platform", "On which platform"), Value::Text).called("PL"),
        Entry::named(("how", "How it is known", "A command, a probe, a person"), Value::Text).called("HOW")], runs),
    Deed::new("announce", "Announce a ticket to its rollout sites, each with its own last day", TRIALS, &[ID,
        Entry::named(("to", "Sites", "Only this site; else every one with an agreement on the product"), Value::Named(Kind::Site)).called("SITE").many(),
        Entry::named(("days", "Days", "A period for this case alone"), Value::Number), WORKING.needs("days"),
        Entry::flag(("told", "Told already", "They know already: draft no text, their time runs"))], announce),
    Deed::new("site accept", "Record that a site will try a release, or runs it", TRIALS, &[ID, SITE,
        Entry::flag(("deployed", "Deployed", "It runs it"))], accept),
    Deed::new("site report", "Record what a site says of its trial", TRIALS, &[ID, SITE,
        Entry::named(("outcome", "Outcome", "ok, issues, failed or not-deployed"), Value::Word(&ReportOutcome::WORDS)).called("OUTCOME").must(),
        Entry::named(("version", "Version", "The version that runs there"), Value::Text).called("V"),
        Entry::named(("how", "Known by", "How the version was found out"), Value::Text).called("HOW"),
        Entry::named(("tested", "Tried", "What was tried"), Value::Text),
        Entry::named(("exposed", "Exposed", "Users or jobs that were exposed to it"), Value::Text),
        Entry::named(("issue", "Issues", "The id of an issue in the helpdesk"), Value::Text).called("ID").many(),
        Entry::named(("hours", "Hours", "The time it took, in hours"), Value::Text).called("N"),
        Entry::named(("widely", "Deploy widely", "Whether the site would deploy it widely: yes or no"), Value::Word(&["yes", "no"])),
        Entry::named(("note", "Remark", "A remark"), Value::Text)], report),
    Deed::new("site remind", "Draft a reminder to sites that have not reported", TRIALS, &[ID,
        Entry::place(("site", "Sites", "Only these; else every one whose time runs"), Value::Named(Kind::Site)).may().many()], remind),
    Deed::new("site early", "Record that a site goes ahead of the rollout at its own risk", TRIALS, &[ID, SITE,
        Entry::named(("accepted-by", "Risk taken by", "Who at the site takes the risk"), Value::Text).called("NAME").asked(),
        Entry::named(("version", "Version", "The version"), Value::Text).called("V")], early),
];

fn site_add(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::SiteAdd(SiteCard {
        name: filled.must("name")?,
        country: filled.maybe("country"),
        contact: filled.maybe("contact"),
        platforms: filled.many("platform").to_vec(),
        timezone: filled.maybe("timezone"),
    }))
}

/// A whole number of something.
fn number(filled: &Filled, name: &str, what: &str) -> Result<Option<u32>, Refusal> {
    filled
        .one(name)
        .map(|text| {
            text.trim().parse().map_err(|_| {
                Refusal::usage(
                    format!("{text:?} is not a number of {what}."),
                    format!("Write a whole number: --{name} 10."),
                )
            })
        })
        .transpose()
}

fn sla(filled: &Filled, session: &Session) -> Result<Action, Refusal> {
    let day = |name: &str| -> Result<_, Refusal> {
        let when = session.dates.maybe(filled.one(name))?;
        Ok(when.map(|when| when.day(&session.dates.zone)))
    };
    let reports = filled.one("reports").map(|word| {
        ReportDuty::from_word(word).ok_or_else(|| unknown_word(word, &ReportDuty::WORDS))
    });
    Ok(Action::Rollout(RolloutAction::Sla(Agreement {
        site: filled.must("name")?,
        product: filled.must("product")?,
        days: match number(filled, "days", "days")? {
            Some(days) => days,
            None => return Err(Refusal::usage("days is missing.", "Write --days N.")),
        },
        working: filled.yes("working"),
        from: day("from")?,
        to: day("to")?,
        target: number(filled, "target", "percent")?,
        reports: reports.transpose()?.unwrap_or_default(),
        reason: filled.maybe("reason"),
    })))
}

fn criteria(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Rollout(RolloutAction::Criteria {
        site: filled.must("name")?,
        met: filled.many("met").to_vec(),
        lacking: filled.many("lacking").to_vec(),
        product: filled.maybe("product"),
    }))
}

fn absent(filled: &Filled, session: &Session) -> Result<Action, Refusal> {
    let (dates, zone) = (&session.dates, &session.dates.zone);
    let from = dates.when(filled.one("from").unwrap_or("today"))?;
    let to = dates.maybe(filled.one("to"))?;
    Ok(Action::Rollout(RolloutAction::Absent {
        site: filled.must("name")?,
        from: from.day(zone),
        to: to.map(|to| to.day(zone)),
        product: filled.maybe("product"),
        reason: filled.maybe("reason"),
    }))
}

fn back(filled: &Filled, session: &Session) -> Result<Action, Refusal> {
    let on = session.dates.when(filled.one("from").unwrap_or("today"))?;
    Ok(Action::Rollout(RolloutAction::Back {
        site: filled.must("name")?,
        on: on.day(&session.dates.zone),
        product: filled.maybe("product"),
    }))
}

fn runs(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Rollout(RolloutAction::Runs {
        site: filled.must("name")?,
        product: filled.must("product")?,
        version: filled.must("version")?,
        platform: filled.maybe("platform"),
        how: filled.maybe("how"),
    }))
}

fn announce(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Rollout(RolloutAction::Announce(Announce {
        ticket: filled.must("id")?,
        sites: filled.many("to").to_vec(),
        days: number(filled, "days", "days")?,
        working: filled.yes("working"),
        told: filled.yes("told"),
    })))
}

fn accept(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Rollout(RolloutAction::Accept {
        id: filled.must("id")?,
        site: filled.must("site")?,
        deployed: filled.yes("deployed"),
    }))
}

/// "1.5" hours in minutes.
pub(super) fn minutes(filled: &Filled, name: &str) -> Result<Option<u32>, Refusal> {
    const MOST: f64 = 10_000.0;
    let Some(text) = filled.one(name) else {
        return Ok(None);
    };
    let hours: Option<f64> = text.trim().replace(',', ".").parse().ok();
    match hours.filter(|hours| (0.0..=MOST).contains(hours)) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it lies between 0 and the most"
        )]
        Some(hours) => Ok(Some((hours * 60.0).round() as u32)),
        None => Err(Refusal::usage(
            format!("{text:?} is not a number of hours."),
            format!("Write it as --{name} 1.5."),
        )),
    }
}

fn report(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    let word = filled.must("outcome")?;
    let widely = filled
        .one("widely")
        .map(|text| yes::read(text).ok_or_else(|| unknown_word(text, &["yes", "no"])));
    Ok(Action::Rollout(RolloutAction::Report {
        id: filled.must("id")?,
        site: filled.must("site")?,
        told: Told {
            outcome: ReportOutcome::from_word(&word)
                .ok_or_else(|| unknown_word(&word, &ReportOutcome::WORDS))?,
            version: filled.maybe("version"),
            how: filled.maybe("how"),
            tested: filled.maybe("tested"),
            exposed: filled.maybe("exposed"),
            issues: filled.many("issue").to_vec(),
            minutes: minutes(filled, "hours")?,
            widely: widely.transpose()?,
            note: filled.maybe("note"),
        },
    }))
}

fn remind(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Rollout(RolloutAction::Remind {
        id: filled.must("id")?,
        sites: filled.many("site").to_vec(),
    }))
}

fn early(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Rollout(RolloutAction::Early {
        id: filled.must("id")?,
        site: filled.must("site")?,
        accepted_by: filled.maybe("accepted-by"),
        version: filled.maybe("version"),
    }))
}
