//! Lessons and improvement actions.

use super::{Deed, Entry, Filled, Group, On, Place, Value, unknown_word};
use crate::domain::kind::Kind;
use crate::domain::retro::lesson::LessonKind;
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;

const ACTIONS: Place = (Group::Records, On::One(&[Kind::Action]));
const ACTION: Entry = Entry::place(("id", "Action", "The action"), Value::Id(&[Kind::Action]));
const ABOUT: Entry = Entry::named(("about", "About", "The record it is about"), Value::Id(&[]));

const DESK: Place = (Group::Records, On::Desk);

#[rustfmt::skip]
pub(super) const DEEDS: &[Deed] = &[
    Deed::new("lesson", "Keep a lesson: went-well, improve or puzzle", DESK, &[
        Entry::place(("kind", "Kind", "went-well, improve or puzzle"), Value::Choice(&LessonKind::WORDS)).called("KIND"),
        Entry::place(("text", "Lesson", "The lesson"), Value::Text), ABOUT], lesson),
    Deed::new("vote", "Vote for a lesson; one vote each", (Group::Records, On::One(&[Kind::Lesson])), &[
        Entry::place(("id", "Lesson", "The lesson"), Value::Id(&[Kind::Lesson]))], vote),
    Deed::new("action add", "Add an improvement action with an owner and a date", DESK, &[
        Entry::place(("text", "Action", "What is to be done"), Value::Text),
        Entry::named(("owner", "Owner", "Who does it"), Value::Named(Kind::Person)),
        Entry::named(("due", "Due", "By when"), Value::When), ABOUT], action_add),
    Deed::new("action done", "Record that an action is done", ACTIONS, &[ACTION], action_done),
    Deed::new("action drop", "Drop an action, with the reason", ACTIONS, &[ACTION,
        Entry::named(("reason", "Reason", "Why"), Value::Text).called("R").asked()], action_drop),
];

fn lesson(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    let word = filled.must("kind")?;
    Ok(Action::LessonAdd {
        kind: LessonKind::from_word(&word)
            .ok_or_else(|| unknown_word(&word, &LessonKind::WORDS))?,
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
