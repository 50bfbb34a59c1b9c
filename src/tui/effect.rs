//! What the screen wants from the world, as values that tests can compare.

use crate::workspace::look::board::rows::{Ask, PageAsk, WindowAsk};

/// Something to be done outside of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Read these rows of the desk.
    Load(Ask),
    /// Count the rows that pass a pane's filter; anything else goes first.
    Count(WindowAsk),
    /// Read one record for an overlay.
    Open(PageAsk),
    /// Say in a moment that the desk's files have settled.
    Settle,
    /// Hand the terminal back to the shell until it calls again.
    Suspend,
    Quit,
}
