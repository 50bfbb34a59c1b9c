//! What can happen to the screen. A closed list: nothing else reaches `update`.

use chrono::{DateTime, Utc};

use super::effect::{Doing, FillAsk};
use super::keymap::Press;
use super::overlay::form::Begin;
use crate::workspace::founding::Founded;
use crate::workspace::look::board::rows::{Board, Counted, Key, Page, PageAsk};
use crate::workspace::look::find::Found;
use crate::workspace::look::steps::Step;
use crate::workspace::receipt::Receipt;
use crate::workspace::refusal::Refusal;

/// Something that happened.
#[derive(Debug)]
pub enum Msg {
    Key(Press),
    /// Text from outside, as it came.
    Pasted {
        text: String,
        cut: bool,
    },
    Resized(u16, u16),
    /// The desk answered a [`super::effect::Effect`] of the same name.
    Board(Result<Box<Board>, Refusal>),
    Counted(Counted),
    Page(PageAsk, Result<Page, Refusal>),
    Filled(FillAsk, Result<Box<Begin>, Refusal>),
    Steps(Key, Result<Vec<Step>, Refusal>),
    Found(String, Result<Vec<Found>, Refusal>),
    Previewed(Doing, Result<Box<Receipt>, Refusal>),
    Done(Doing, Result<Box<Receipt>, Refusal>),
    /// There is a desk now.
    Founded(Founded),
    /// The editor is closed: the text, or nothing if it is as it was.
    Edited {
        name: String,
        result: Result<Option<String>, Refusal>,
    },
    /// No step settles the duty, and why.
    Unsettled(Refusal),
    /// A link was opened outside, or not.
    Launched(Result<(), Refusal>),
    /// Somebody changed the desk's files.
    Touched,
    /// A moment later, when what they wrote is sure to be seen.
    Settled,
    /// A minute began.
    Minute(DateTime<Utc>),
    /// Changes of other processes cannot be noticed, and why.
    Unwatched(String),
    /// Asked to end by the system.
    Ended,
}
