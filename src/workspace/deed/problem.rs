//! What is done about problems and known errors.

use super::{Deed, Entry, Filled, Group, On, Place, Value, unknown_word};
use crate::domain::kind::Kind;
use crate::domain::problem::known_error::Source;
use crate::domain::problem::report::{Criticality, Ending};
use crate::workspace::action::{
    Action, ErrorAdd, ProblemAction, ProblemClose, ProblemFile, ProblemFix, ProblemTriage,
};
use crate::workspace::files;
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;

const PROBLEMS: Place = (Group::Problems, On::One(&[Kind::Problem]));
const ID: Entry = Entry::place(
    ("id", "Problem", "The problem"),
    Value::Id(&[Kind::Problem]),
);
const REASON: Entry = Entry::named(("reason", "Reason", "Why"), Value::Text).called("R");
const CRITICALITY: Entry = Entry::named(
    (
        "criticality",
        "Criticality",
        "critical, high, moderate or low, as the body decided",
    ),
    Value::Choice(&Criticality::WORDS),
)
.called("C");
const BODY: Entry = Entry::named(
    (
        "body",
        "Decided in",
        "The body that decided: one of the profile's",
    ),
    Value::Text,
)
.called("BODY");
const DECIDED_BY: Entry = Entry::named(
    ("decided-by", "Decided by", "Who decided it there"),
    Value::Text,
)
.called("NAME");
const ADVISORY: Entry = Entry::named(
    (
        "advisory",
        "Advisory",
        "The id of a security advisory about it",
    ),
    Value::Text,
)
.called("ID")
.needs("risk");
const RISK: Entry = Entry::named(
    (
        "risk",
        "Risk class",
        "Its risk class; the profile says by when each wants a fix",
    ),
    Value::Choice(&Criticality::WORDS),
)
.called("CLASS")
.needs("advisory");
const WORKAROUND: Entry = Entry::named(
    (
        "workaround",
        "Workaround",
        "How to live with it until it is fixed",
    ),
    Value::Long,
);

#[rustfmt::skip]
pub(super) const DEEDS: &[Deed] = &[
    Deed::new("problem file", "Record a problem that a site filed in the helpdesk, and draft its report to the support unit", (Group::Problems, On::One(&[Kind::Announcement])), &[
        Entry::named(("announcement", "Announcement", "The announcement it came up in; names product, version and ticket"), Value::Id(&[Kind::Announcement])),
        Entry::named(("channel-id", "Helpdesk id", "Its id in the helpdesk"), Value::Text).called("ID").asked(),
        Entry::named(("product", "Product", "The product"), Value::Named(Kind::Product)).called("P"),
        Entry::named(("version", "Version", "The version that has it"), Value::Text).called("V"),
        Entry::named(("ticket", "Ticket", "The ticket of the release that has it"), Value::Id(&[Kind::Ticket])),
        Entry::named(("site", "Site", "The site that filed it"), Value::Named(Kind::Site)),
        Entry::named(("text", "What is wrong", "What is wrong, in the site's own words"), Value::Long).asked()], file),
    Deed::new("problem triage", "Record how critical the deciding body finds a problem", PROBLEMS, &[ID,
        CRITICALITY.asked(), BODY.asked(), DECIDED_BY.asked(),
        Entry::named(("priority", "Priority", "Its priority, in the helpdesk's words"), Value::Text).called("WORD"),
        ADVISORY, RISK], triage),
    Deed::new("problem engage", "Ask the provider for a fix of a critical problem", PROBLEMS, &[ID,
        Entry::named(("whom", "Engaged", "A mail address or a name; else the product's contact"), Value::Text).called("WHOM"),
        Entry::named(("text", "Words", "What to tell besides what was filed"), Value::Long)], engage),
    Deed::new("problem halt", "Stop the rollout because of a critical problem, and draft the notices to its sites", PROBLEMS, &[ID,
        REASON.asked(),
        Entry::named(("scope", "Scope", "What it is stopped for: all sites, one platform"), Value::Text).called("SCOPE").asked()], halt),
    Deed::new("problem fix", "Name the version that restores the function, or take it in as an emergency", PROBLEMS, &[ID,
        Entry::named(("by", "Fixed by", "A submission or a ticket that is there"), Value::Id(&[Kind::Submission, Kind::Ticket])).excludes("version"),
        Entry::named(("version", "Version", "The version of a new emergency submission"), Value::Text).called("V"),
        Entry::named(("notes", "Release notes", "Its release notes"), Value::Link).needs("version"),
        Entry::from_file(("packages", "Packages", "Its packages, one a line; - is standard input"), Value::Lines).needs("version"),
        Entry::named(("channel-id", "Request", "Its request in the helpdesk; else the problem's own"), Value::Text).called("ID").needs("version"),
        Entry::named(("waive", "Take in anyway", "Take it in although a part is missing, and why"), Value::Text).called("REASON").needs("version")], fix),
    Deed::new("problem tell", "Draft a warning to each site that runs the version with a problem", PROBLEMS, &[ID,
        Entry::place(("site", "Sites", "A site; else every one that was not told"), Value::Named(Kind::Site)).called("SITE").may().many(),
        Entry::flag(("advice", "With advice", "Add that a backup of its own is a site's own choice"))], tell),
    Deed::new("problem close", "End a problem: fixed, recalled, downgraded, duplicate, no defect or known error", PROBLEMS, &[ID,
        Entry::place(("how", "Closed as", "fixed, recalled, downgraded, duplicate, no-defect or known-error"), Value::Choice(&Ending::WORDS)).called("HOW").asked(),
        REASON,
        Entry::named(("of", "Repeats", "The problem that a duplicate repeats"), Value::Id(&[Kind::Problem])),
        Entry::named(("version", "Fixed in", "The version that fixed what is not critical"), Value::Text).called("V"),
        WORKAROUND, CRITICALITY, BODY, DECIDED_BY], close),
    Deed::new("error add", "Keep a known error with its workaround, printed in release notes until it is fixed", (Group::Problems, On::One(&[Kind::Problem])), &[
        Entry::named(("problem", "Problem", "The problem it comes from; names product and version"), Value::Id(&[Kind::Problem])),
        Entry::named(("product", "Product", "The product"), Value::Named(Kind::Product)).called("P"),
        Entry::named(("version", "Versions", "A version that has it; none is every one"), Value::Text).called("V").many(),
        Entry::named(("symptom", "Symptom", "What is seen of it; else the problem's text"), Value::Long),
        WORKAROUND,
        Entry::named(("source", "Found in", "verification, staged-rollout, production or advisory"), Value::Choice(&Source::WORDS)).called("WHERE"),
        ADVISORY, RISK], error_add),
    Deed::new("error fix", "Record the version that fixes a known error; notes print it no more", (Group::Problems, On::One(&[Kind::KnownError])), &[
        Entry::place(("id", "Known error", "The known error"), Value::Id(&[Kind::KnownError])),
        Entry::named(("version", "Fixed in", "The version that fixes it"), Value::Text).called("V").asked()], error_fix),
];

