//! Commands that work everywhere: panes, zoom, the palette, taking back, help, leaving.

use super::{Command, Scope};
use crate::tui::asking::READABLE;
use crate::tui::clip::What;
use crate::tui::effect::{Effect, Next};
use crate::tui::model::{Model, Zoom};
use crate::tui::overlay::help;
use crate::workspace::look::board::rows::Pane;

const fn global(
    name: &'static str,
    keys: &'static [&'static str],
    help: &'static str,
    run: super::Run,
) -> Command {
    Command::new(name, Scope::Global, keys, help, run)
}

const fn always(
    name: &'static str,
    keys: &'static [&'static str],
    help: &'static str,
    run: super::Run,
) -> Command {
    Command::new(name, Scope::Always, keys, help, run)
}

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    global("help",          &["?"],           "Show and search the keys that work here", help_here).short("help").like(&["keys"]),
    global("quit",          &["q"],           "Leave",                                quit).short("quit"),
    global("palette",       &[":", "ctrl-p"], "Do anything: search all commands",     palette).short("command").like(&["keys"]),
    global("menu",          &["d"],           "Say what can be done with the record", menu).like(&["why"]).when(ON_A_RECORD),
    global("why",           &["w"],           "Say why it stands where it stands",    why).short("why").like(&["why"]).when(ON_A_RECORD),
    global("link",          &["o"],           "Open the record's link outside",       link).when(ON_A_RECORD),
    global("copy-id",       &["y y"],         "Copy the id",                          copy_id).when(ON_A_RECORD),
    global("copy-line",     &["y r"],         "Copy the line",                        copy_line).when(ON_A_RECORD),
    global("copy-link",     &["y l"],         "Copy the link",                        copy_link).when(ON_A_RECORD),
    global("copy-markdown", &["y m"],         "Copy the line as Markdown",            copy_markdown).when(ON_A_RECORD),
    global("copy-letter",   &["y b"],         "Copy the letter",                      copy_letter).when(ON_A_RECORD),
    global("mailto",        &["x m"],         "Hand the letter to your mail program", link).like(&["outbox mailto"]).when(ON_A_RECORD),
    global("jump",          &["ctrl-k"],      "Jump to any record",                   jump).like(&["find"]),
    global("next-pane",     &["tab"],         "Go to the next pane",                  next_pane).short("panes"),
    global("previous-pane", &["shift-tab"],   "Go to the pane before",                previous_pane),
    global("attention",     &["0"],           "Go to what needs a human",             attention).like(&["status", "next"]),
    global("schedule",      &["1"],           "Go to the schedule",                   schedule).like(&["list"]),
    global("queue",         &["2"],           "Go to the queue",                      queue).like(&["list"]),
    global("sites",         &["3"],           "Go to the sites",                      sites).like(&["list"]),
    global("retro",         &["4"],           "Go to the retrospective",              retro).like(&["list"]),
    global("outbox",        &["5", "g o"],    "Go to the outbox",                     outbox).like(&["outbox list", "list"]),
    global("submissions",   &["6", "g s"],    "Go to the submissions",                submissions).like(&["list"]),
    global("products",      &["7", "g p"],    "Go to the products",                   products).like(&["list"]),
    global("people",        &["8", "g e"],    "Go to the people",                     people).like(&["list"]),
    global("cycles",        &["9", "g c"],    "Go to the cycles",                     cycles).like(&["list"]),
    global("announcements", &["g a"],         "Go to the announcements",              announcements).like(&["list"]),
    global("problems",      &["g b"],         "Go to the problems and known errors",  problems).like(&["list"]),
    global("releases",      &["g r"],         "Go to the distribution's releases",    releases).like(&["list"]),
    global("zoom",          &["z"],           "Zoom the pane: normal, wide, full",    zoom).short("zoom"),
    global("as-of",         &["g d"],         "Look at the desk as of a day to come", as_of).like(&["status", "list", "why"]).when(READABLE),
    global("refresh",       &["r"],           "Read the desk again",                  refresh),
    global("messages",      &["g m"],         "Show what the screen has said",        messages).like(&["keys check"]),
    global("theme",         &["T"],           "Change the colours: default, light, dark, mono, colour-blind", theme),
    global("mouse",         &["M"],           "Turn the mouse on or off",             mouse),
    always("suspend",       &["ctrl-z"],      "Hand the terminal to the shell",       suspend),
    always("quit-now",      &["ctrl-c"],      "Leave at once",                        quit),
];

const ON_A_RECORD: super::Ready = |model| match model.here() {
    Some(_) => Ok(()),
    None if model.trouble.is_some() => Err("the desk cannot be read"),
    None => Err("nothing is selected"),
};

