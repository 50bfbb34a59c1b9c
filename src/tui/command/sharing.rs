//! Commands about the desk with another manager: exchanging now, the page, and the forms that
//! deal with a folder.

use super::{Command, Scope};
use crate::tui::effect::{Effect, FillAsk};
use crate::tui::model::Model;
use crate::tui::sharing::SHARED;
use crate::workspace::deed::{APPROVE, Deed, Filled, REFUSE, SHARE};

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    Command::new("sync now", Scope::Global, &["E"], "Exchange with the other manager now", now)
        .like(&["sync"]).when(SHARED),
    Command::new("sharing", Scope::Global, &["g h"], "Show who shares the desk and what lies in the folder", page)
        .like(&["share status"]).when(crate::tui::asking::READABLE),
    Command::new(SHARE.name, Scope::Global, &[], SHARE.about, share)
        .like(&["share create"]).when(WRITABLE),
    Command::new(APPROVE.name, Scope::Global, &[], APPROVE.about, approve)
        .like(&["share approve"]).when(SHARED),
    Command::new(REFUSE.name, Scope::Global, &[], REFUSE.about, refuse)
        .like(&["share refuse"]).when(SHARED),
];

const WRITABLE: super::Ready = |model| model.writable();

fn now(model: &mut Model) -> Vec<Effect> {
    model.exchange_now()
}

fn page(model: &mut Model) -> Vec<Effect> {
    model.look_at_sharing()
}

fn share(_: &mut Model) -> Vec<Effect> {
    form(&SHARE)
}

fn approve(_: &mut Model) -> Vec<Effect> {
    form(&APPROVE)
}

fn refuse(_: &mut Model) -> Vec<Effect> {
    form(&REFUSE)
}

fn form(deed: &'static Deed) -> Vec<Effect> {
    vec![Effect::Fill(FillAsk {
        deed,
        subjects: Vec::new(),
        given: Filled::default(),
        field: None,
    })]
}
