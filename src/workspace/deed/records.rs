//! Rollout sites, lessons and improvement actions.

use super::{Deed, Entry, Filled, Group, Make, On, Value, unknown_word};
use crate::domain::kind::Kind;
use crate::domain::retro::lesson::LessonKind;
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;

const fn kept(
    name: &'static str,
    about: &'static str,
    on: On,
    entries: &'static [Entry],
    action: Make,
) -> Deed {
    Deed::new(name, about, (Group::Records, on), entries, action)
}

const ACTIONS: On = On::One(&[Kind::Action]);
const ACTION: Entry = Entry::place(("id", "Action", "The action"), Value::Id(&[Kind::Action]));
const ABOUT: Entry = Entry::named(("about", "About", "The record it is about"), Value::Id(&[]));
const LESSONS: &[&str] = &["went-well", "improve", "puzzle"];

#[rustfmt::skip]
pub(super) const DEEDS: &[Deed] = &[
    kept("site add", "Add a production site that tries releases first", On::Desk, &[
        Entry::place(("name", "Site", "The site"), Value::Text).called("NAME"),
        Entry::named(("country", "Country", "Its country"), Value::Text).called("C"),
        Entry::named(("contact", "Contact", "Whom to write to"), Value::Mail)], site_add),
    kept("site sla", "Record within how many days a site reports on a product", On::One(&[Kind::Site]), &[
        Entry::place(("name", "Site", "The site"), Value::Named(Kind::Site)),
        Entry::named(("product", "Product", "The product"), Value::Named(Kind::Product)).called("P").must(),
        Entry::named(("days", "Days", "Days to report in"), Value::Number).must(),
        Entry::flag(("working", "Working days", "Working days"))], site_sla),
    kept("lesson", "Keep a lesson: went-well, improve or puzzle", On::Desk, &[
        Entry::place(("kind", "Kind", "went-well, improve or puzzle"), Value::Choice(LESSONS)).called("KIND"),
        Entry::place(("text", "Lesson", "The lesson"), Value::Text), ABOUT], lesson),
    kept("vote", "Vote for a lesson; one vote each", On::One(&[Kind::Lesson]), &[
        Entry::place(("id", "Lesson", "The lesson"), Value::Id(&[Kind::Lesson]))], vote),
    kept("action add", "Add an improvement action with an owner and a date", On::Desk, &[
        Entry::place(("text", "Action", "What is to be done"), Value::Text),
        Entry::named(("owner", "Owner", "Who does it"), Value::Named(Kind::Person)),
        Entry::named(("due", "Due", "By when"), Value::When), ABOUT], action_add),
    kept("action done", "Record that an action is done", ACTIONS, &[ACTION], action_done),
    kept("action drop", "Drop an action, with the reason", ACTIONS, &[ACTION,
        Entry::named(("reason", "Reason", "Why"), Value::Text).called("R").asked()], action_drop),
];

fn site_add(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::SiteAdd {
        name: filled.must("name")?,
        country: filled.maybe("country"),
        contact: filled.maybe("contact"),
    })
}

fn site_sla(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    let days = filled.must("days")?;
    let days = days.trim().parse().map_err(|_| {
        Refusal::usage(
            format!("{days:?} is not a number of days."),
            "Write a whole number: --days 10.",
        )
    })?;
    Ok(Action::SiteSla {
        name: filled.must("name")?,
        product: filled.must("product")?,
        days,
        working: filled.yes("working"),
    })
}

fn lesson(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    let word = filled.must("kind")?;
    let kind = LessonKind::ALL.into_iter().find(|it| it.word() == word);
    Ok(Action::LessonAdd {
        kind: kind.ok_or_else(|| unknown_word(&word, LESSONS))?,
        text: filled.must("text")?,
        about: filled.maybe("about"),
    })
}

fn vote(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Vote {
        id: filled.must("id")?,
    })
}

fn action_add(filled: &Filled, session: &Session) -> Result<Action, Refusal> {
    Ok(Action::ActionAdd {
        text: filled.must("text")?,
        owner: filled.maybe("owner"),
        due: session.dates.maybe(filled.one("due"))?,
        about: filled.maybe("about"),
    })
}

fn action_done(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::ActionDone {
        id: filled.must("id")?,
    })
}

fn action_drop(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::ActionDrop {
        id: filled.must("id")?,
        reason: filled.maybe("reason"),
    })
}
