//! Why a milestone, a cycle, a message, an action or a product asks for something.

use chrono::NaiveDate;

use super::{Asking, Verdict, Why, distance};
use crate::domain::attention::{self, DutyCode};
use crate::domain::calendar::spoken;
use crate::domain::message::{Message, MessageState};
use crate::domain::noun::Noun;
use crate::domain::queue::product::Product;
use crate::domain::retro::action_item::{ActionItem, ActionState};
use crate::domain::schedule::cycle::{Cycle, CycleState};
use crate::domain::schedule::milestone::{Committee, Milestone, Slip};
use crate::domain::when::When;

const MANAGER: &str = "release manager";
const COMMITTEE: &str = "steering committee";

/// In time, due soon or overdue: the same reading as the list of what needs a human.
fn by_duty(noun: &Noun, due: Option<NaiveDate>, asking: &Asking<'_>) -> Verdict {
    let Some(due) = due else {
        return Verdict::NoClock;
    };
    let duties = attention::duties(noun, asking.setting);
    let show_from = duties.first().map(|duty| duty.show_from);
    super::by_clock(asking.today > due, show_from, asking.today)
}

pub(super) fn milestone(milestone: &Milestone, asking: &Asking<'_>) -> Why {
    let (id, zone) = (&milestone.id, asking.setting.zone);
    let due = milestone.due.map(|due| zone.day(due.end(zone)));
    let left = due.map(|due| (due - asking.today).num_days());
    let verdict = match milestone.actual {
        Some(_) => Verdict::Done,
        None => by_duty(&Noun::Milestone(milestone.clone()), due, asking),
    };
    let mut why = Why::new(
        id,
        verdict,
        milestone_sentence(milestone, due.zip(left), asking),
    );
    why.rule.clone_from(&milestone.rule);
    why.due = due;
    let standing = Slip::standing(milestone.due, &milestone.slips);
    let moves = milestone.slips.iter().zip(standing);
    // Until the record is settled it is open which of them stand.
    why.counted
        .extend(moves.map(|(slip, stands)| moved(slip, stands || asking.contested, asking)));
    if verdict == Verdict::Done {
        return why;
    }
    why.days_left = left;
    let owner = milestone
        .claimed_by
        .as_deref()
        .or(milestone.owner.as_deref());
    match milestone.committee {
        Committee::Approval => why.block("the committee has to approve it", COMMITTEE),
        Committee::Review => why.block("the committee has to review it", COMMITTEE),
        Committee::None => {}
    }
    if verdict == Verdict::Overdue {
        why.block(
            "nobody has marked it done or moved it",
            owner.unwrap_or(MANAGER),
        );
    }
    why.offer(DutyCode::MilestoneDue.command(id), "nothing more");
    why.offer(
        format!("relmate slip {id} --to WHEN --reason R"),
        "a new date and a reason",
    );
    why
}

fn milestone_sentence(
    milestone: &Milestone,
    due: Option<(NaiveDate, i64)>,
    asking: &Asking<'_>,
) -> String {
    let day = |when: When| spoken(when.day(asking.setting.zone));
    let named = format!("{} ({} {})", milestone.id, milestone.code, milestone.name);
    if let Some(actual) = milestone.actual {
        let planned = milestone
            .planned
            .map(|planned| format!(", planned for {}", day(planned)));
        return format!(
            "{named} was done on {}{}.",
            day(actual),
            planned.unwrap_or_default()
        );
    }
    let Some((due, left)) = due else {
        return format!("{named} has no date.");
    };
    let rule = milestone
        .rule
        .as_deref()
        .map(|rule| format!(" ({rule})"))
        .unwrap_or_default();
    let tense = if left < 0 {
        "was due and is not done:"
    } else {
        "is due on"
    };
    format!("{named} {tense} {}, {}{rule}.", spoken(due), distance(left))
}

fn moved(slip: &Slip, stands: bool, asking: &Asking<'_>) -> String {
    let day = |when: When| spoken(when.day(asking.setting.zone));
    let from = slip
        .from
        .map(|from| format!("from {} ", day(from)))
        .unwrap_or_default();
    let dragged = slip
        .dragged_by
        .as_deref()
        .map(|by| format!(", dragged by {by}"));
    let reason = slip.reason.trim_end_matches('.');
    let (to, dragged) = (day(slip.to), dragged.unwrap_or_default());
    let not = if stands { "" } else { "; that does not stand" };
    format!("Moved {from}to {to} because “{reason}”{dragged}{not}.")
}

