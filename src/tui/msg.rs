//! What can happen to the screen. A closed list: nothing else reaches `update`.

use chrono::{DateTime, Utc};

use super::keymap::Press;
use crate::workspace::look::board::rows::{Board, Counted, Page};
use crate::workspace::refusal::Refusal;

/// Something that happened.
#[derive(Debug)]
pub enum Msg {
    Key(Press),
    Resized(u16, u16),
    /// The desk answered a [`super::effect::Effect::Load`].
    Board(Result<Box<Board>, Refusal>),
    /// The desk answered a [`super::effect::Effect::Count`].
    Counted(Counted),
    /// The desk answered a [`super::effect::Effect::Open`].
    Page(Result<Page, Refusal>),
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
