//! Commands in a form; every other key writes.

use super::{Command, Scope};
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::overlay::Overlay;
use crate::tui::overlay::form::{Form, Stop};

const fn form(
    name: &'static str,
    keys: &'static [&'static str],
    help: &'static str,
    run: super::Run,
) -> Command {
    Command::new(name, Scope::Form, keys, help, run)
}

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    form("next-entry",     &["tab"],            "Go to the next line",                      next).short("next"),
    form("previous-entry", &["shift-tab"],      "Go to the line before",                    previous),
    form("save",           &["ctrl-s"],         "Do it",                                    save).short("do it"),
    form("enter-entry",    &["enter"],          "Take the choice, go on, and do it at the end", enter),
    form("down-entry",     &["down"],           "Go down: in a choice, in a text, to the next line", down),
    form("up-entry",       &["up"],             "Go up: in a choice, in a text, to the line before", up),
    form("edit-entry",     &["ctrl-o"],         "Write the text in your editor",            edit).short("editor").when(WRITES),
    form("afresh",         &["ctrl-l"],         "Forget what was typed",                    afresh),
    form("leave-form",     &["esc", "ctrl-c"],  "Leave; what was typed is kept",            super::page::back).short("leave"),
];

const WRITES: super::Ready = |model| match model.form() {
    Some(form)
        if form
            .line()
            .is_some_and(super::super::overlay::form::line::Line::writes) =>
    {
        Ok(())
    }
    _ => Err("this line is no text"),
};

fn with(model: &mut Model, change: fn(&mut Form)) -> Vec<Effect> {
    if let Some(Overlay::Form(form)) = model.overlays.last_mut() {
        change(form);
    }
    model.rehearse()
}

fn next(model: &mut Model) -> Vec<Effect> {
    with(model, |form| form.step(1))
}

fn previous(model: &mut Model) -> Vec<Effect> {
    with(model, |form| form.step(-1))
}

fn down(model: &mut Model) -> Vec<Effect> {
    with(model, |form| form.vertical(true))
}

fn up(model: &mut Model) -> Vec<Effect> {
    with(model, |form| form.vertical(false))
}

fn enter(model: &mut Model) -> Vec<Effect> {
    let stop = match model.overlays.last_mut() {
        Some(Overlay::Form(form)) => form.enter(),
        _ => Stop::Here,
    };
    match stop {
        Stop::Here => model.rehearse(),
        Stop::End => model.save(),
    }
}

fn save(model: &mut Model) -> Vec<Effect> {
    model.save()
}

fn afresh(model: &mut Model) -> Vec<Effect> {
    model.drafts.forget_top(&model.overlays);
    with(model, Form::afresh)
}

fn edit(model: &mut Model) -> Vec<Effect> {
    model.form().and_then(Form::edit).into_iter().collect()
}
