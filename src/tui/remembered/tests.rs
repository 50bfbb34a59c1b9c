use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::domain::field::Edit;
use crate::domain::kind::Kind;
use crate::tui::command;
use crate::tui::effect::{Doing, FillAsk};
use crate::tui::keymap::Press;
use crate::tui::model::{User, Zoom};
use crate::tui::msg::Msg;
use crate::tui::overlay::Overlay;
use crate::tui::overlay::form::Begin;
use crate::tui::perform::here::Here;
use crate::tui::theme::Theme;
use crate::tui::update::update;
use crate::workspace::deed::{Deed, FOUNDING, Filled};
use crate::workspace::founding;
use crate::workspace::look::board::rows::{Key, Line, Pane, Sort, SortBy};
use crate::workspace::look::fill::FieldFill;
use crate::workspace::receipt::Receipt;

fn model() -> Model {
    let theme = Theme::new(false, true);
    let now = "2026-11-21T09:14:00Z".parse().unwrap();
    Model::new((112, 32), theme, User::default(), now)
}

/// A state directory and the shelf of a desk in it.
fn shelf(desk: &str) -> (TempDir, Shelf) {
    let state = tempfile::tempdir().unwrap();
    let shelf = Shelf::of(state.path(), Path::new(desk));
    (state, shelf)
}

