//! Cycles and milestones: drafting, approving, moving, ending.

use super::{Deed, Entry, Filled, Group, On, PREVIEW, Place, Preview, Value, unknown_word};
use crate::domain::kind::Kind;
use crate::domain::schedule::milestone::Committee;
use crate::workspace::action::{Action, CycleAdd, MilestoneAdd};
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;

const CYCLES: Place = (Group::Schedule, On::One(&[Kind::Cycle]));
const MILESTONES: Place = (Group::Schedule, On::One(&[Kind::Milestone]));
const CYCLE: Entry = Entry::place(("name", "Cycle", "The cycle"), Value::Named(Kind::Cycle));
const ID: Entry = Entry::place(
    ("id", "Milestone", "The milestone"),
    Value::Id(&[Kind::Milestone]),
);
const TO: Entry = Entry::named(("to", "New date", "The new date"), Value::When).must();
const REASON: Entry = Entry::named(("reason", "Reason", "Why it moves"), Value::Text).called("R");

/// A preview of a move needs no reason yet.
const MOVES: Preview = Preview {
    help: "Only say what would move",
    spares: Some("reason"),
    ..PREVIEW
};

const DESK: Place = (Group::Schedule, On::Desk);

#[rustfmt::skip]
pub(super) const DEEDS: &[Deed] = &[
    Deed::new("cycle add", "Draft a cycle, its milestones from a template of the profile", DESK, &[
        Entry::place(("name", "Name", "Its name"), Value::Text).called("NAME"),
        Entry::named(("start", "Start", "Where rules count from"), Value::When),
        Entry::named(("release", "Release", "The release; a template counts back from it when there is no start"), Value::When),
        Entry::named(("template", "Template", "A milestone template of the profile"), Value::Template)], cycle_add),
    Deed::new("cycle approve", "Make what stands now the plan; later moves are slips", CYCLES, &[CYCLE,
        Entry::named(("decision", "Decision", "Who approved it and where that is written down"), Value::Text).called("TEXT|LINK")], cycle_approve),
    Deed::new("cycle close", "Close a cycle", CYCLES, &[CYCLE], cycle_close),
    Deed::new("milestone add", "Add a milestone with a date or a rule", DESK, &[
        Entry::place(("code", "Code", "Its code, unique in the cycle: M3"), Value::Text).called("CODE"),
        Entry::place(("name", "Name", "Its name"), Value::Text).called("NAME").may(),
        Entry::named(("cycle", "Cycle", "The cycle; the only open one when left out"), Value::Named(Kind::Cycle)),
        Entry::named(("on", "Date", "Its date"), Value::When),
        Entry::named(("rule", "Rule", "`M1 + 10 weeks`, `release - 14 days`, `M3 + 5 working days`"), Value::Rule),
        Entry::named(("committee", "Committee", "What the steering committee does: none, review or approval"), Value::Choice(&Committee::WORDS)).called("WHAT"),
        Entry::named(("owner", "Owner", "Who answers for it"), Value::Named(Kind::Person))], milestone_add),
    Deed::new("milestone move", "Move a milestone; the same as `slip`, without a reason while drafting", MILESTONES,
        &[ID, TO, REASON], slip).previewed(MOVES),
    Deed::new("milestone done", "Record that a milestone was reached", MILESTONES, &[ID], milestone_done),
    Deed::new("slip", "Move a milestone with a reason; what hangs on it moves along", MILESTONES,
        &[ID, TO, REASON.asked()], slip).previewed(MOVES),
];

fn cycle_add(filled: &Filled, session: &Session) -> Result<Action, Refusal> {
    Ok(Action::CycleAdd(CycleAdd {
        name: filled.must("name")?,
        start: session.dates.maybe(filled.one("start"))?,
        release: session.dates.maybe(filled.one("release"))?,
        template: filled.maybe("template"),
    }))
}

fn cycle_approve(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::CycleApprove {
        name: filled.must("name")?,
        decision: filled.maybe("decision"),
    })
}

fn cycle_close(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::CycleClose {
        name: filled.must("name")?,
    })
}

fn committee(word: &str) -> Result<Committee, Refusal> {
    Committee::from_word(word).ok_or_else(|| unknown_word(word, &Committee::WORDS))
}

fn milestone_add(filled: &Filled, session: &Session) -> Result<Action, Refusal> {
    Ok(Action::MilestoneAdd(MilestoneAdd {
        cycle: filled.maybe("cycle"),
        code: filled.must("code")?,
        name: filled.maybe("name"),
        rule: filled.maybe("rule"),
        date: session.dates.maybe(filled.one("on"))?,
        committee: committee(filled.one("committee").unwrap_or("none"))?,
        owner: filled.maybe("owner"),
    }))
}

fn slip(filled: &Filled, session: &Session) -> Result<Action, Refusal> {
    Ok(Action::MilestoneMove {
        id: filled.must("id")?,
        to: session.dates.when(&filled.must("to")?)?,
        reason: filled.maybe("reason"),
    })
}

fn milestone_done(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::MilestoneDone {
        id: filled.must("id")?,
    })
}
