//! What the footer says about what the terminal was asked for. Takes no text in: that
//! is the business of whoever asked.

use super::msg::Msg;
use crate::workspace::refusal::Refusal;

/// The sentence, where there is one.
pub(super) fn told(msg: &Msg) -> Option<String> {
    match msg {
        Msg::Copied(Ok(())) => Some("Handed to the terminal's clipboard.".to_owned()),
        Msg::Launched(Ok(())) => Some("Opened.".to_owned()),
        Msg::Edited {
            result: Ok(None), ..
        } => Some("The text is as it was.".to_owned()),
        Msg::Copied(Err(refusal))
        | Msg::Launched(Err(refusal))
        | Msg::Edited {
            result: Err(refusal),
            ..
        } => Some(sentence(refusal)),
        Msg::Paste { cut, .. } => Some(pasted(*cut).to_owned()),
        _ => None,
    }
}

fn pasted(cut: bool) -> &'static str {
    if cut {
        "Nothing here takes a text. It was longer than 1 MB as well."
    } else {
        "Nothing here takes a text."
    }
}

fn sentence(refusal: &Refusal) -> String {
    match &refusal.hint {
        Some(hint) => format!("{} {hint}", refusal.message),
        None => refusal.message.clone(),
    }
}
