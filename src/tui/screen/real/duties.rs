//! Every line of what needs a human is settled by Enter and what its form asks for.

use super::Real;
use crate::domain::attention::DutyCode;
use crate::domain::kind::Kind;
use crate::tui::effect::Effect;
use crate::tui::overlay::Overlay;
use crate::workspace::fixture::field_of;
use crate::workspace::look::board::rows::{Cells, Pane};

/// The duties on the screen, by record.
fn duties(screen: &Real) -> Vec<(String, DutyCode)> {
    let rows = screen.model.panes.lists[Pane::Attention as usize]
        .rows
        .iter();
    rows.filter_map(|row| match &row.cells {
        Cells::Duty(duty) => Some((row.key.id.clone(), duty.code)),
        _ => None,
    })
    .collect()
}

/// Settles a duty with the keys a user would press, and it is gone.
#[track_caller]
fn settles(screen: &mut Real, (kind, id): (Kind, &str), code: DutyCode, says: &[(&str, &str)]) {
    let effects = vec![Effect::Duty(super::key(kind, id), code)];
    screen.model.loads.opening += 1;
    screen.take(effects);
    screen.draw();
    for (name, text) in says {
        screen.fill(name, text);
    }
    let before = screen.count();
    screen.press("ctrl-s");
    assert!(
        screen.model.overlays.is_empty(),
        "{code:?}:\n{}",
        screen.text()
    );
    assert_eq!(screen.count(), before + 1, "{code:?} {}", screen.notice());
    assert!(
        !duties(screen).contains(&(id.to_owned(), code)),
        "{code:?} {id} stays: {} {:?}",
        screen.notice(),
        duties(screen)
    );
}

#[test]
fn every_duty_is_settled_from_the_list() {
    let mut screen = Real::open();
    screen.wait(40);
    let ticket = |id| (Kind::Ticket, id);
    let all = duties(&screen);
    let has = |id: &str, code| all.contains(&(id.to_owned(), code));
    assert!(has("T-1", DutyCode::ExplainDelay), "{all:?}");
    assert!(has("T-6", DutyCode::PromiseAgain), "{all:?}");
    let explained = [("reason", "No test bed."), ("promise", "+5bd")];
    settles(
        &mut screen,
        ticket("T-1"),
        DutyCode::ExplainDelay,
        &explained,
    );
    let again = [("reason", "Still no machine."), ("promise", "+60d")];
    settles(&mut screen, ticket("T-6"), DutyCode::PromiseAgain, &again);
    settles(
        &mut screen,
        ticket("T-3"),
        DutyCode::AwaitAnswer,
        &[("text", "7.0.3")],
    );
    // First the tickets are made, then the answer is sent.
    screen.go(Pane::Submissions, "S-2").press("s i ctrl-s 0");
    assert_eq!(screen.intent()["do"], "inject", "{}", screen.text());
    settles(
        &mut screen,
        (Kind::Submission, "S-2"),
        DutyCode::InjectAndAnswer,
        &[],
    );
    settles(
        &mut screen,
        (Kind::Action, "A-1"),
        DutyCode::FinishAction,
        &[],
    );
    settles(
        &mut screen,
        (Kind::Milestone, "M-1"),
        DutyCode::MilestoneDue,
        &[],
    );
    settles(
        &mut screen,
        (Kind::Message, "X-2"),
        DutyCode::SendMessage,
        &[],
    );
    let contact = [("contact", "cream@example.org")];
    settles(
        &mut screen,
        (Kind::Product, "CREAM"),
        DutyCode::NameContact,
        &contact,
    );
}

#[test]
fn the_duties_that_a_field_settles_open_that_field() {
    let mut screen = Real::open();
    for (code, field, text) in [
        (DutyCode::NameVersion, "version", "7.0.4"),
        (DutyCode::NameVerifier, "verifier", "Vera"),
    ] {
        screen.take(vec![Effect::Duty(super::key(Kind::Ticket, "T-1"), code)]);
        screen.model.loads.opening = 0;
        assert_eq!(screen.form().lines.len(), 1);
        screen.fill(field, text).press("ctrl-s");
        let now = field_of(&screen.path(), (Kind::Ticket, "T-1"), field);
        assert_eq!(now, text, "{}", screen.notice());
    }
}

#[test]
fn enter_walks_down_the_list_and_every_line_has_a_form_or_a_reason() {
    let mut screen = Real::open();
    screen.wait(40);
    let count = duties(&screen).len();
    assert!(count > 8);
    for line in 0..count {
        screen.press("0 g g").press(&"j ".repeat(line));
        let id = screen.selected().to_owned();
        screen.press("enter");
        let open = matches!(screen.model.overlays.last(), Some(Overlay::Form(_)));
        assert!(
            open || !screen.notice().is_empty(),
            "{id}:\n{}",
            screen.text()
        );
        screen.press("esc");
        assert!(
            !screen.notice().contains("kept"),
            "{id}: nothing was typed, {}",
            screen.notice()
        );
    }
}

#[test]
fn what_is_typed_for_a_duty_comes_back_when_it_is_opened_again() {
    let mut screen = Real::open();
    screen.wait(40).go(Pane::Attention, "T-1");
    screen.press("enter").types("no test bed").press("esc");
    assert!(screen.notice().contains("kept"), "{}", screen.notice());
    screen.go(Pane::Attention, "T-1").press("enter");
    assert_eq!(screen.form().lines[0].text(), "no test bed");
    screen.reads("What you typed before is back");
    screen.press("ctrl-s").go(Pane::Queue, "T-1").press("t d");
    assert_eq!(screen.form().lines[0].text(), "no test bed", "as recorded");
    screen.reads_not("What you typed before is back");
}
