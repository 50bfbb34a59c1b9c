//! What the screen wants from the world, as values that tests can compare.

use crate::workspace::look::board::rows::{Ask, PageAsk};

/// Something to be done outside of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Read these rows of the desk.
    Load(Ask),
    /// Read one record for an overlay.
    Open(PageAsk),
    /// Say in a moment that the desk's files have settled.
    Settle,
    /// Hand the terminal back to the shell until it calls again.
    Suspend,
    /// Hand a text to the terminal's clipboard.
    Copy(String),
    /// Open a text in the user's editor; `name` says what it is, and comes back with it.
    Edit {
        text: String,
        name: String,
    },
    /// Open a link in the browser, or a `mailto:` in the mail program.
    Launch(String),
    /// Ask the terminal for clicks and the wheel, or no longer.
    Mouse(bool),
    Quit,
}