/// All that the screen has said, in one text.
fn messages(model: &Model) -> String {
    let Overlay::Page(sheet) = model.talk.page() else {
        return String::new();
    };
    let lines = sheet.page.lines.iter().map(|line| match line {
        Line::Field(_, text) => text.as_str(),
        _ => "",
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The form of one field of T-1, with a text typed into it.
fn typed(model: &mut Model, field: &'static str, text: &str) {
    let key = Key {
        kind: Kind::Ticket,
        id: "T-1".to_owned(),
    };
    let ask = FillAsk {
        deed: Deed::named("set").unwrap(),
        subjects: vec![key.clone()],
        given: Filled::default(),
        field: Some(field),
    };
    let fill = FieldFill {
        key,
        title: "T-1".to_owned(),
        facts: Vec::new(),
        name: field,
        label: field,
        value: String::new(),
        edit: Edit::Text,
        choices: Vec::new(),
    };
    update(
        model,
        Msg::Filled(ask, Ok(Box::new(Begin::Fields(vec![fill])))),
    );
    for letter in text.chars() {
        let press = Press::parse(&letter.to_string()).unwrap();
        update(model, Msg::Key(press));
    }
}

fn press(model: &mut Model, key: &str) -> Vec<Effect> {
    update(model, Msg::Key(Press::parse(key).unwrap()))
}

fn form_text(model: &Model) -> String {
    model.form().unwrap().lines[0].text()
}

#[test]
fn where_one_was_and_how_the_panes_stood_comes_back() {
    let (_state, shelf) = shelf("/desks/cmd.relmate");
    let mut before = model();
    let mut memory = Memory::recall(Some(shelf.clone()), &mut before);
    before.panes.focus = Pane::Queue;
    before.panes.zoom = Zoom::Full;
    before.user.mouse = true;
    before.toggle_board();
    let queue = &mut before.panes.lists[Pane::Queue as usize];
    queue.set_filter("owner=\"Bob\" état");
    queue.set_sort(Sort {
        by: SortBy::Due,
        backwards: true,
    });
    queue.set_columns(vec!["platform", "verifier"]);
    memory.keep(&before, Vec::new()).unwrap();
    let mut after = model();
    let _memory = Memory::recall(Some(shelf), &mut after);
    assert_eq!(after.panes.focus, Pane::Queue);
    assert_eq!(after.panes.zoom, Zoom::Full);
    assert!(after.user.mouse && after.panes.board.is_some());
    let queue = &after.panes.lists[Pane::Queue as usize];
    assert_eq!(queue.filter(), "owner=\"Bob\" état");
    assert_eq!(queue.sort().by, SortBy::Due);
    assert!(queue.sort().backwards);
    assert_eq!(queue.columns(), ["platform", "verifier"]);
    assert_eq!(messages(&after), "");
}

#[test]
fn a_theme_comes_back_until_another_one_is_asked_for() {
    let (_state, shelf) = shelf("/desks/cmd.relmate");
    let opened = |theme: Theme| {
        let mut model = model();
        model.theme = theme;
        let memory = Memory::recall(Some(shelf.clone()), &mut model);
        (model, memory)
    };
    let usual = model().theme;
    let asked = usual.next().unwrap();
    let chosen = asked.next().unwrap();
    let (mut model, mut memory) = opened(usual);
    model.theme = chosen;
    memory.keep(&model, Vec::new()).unwrap();
    let (model, _) = opened(usual);
    assert_eq!(model.theme.name(), chosen.name());
    let (model, mut memory) = opened(asked);
    assert_eq!(
        model.theme.name(),
        asked.name(),
        "by an option, or the configuration"
    );
    memory.keep(&model, Vec::new()).unwrap();
    let (model, mut memory) = opened(Theme::new(false, false));
    assert_eq!(model.theme.name(), "mono", "where no colour is wanted");
    memory.keep(&model, Vec::new()).unwrap();
    let (mut model, mut memory) = opened(usual);
    assert_eq!(
        model.theme.name(),
        chosen.name(),
        "nothing was forgotten meanwhile"
    );
    model.theme = usual;
    memory.keep(&model, Vec::new()).unwrap();
    let (model, _) = opened(usual);
    assert_eq!(model.theme.name(), usual.name());
}

#[test]
fn a_screen_that_was_only_looked_at_leaves_no_file() {
    let (_state, shelf) = shelf("/desks/cmd.relmate");
    let mut seen = model();
    let mut memory = Memory::recall(Some(shelf.clone()), &mut seen);
    memory.keep(&seen, Vec::new()).unwrap();
    assert!(!shelf.folder().exists());
}

#[test]
fn a_theme_that_is_not_meant_here_stays_in_the_file() {
    let (_state, shelf) = shelf("/desks/cmd.relmate");
    let text = format!(
        "version = 1\ndesk = \"{}\"\nzoom = \"wide\"\ntheme = \"paper\"\n\
         instead_of = \"plain\"\nlater = 3\n",
        shelf.desk()
    );
    shelf.write(SCREEN, Some(&text)).unwrap();
    let mut model = model();
    let mut memory = Memory::recall(Some(shelf.clone()), &mut model);
    assert_eq!(model.panes.zoom, Zoom::Wide);
    model.panes.zoom = Zoom::Normal;
    memory.keep(&model, Vec::new()).unwrap();
    let text = shelf.read(SCREEN).unwrap().unwrap();
    assert!(text.contains("theme = \"paper\""), "{text}");
    assert!(!text.contains("zoom"), "{text}");
}

#[test]
fn a_damaged_file_is_put_aside_and_told_of_and_the_screen_starts_as_on_the_first_day() {
    for text in [
        "zoom = ",
        "version = 1\nzoom = 3\n",
        "version = 2\ndesk = \"/desks/cmd.relmate\"\n",
        "{}",
        "",
        "version = 1\ndesk = \"/desks/other.relmate\"\nzoom = \"full\"\n",
    ] {
        let (_state, shelf) = shelf("/desks/cmd.relmate");
        shelf.write(SCREEN, Some(text)).unwrap();
        shelf.write(DRAFTS, Some(text)).unwrap();
        let mut model = model();
        let _memory = Memory::recall(Some(shelf.clone()), &mut model);
        assert_eq!(model.panes.zoom, Zoom::Normal);
        assert!(model.drafts.is_empty());
        let said = messages(&model);
        assert!(said.contains("was left aside: "), "{text}: {said}");
        assert!(
            said.contains("could not be brought back: "),
            "{text}: {said}"
        );
        assert_eq!(model.talk.notice, None, "nobody is stopped by it");
        assert_eq!(shelf.read(SCREEN).unwrap(), None);
        let aside = shelf.read(&format!("{DRAFTS}.aside")).unwrap();
        assert_eq!(aside.as_deref(), Some(text), "nothing typed is thrown away");
    }
}

#[test]
fn words_of_a_newer_version_are_passed_over() {
    let (_state, shelf) = shelf("/desks/cmd.relmate");
    let text = format!(
        "version = 1\ndesk = \"{}\"\nfocus = \"weather\"\nzoom = \"huge\"\n\
         [panes.queue]\nsort = \"mood\"\ncolumns = \"platform,mood\"\n\
         [panes.attention]\nsort = \"due\"\n[panes.weather]\nfilter = \"x\"\n",
        shelf.desk()
    );
    shelf.write(SCREEN, Some(&text)).unwrap();
    let mut model = model();
    let _memory = Memory::recall(Some(shelf), &mut model);
    assert_eq!(model.panes.focus, Pane::Attention);
    assert_eq!(model.panes.zoom, Zoom::Normal);
    let queue = &model.panes.lists[Pane::Queue as usize];
    assert_eq!(queue.sort(), Sort::default());
    assert_eq!(queue.columns(), ["platform"]);
    let attention = &model.panes.lists[Pane::Attention as usize];
    assert_eq!(attention.sort(), Sort::default());
    assert_eq!(messages(&model), "");
}

#[test]
fn another_desk_has_a_memory_of_its_own() {
    let (state, shelf) = shelf("/desks/cmd.relmate");
    let other = Shelf::of(state.path(), Path::new("/desks/umd.relmate"));
    let mut here = model();
    let mut memory = Memory::recall(Some(shelf), &mut here);
    here.panes.zoom = Zoom::Wide;
    typed(&mut here, "notes", "late");
    here.leave_all();
    memory.keep(&here, Vec::new()).unwrap();
    let mut there = model();
    let _memory = Memory::recall(Some(other), &mut there);
    assert_eq!(there.panes.zoom, Zoom::Normal);
    assert!(there.drafts.is_empty());
}

#[test]
fn what_was_typed_comes_back_with_its_form_until_it_is_forgotten() {
    let (_state, shelf) = shelf("/desks/cmd.relmate");
    let mut before = model();
    let mut memory = Memory::recall(Some(shelf.clone()), &mut before);
    typed(&mut before, "notes", "a \"longer\" text, é");
    before.leave_all();
    memory.keep(&before, Vec::new()).unwrap();

    let mut after = model();
    let mut memory = Memory::recall(Some(shelf.clone()), &mut after);
    assert!(messages(&after).contains("comes back with its form: set T-1."));
    typed(&mut after, "notes", "");
    assert_eq!(form_text(&after), "a \"longer\" text, é");
    let note = after.form().unwrap().note.clone().unwrap();
    assert!(note.contains("ctrl-l forgets it"), "{note}");
    press(&mut after, "ctrl-l");
    press(&mut after, "esc");
    let Some(Effect::Keep(_, changes)) = memory.drafts(&after) else {
        panic!("the file is to be written");
    };
    keep(&shelf, &changes).unwrap();
    assert_eq!(shelf.read(DRAFTS).unwrap(), None, "it is removed");
    memory.keep(&after, Vec::new()).unwrap();
    typed(&mut after, "notes", "");
    assert_eq!(form_text(&after), "");
}

#[test]
fn each_field_of_a_record_keeps_its_own_text_and_only_what_was_done_is_forgotten() {
    let mut model = model();
    typed(&mut model, "notes", "first");
    press(&mut model, "esc");
    typed(&mut model, "version", "7.0.4");
    press(&mut model, "esc");
    typed(&mut model, "notes", "");
    assert_eq!(form_text(&model), "first");
    let doing: Doing = model.form().unwrap().doing();
    update(
        &mut model,
        Msg::Done(doing, Ok(Box::new(Receipt::default()))),
    );
    typed(&mut model, "notes", "");
    assert_eq!(form_text(&model), "", "it was done");
    press(&mut model, "esc");
    typed(&mut model, "version", "");
    assert_eq!(form_text(&model), "7.0.4", "it was not");
}

#[test]
fn a_form_that_is_gone_leaves_its_text_in_the_messages() {
    let (_state, shelf) = shelf("/desks/cmd.relmate");
    let text = serde_json::json!({"version": 1, "desk": shelf.desk(), "drafts": [
        {"deed": "frobnicate", "subjects": [], "texts": [["reason", "too late"]], "at": "reason"},
        {"deed": "comment", "subjects": [["ticket", "T-1"]], "texts": [["text", "hm"]], "at": "text"},
    ]});
    shelf.write(DRAFTS, Some(&text.to_string())).unwrap();
    let mut model = model();
    let _memory = Memory::recall(Some(shelf), &mut model);
    assert_eq!(model.drafts.all().len(), 1);
    assert!(messages(&model).contains("`frobnicate` any more; in it stood: too late"));
}

#[test]
fn a_pane_is_called_in_the_file_as_the_command_that_goes_there() {
    let (_state, shelf) = shelf("/desks/cmd.relmate");
    for pane in Pane::ALL {
        let mut model = model();
        let blank = Screen::of_desk(shelf.desk());
        model.panes.focus = pane;
        let text = screen::write(&blank.now(&model, &Usual::of(&model)));
        let table: toml::Table = toml::from_str(&text).unwrap();
        let word = table.get("focus").and_then(toml::Value::as_str);
        if let Some(word) = word {
            assert!(command::named(word).is_some(), "{word}");
        } else {
            assert_eq!(pane, Pane::Attention);
        }
    }
}

#[test]
fn two_screens_on_one_desk_keep_what_was_typed_in_both() {
    let (_state, shelf) = shelf("/desks/cmd.relmate");
    let opened = || {
        let mut model = model();
        let memory = Memory::recall(Some(shelf.clone()), &mut model);
        (model, memory)
    };
    let ((mut one, mut ones), (mut two, mut twos)) = (opened(), opened());
    typed(&mut one, "notes", "of the one");
    press(&mut one, "esc");
    ones.keep(&one, Vec::new()).unwrap();
    typed(&mut two, "version", "7.0.4");
    press(&mut two, "esc");
    twos.keep(&two, Vec::new()).unwrap();
    let (mut three, mut threes) = opened();
    typed(&mut three, "notes", "");
    assert_eq!(form_text(&three), "of the one");
    press(&mut three, "ctrl-l");
    press(&mut three, "esc");
    threes.keep(&three, Vec::new()).unwrap();
    let (mut four, _) = opened();
    typed(&mut four, "notes", "");
    assert_eq!(form_text(&four), "", "that one was forgotten");
    press(&mut four, "esc");
    typed(&mut four, "version", "");
    assert_eq!(form_text(&four), "7.0.4");
}

#[test]
fn what_could_not_be_written_is_tried_again_with_what_comes_next() {
    let (state, shelf) = shelf("/desks/cmd.relmate");
    let now = || Ok("2026-11-21T09:14:00Z".parse().unwrap());
    let mut desk = Here::new(Path::new("/desks/cmd.relmate"), "Alice", now);
    let mut one = model();
    let mut memory = Memory::recall(Some(shelf.clone()), &mut one);
    let wall = state.path().join("screens");
    std::fs::write(&wall, "no folder").unwrap();
    typed(&mut one, "notes", "first");
    press(&mut one, "esc");
    let effect = memory.drafts(&one).unwrap();
    let Some(Msg::Unkept(refusal)) = desk.answer(effect) else {
        panic!("it cannot be written");
    };
    assert!(refusal.message.contains("is not kept"), "{refusal}");
    assert!(
        memory.drafts(&one).is_none(),
        "nothing is tried all the time"
    );
    std::fs::remove_file(&wall).unwrap();
    typed(&mut one, "version", "second");
    press(&mut one, "esc");
    assert!(desk.answer(memory.drafts(&one).unwrap()).is_none());
    let mut two = model();
    let _memory = Memory::recall(Some(shelf), &mut two);
    typed(&mut two, "notes", "");
    assert_eq!(form_text(&two), "first");
}

#[test]
fn what_cannot_be_read_is_never_written_over() {
    let (_state, shelf) = shelf("/desks/cmd.relmate");
    let mut one = model();
    let mut memory = Memory::recall(Some(shelf.clone()), &mut one);
    for text in ["{\"version\": 2}", "broken"] {
        shelf.write(DRAFTS, Some(text)).unwrap();
        typed(&mut one, "notes", "more");
        press(&mut one, "esc");
        memory.keep(&one, Vec::new()).unwrap();
    }
    let text = |name: &str| shelf.read(name).unwrap().unwrap();
    assert_eq!(text("drafts.json.aside"), "{\"version\": 2}");
    assert_eq!(text("drafts.json.aside-2"), "broken");
    assert!(text(DRAFTS).contains("more"));
    std::fs::write(shelf.folder().join(DRAFTS), [0xff]).unwrap();
    let mut two = model();
    let _memory = Memory::recall(Some(shelf.clone()), &mut two);
    assert!(messages(&two).contains("not UTF-8"), "{}", messages(&two));
    assert!(shelf.folder().join("drafts.json.aside-3").exists());
}

#[test]
fn what_is_typed_to_make_a_desk_is_kept_until_there_is_one() {
    let state = tempfile::tempdir().unwrap();
    let shelf = Shelf::founding(state.path());
    let opened = || {
        let mut model = model();
        model.user.founding = true;
        let memory = Memory::recall(Some(shelf.clone()), &mut model);
        let ask = FillAsk {
            deed: &FOUNDING,
            subjects: Vec::new(),
            given: Filled::default(),
            field: None,
        };
        let fill = founding::fill().map(|fill| Box::new(Begin::Deed(fill)));
        update(&mut model, Msg::Filled(ask, fill));
        (model, memory)
    };
    let (mut before, mut memory) = opened();
    press(&mut before, "Q");
    let text = form_text(&before);
    assert!(text.contains('Q'), "{text}");
    before.leave_all();
    memory.keep(&before, Vec::new()).unwrap();
    let (mut after, mut memory) = opened();
    assert_eq!(form_text(&after), text);
    let founded = founding::Founded {
        path: state.path().join("cmd.relmate"),
        who: "Alice".to_owned(),
        said: Vec::new(),
        joined: false,
    };
    update(&mut after, Msg::Founded(founded));
    after.leave_all();
    memory.keep(&after, Vec::new()).unwrap();
    assert_eq!(shelf.read(DRAFTS).unwrap(), None);
}
