//! Faults and services on demand, so that tests can see them in a real terminal. Asks
//! for nothing unless a variable says so; no release has it.

use super::effect::Effect;
use super::keymap::{Name, Press};
use super::model::Model;
use super::msg::Msg;

/// Panics at the first key where `RELMATE_PANIC` is set, so that a test can see the
/// terminal come back.
pub(super) fn fault(msg: &Msg) {
    let asked = matches!(msg, Msg::Key(_)) && std::env::var_os("RELMATE_PANIC").is_some();
    assert!(!asked, "a rehearsed fault");
}

/// What `RELMATE_REHEARSE` names is asked for at the key `!`, and what an editor wrote
/// is shown in the footer.
pub(super) fn service(msg: &Msg, model: &mut Model) -> Option<Effect> {
    let asked = std::env::var("RELMATE_REHEARSE").ok()?;
    match msg {
        Msg::Key(Press {
            key: Name::Char('!'),
            ..
        }) => match asked.split_once(' ').unwrap_or((&asked, "")) {
            ("edit", text) => Some(Effect::Edit {
                text: text.to_owned(),
                name: "rehearsal".to_owned(),
            }),
            ("copy", text) => Some(Effect::Copy(text.to_owned())),
            ("launch", link) => Some(Effect::Launch(link.to_owned())),
            _ => None,
        },
        Msg::Edited {
            name,
            result: Ok(Some(text)),
        } => {
            model.say(format!("{name}: {}", text.replace('\n', "/")));
            None
        }
        _ => None,
    }
}