pub(super) fn cycle(cycle: &Cycle, asking: &Asking<'_>) -> Why {
    let (name, zone) = (&cycle.name, asking.setting.zone);
    let release = cycle.release.map(|release| release.day(zone));
    let left = release.map(|release| (release - asking.today).num_days());
    let (verdict, sentence) = match (cycle.standing.state, release.zip(left)) {
        (CycleState::Closed, _) => (Verdict::Done, format!("{name} is closed.")),
        (_, None) => (Verdict::NoClock, format!("{name} has no release date.")),
        (state, Some((release, left))) => {
            let verdict = if left < 0 {
                Verdict::Overdue
            } else {
                Verdict::InTime
            };
            let (on, when, state) = (spoken(release), distance(left), state.word());
            (
                verdict,
                format!("{name} ({state}) is to be released on {on}, {when}."),
            )
        }
    };
    let mut why = Why::new(name, verdict, sentence);
    (why.due, why.days_left) = (release, left);
    let command = attention::quoted(name);
    match cycle.standing.state {
        CycleState::Draft => {
            why.block("its schedule is not approved", COMMITTEE);
            why.offer(
                format!("relmate cycle approve {command}"),
                "the committee's decision",
            );
        }
        CycleState::Approved => why.offer(format!("relmate cycle close {command}"), "nothing more"),
        CycleState::Closed => {}
    }
    why
}

pub(super) fn message(message: &Message, asking: &Asking<'_>) -> Why {
    let (id, label) = (&message.id, message.kind.label());
    let entered = spoken(message.standing.entered.day(asking.setting.zone));
    let about = match message.about.as_slice() {
        [] => String::new(),
        ids => format!(" about {}", ids.join(", ")),
    };
    let verdict = match message.standing.state {
        MessageState::Drafted => Verdict::Waiting,
        MessageState::Sent | MessageState::Skipped => Verdict::Done,
    };
    let state = message.standing.state.word();
    let sentence = match &message.standing.reason {
        Some(reason) => format!("{id}, the {label}{about}, was {state} on {entered}: {reason}."),
        None if verdict == Verdict::Done => {
            format!("{id}, the {label}{about}, was {state} on {entered}.")
        }
        None => {
            format!("{id}, the {label}{about}, has been drafted since {entered} and is not sent.")
        }
    };
    let mut why = Why::new(id, verdict, sentence);
    why.entered = Some(message.standing.entered);
    if verdict == Verdict::Done {
        return why;
    }
    let who = message
        .claimed_by
        .as_deref()
        .or(message.owner.as_deref())
        .unwrap_or(MANAGER);
    if message.to.is_empty() {
        why.block("it has no addressee", MANAGER);
        if let Some(product) = &message.product {
            why.offer(
                DutyCode::NameContact.command(product),
                "the contact of the product team",
            );
        }
        why.offer(
            DutyCode::NoAddressee.command(id),
            "an address for this one text",
        );
    } else {
        why.block("nobody has sent it", who);
        why.offer(format!("relmate outbox mailto {id}"), "a mail program");
    }
    why.offer(DutyCode::SendMessage.command(id), "the text to be out");
    why.offer(format!("relmate outbox skip {id} --reason R"), "a reason");
    why
}

pub(super) fn action(action: &ActionItem, asking: &Asking<'_>) -> Why {
    let id = &action.id;
    let who = action.claimed_by.as_deref().or(action.owner.as_deref());
    let entered = spoken(action.standing.entered.day(asking.setting.zone));
    let left = action.due.map(|due| (due - asking.today).num_days());
    let (verdict, sentence) = match (action.standing.state, action.due.zip(left)) {
        (state @ (ActionState::Done | ActionState::Dropped), _) => {
            let reason = action
                .standing
                .reason
                .as_deref()
                .map(|it| format!(" because “{it}”"));
            let reason = reason.unwrap_or_default();
            (
                Verdict::Done,
                format!("{id} has been {} since {entered}{reason}.", state.word()),
            )
        }
        (ActionState::Open, None) => (
            Verdict::NoClock,
            format!("{id} has been open since {entered} and has no date."),
        ),
        (ActionState::Open, Some((due, left))) => {
            let verdict = by_duty(&Noun::Action(action.clone()), action.due, asking);
            let (due, when) = (spoken(due), distance(left));
            (
                verdict,
                format!("{id} has been open since {entered} and is due on {due}, {when}."),
            )
        }
    };
    let mut why = Why::new(id, verdict, sentence);
    why.entered = Some(action.standing.entered);
    (why.due, why.days_left) = (action.due, left.filter(|_| verdict != Verdict::Done));
    if verdict == Verdict::Done {
        return why;
    }
    match who {
        Some(owner) => why.block(format!("{owner} has not finished it"), owner),
        None => why.block("nobody owns it", MANAGER),
    }
    why.offer(DutyCode::FinishAction.command(id), "nothing more");
    why.offer(format!("relmate action drop {id} --reason R"), "a reason");
    why
}

pub(super) fn product(product: &Product) -> Why {
    let mut why = Why::without_clock(&product.name);
    if product
        .contact
        .as_ref()
        .is_none_or(|contact| contact.trim().is_empty())
    {
        why.block(
            "it has no contact, so a delay notice has no addressee",
            MANAGER,
        );
        why.offer(
            DutyCode::NameContact.command(&product.name),
            "the contact of the product team",
        );
    }
    why
}
