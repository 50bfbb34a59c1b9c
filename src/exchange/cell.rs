//! A cell of a plain CSV as a field's value. Reads words and ISO days; guesses nothing.

use serde_json::{Value, json};

use super::board;
use super::day;
use super::fields::{FieldRow, Shape};
use super::header::folded;
use crate::domain::kind::Kind;
use crate::domain::profile::Profile;
use crate::domain::queue::state::{State, SubmissionState};
use crate::domain::retro::action_item::ActionState;
use crate::domain::retro::lesson::LessonKind;
use crate::domain::schedule::milestone::Committee;
use crate::domain::when::When;
use crate::domain::yes;

/// The value of a cell that is not empty; an error says what stands there.
pub(super) fn read(field: &FieldRow, text: &str, profile: &Profile) -> Result<Value, String> {
    match field.shape {
        Shape::Text => Ok(json!(text)),
        Shape::Day => Ok(json!(day::read(field.name, text)?)),
        Shape::Moment => moment(field.name, text),
        Shape::Flag => flag(field.name, text),
        Shape::List => Ok(list(text, &[';', ','])),
        Shape::Words => Ok(list(text, &[';', ',', ' '])),
        Shape::Word => word(field, text, profile),
    }
}

fn moment(name: &str, text: &str) -> Result<Value, String> {
    if text.contains('T') || text.contains("AoE") {
        let when = text
            .parse::<When>()
            .map_err(|error| format!("{name} is \"{text}\": {error}"))?;
        return Ok(json!(when));
    }
    Ok(json!(day::read(name, text)?))
}

fn flag(name: &str, text: &str) -> Result<Value, String> {
    yes::read(text)
        .map(|it| json!(it))
        .ok_or_else(|| format!("{name} is \"{text}\", not yes or no"))
}

fn list(text: &str, separators: &[char]) -> Value {
    let parts: Vec<&str> = text
        .split(separators)
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    json!(parts)
}

fn word(field: &FieldRow, text: &str, profile: &Profile) -> Result<Value, String> {
    let one_of = |words: &[&'static str]| {
        let found = words.iter().find(|word| folded(word) == folded(text));
        found
            .map(|word| json!(word))
            .ok_or_else(|| format!("{} is \"{text}\", none of {}", field.name, words.join(", ")))
    };
    match (field.kind, field.name) {
        (Kind::Ticket, _) => match state(text, profile) {
            Some(state) => Ok(json!(state.word())),
            None => one_of(&State::ALL.map(State::word)),
        },
        (Kind::Submission, _) => one_of(&SubmissionState::ALL.map(SubmissionState::word)),
        (Kind::Action, _) => {
            let all = [ActionState::Open, ActionState::Done, ActionState::Dropped];
            one_of(&all.map(ActionState::word))
        }
        (Kind::Lesson, _) => {
            let by_mark = LessonKind::ALL.into_iter().find(|kind| kind.mark() == text);
            match by_mark {
                Some(kind) => Ok(json!(kind.word())),
                None => one_of(&LessonKind::ALL.map(LessonKind::word)),
            }
        }
        _ => one_of(&Committee::WORDS),
    }
}

/// A ticket's state by our word, the community's label, or a whole row of its board.
fn state(text: &str, profile: &Profile) -> Option<State> {
    let labelled = || {
        State::ALL
            .into_iter()
            .find(|state| folded(profile.label(*state)) == folded(text))
    };
    let on_the_board = || {
        let (verification, rollout) = text.split_once('/')?;
        board::state(profile, verification, rollout)
    };
    State::from_word(text)
        .or_else(labelled)
        .or_else(on_the_board)
}