/// One of four words, if it was given.
fn graded(filled: &Filled, name: &str) -> Result<Option<Criticality>, Refusal> {
    let read = |word: &str| {
        Criticality::from_word(word).ok_or_else(|| unknown_word(word, &Criticality::WORDS))
    };
    filled.one(name).map(read).transpose()
}

fn file(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Problem(ProblemAction::File(ProblemFile {
        announcement: filled.maybe("announcement"),
        channel_id: filled.maybe("channel-id"),
        product: filled.maybe("product"),
        version: filled.maybe("version"),
        ticket: filled.maybe("ticket"),
        site: filled.maybe("site"),
        text: filled.maybe("text"),
    })))
}

fn triage(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Problem(ProblemAction::Triage(ProblemTriage {
        id: filled.must("id")?,
        criticality: graded(filled, "criticality")?,
        priority: filled.maybe("priority"),
        body: filled.maybe("body"),
        by: filled.maybe("decided-by"),
        advisory: filled.maybe("advisory"),
        risk: graded(filled, "risk")?,
    })))
}

fn engage(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Problem(ProblemAction::Engage {
        id: filled.must("id")?,
        whom: filled.maybe("whom"),
        text: filled.maybe("text"),
    }))
}

fn halt(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Problem(ProblemAction::Halt {
        id: filled.must("id")?,
        reason: filled.maybe("reason"),
        scope: filled.maybe("scope"),
    }))
}

fn fix(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    let packages = filled.text("packages")?;
    Ok(Action::Problem(ProblemAction::Fix(ProblemFix {
        id: filled.must("id")?,
        by: filled.maybe("by"),
        version: filled.maybe("version"),
        notes_url: filled.maybe("notes"),
        packages: files::names(packages.as_deref().unwrap_or_default()),
        channel_id: filled.maybe("channel-id"),
        waive: filled.maybe("waive"),
    })))
}

fn tell(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Problem(ProblemAction::Tell {
        id: filled.must("id")?,
        sites: filled.many("site").to_vec(),
        advice: filled.yes("advice"),
    }))
}

fn close(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    let read =
        |word: &str| Ending::from_word(word).ok_or_else(|| unknown_word(word, &Ending::WORDS));
    Ok(Action::Problem(ProblemAction::Close(ProblemClose {
        id: filled.must("id")?,
        how: filled.one("how").map(read).transpose()?,
        reason: filled.maybe("reason"),
        of: filled.maybe("of"),
        version: filled.maybe("version"),
        workaround: filled.maybe("workaround"),
        criticality: graded(filled, "criticality")?,
        body: filled.maybe("body"),
        by: filled.maybe("decided-by"),
    })))
}

fn error_add(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    let read =
        |word: &str| Source::from_word(word).ok_or_else(|| unknown_word(word, &Source::WORDS));
    Ok(Action::Problem(ProblemAction::ErrorAdd(ErrorAdd {
        problem: filled.maybe("problem"),
        product: filled.maybe("product"),
        versions: filled.many("version").to_vec(),
        symptom: filled.maybe("symptom"),
        workaround: filled.maybe("workaround"),
        source: filled.one("source").map(read).transpose()?,
        advisory: filled.maybe("advisory"),
        risk: graded(filled, "risk")?,
    })))
}

fn error_fix(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Problem(ProblemAction::ErrorFix {
        id: filled.must("id")?,
        version: filled.maybe("version"),
    }))
}
