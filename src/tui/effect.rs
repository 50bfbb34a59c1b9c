//! What the screen wants from the world, as values that tests can compare.

use super::clip::What;
use super::remembered::drafts::Change;
use crate::domain::attention::DutyCode;
use crate::workspace::deed::{Deed, Filled};
use crate::workspace::exporting::Export;
use crate::workspace::founding::Founded;
use crate::workspace::look::board::rows::{Ask, Key, PageAsk, WindowAsk};
use crate::workspace::look::topic::Topic;
use crate::workspace::looked::Looked;
use crate::workspace::remembered::Shelf;

/// Something to be done outside of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Read these rows of the desk.
    Load(Ask),
    /// Count the rows that pass a pane's filter; anything else goes first.
    Count(WindowAsk),
    /// Read one record for an overlay.
    Open(PageAsk),
    /// Read a page about the whole desk.
    Tell(Topic),
    /// Read the page about sharing; the folder may take its time.
    Sharing,
    /// Begin to exchange in the background.
    Meet,
    /// Exchange now.
    Exchange,
    /// Write a list into a file.
    Export(Export),
    /// Read what a form begins with.
    Fill(FillAsk),
    /// Read which step would settle a duty, and what its form begins with.
    Duty(Key, DutyCode),
    /// Read a record to take something from it.
    Take(Key, What),
    /// Read what can be done to a record.
    Steps(Key),
    /// Search the desk.
    Find(String),
    /// Say what would follow.
    Preview(Doing),
    /// Do it.
    Do(Doing),
    /// No form is open any more: let go of the desk.
    Rest,
    /// Write a text in the user's editor.
    Edit {
        name: String,
        text: String,
    },
    /// Put a text into the terminal's clipboard.
    Copy(String),
    /// Open a link outside.
    Launch(String),
    /// Write down what was typed and not saved, or that it is forgotten.
    Keep(Shelf, Vec<Change>),
    /// Write down how far the person has looked.
    Looked(Shelf, Option<String>, Looked),
    /// Say in a moment that the desk's files have settled.
    Settle,
    /// Hand the terminal back to the shell until it calls again.
    Suspend,
    /// Ask the terminal for clicks and the wheel, or no longer.
    Mouse(bool),
    Leave(Next),
}

/// What comes after the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    Quit,
    /// A desk was made; the screen opens again on it.
    Desk(Founded),
    Example,
}

/// A form that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FillAsk {
    pub deed: &'static Deed,
    pub subjects: Vec<Key>,
    /// Answers that were given already.
    pub given: Filled,
    /// One field of a record, where that is all that is to be changed.
    pub field: Option<&'static str>,
}

/// A deed with its answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doing {
    /// The form it comes from.
    pub form: Option<u64>,
    pub deed: &'static Deed,
    /// The records it is done to; several are one step.
    pub subjects: Vec<Key>,
    pub filled: Filled,
    /// How often the record had been changed when the form was opened.
    pub seen: Option<i64>,
}