fn focus(model: &mut Model, pane: Pane) -> Vec<Effect> {
    let effects = model.leave_all();
    model.drop_nudge();
    model.panes.focus = pane;
    effects
}

fn step(model: &mut Model, by: usize) -> Vec<Effect> {
    // From a full list the way leads back to the grid's first pane.
    let pane = if model.panes.focus.in_grid() {
        Pane::GRID[(model.panes.focus as usize + by) % Pane::GRID.len()]
    } else {
        Pane::Attention
    };
    focus(model, pane)
}

fn next_pane(model: &mut Model) -> Vec<Effect> {
    step(model, 1)
}

fn previous_pane(model: &mut Model) -> Vec<Effect> {
    step(model, Pane::GRID.len() - 1)
}

fn attention(model: &mut Model) -> Vec<Effect> {
    focus(model, Pane::Attention)
}

fn schedule(model: &mut Model) -> Vec<Effect> {
    focus(model, Pane::Schedule)
}

fn queue(model: &mut Model) -> Vec<Effect> {
    focus(model, Pane::Queue)
}

fn sites(model: &mut Model) -> Vec<Effect> {
    focus(model, Pane::Sites)
}

fn retro(model: &mut Model) -> Vec<Effect> {
    focus(model, Pane::Retro)
}

fn outbox(model: &mut Model) -> Vec<Effect> {
    focus(model, Pane::Outbox)
}

fn submissions(model: &mut Model) -> Vec<Effect> {
    focus(model, Pane::Submissions)
}

fn products(model: &mut Model) -> Vec<Effect> {
    focus(model, Pane::Products)
}

fn people(model: &mut Model) -> Vec<Effect> {
    focus(model, Pane::People)
}

fn cycles(model: &mut Model) -> Vec<Effect> {
    focus(model, Pane::Cycles)
}

fn announcements(model: &mut Model) -> Vec<Effect> {
    focus(model, Pane::Announcements)
}

fn problems(model: &mut Model) -> Vec<Effect> {
    focus(model, Pane::Problems)
}

fn releases(model: &mut Model) -> Vec<Effect> {
    focus(model, Pane::Releases)
}

fn zoom(model: &mut Model) -> Vec<Effect> {
    let effects = model.leave_all();
    model.panes.zoom = match model.panes.zoom {
        Zoom::Normal => Zoom::Wide,
        Zoom::Wide => Zoom::Full,
        Zoom::Full => Zoom::Normal,
    };
    effects
}

fn as_of(model: &mut Model) -> Vec<Effect> {
    model.choose_day()
}

fn refresh(model: &mut Model) -> Vec<Effect> {
    model.loads.announce = true;
    model.reload()
}

fn palette(model: &mut Model) -> Vec<Effect> {
    model.palette()
}

fn help_here(model: &mut Model) -> Vec<Effect> {
    let picker = help::picker(model);
    model.open(picker);
    Vec::new()
}

fn menu(model: &mut Model) -> Vec<Effect> {
    model.menu()
}

fn why(model: &mut Model) -> Vec<Effect> {
    model.ask_why()
}

fn link(model: &mut Model) -> Vec<Effect> {
    model.take(What::Launch)
}

fn copy_id(model: &mut Model) -> Vec<Effect> {
    model.take(What::Id)
}

fn copy_line(model: &mut Model) -> Vec<Effect> {
    model.take(What::Line)
}

fn copy_link(model: &mut Model) -> Vec<Effect> {
    model.take(What::Link)
}

fn copy_markdown(model: &mut Model) -> Vec<Effect> {
    model.take(What::Markdown)
}

fn copy_letter(model: &mut Model) -> Vec<Effect> {
    model.take(What::Letter)
}

fn jump(model: &mut Model) -> Vec<Effect> {
    model.jump()
}

fn messages(model: &mut Model) -> Vec<Effect> {
    let page = model.talk.page();
    model.open(page);
    Vec::new()
}

fn theme(model: &mut Model) -> Vec<Effect> {
    match model.theme.next() {
        Some(theme) => {
            model.theme = theme;
            model.say(format!("The theme is {} now.", theme.name()));
        }
        None => model.complain("Colour is off: NO_COLOR is set, or `color` is never."),
    }
    Vec::new()
}

fn mouse(model: &mut Model) -> Vec<Effect> {
    let on = !model.user.mouse;
    model.user.mouse = on;
    let said = if on {
        "The mouse is on. Hold shift to mark text as before."
    } else {
        "The mouse is off."
    };
    model.say(said);
    vec![Effect::Mouse(on)]
}

fn suspend(_: &mut Model) -> Vec<Effect> {
    vec![Effect::Suspend]
}

fn quit(_: &mut Model) -> Vec<Effect> {
    vec![Effect::Leave(Next::Quit)]
}
