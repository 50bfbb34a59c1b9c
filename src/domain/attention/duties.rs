//! The duties of a record of any kind. The queue's own are in `queue`.

use chrono::NaiveDate;

use super::{Class, Duty, DutyCode};
use super::{problem, queue, release, rollout};
use crate::domain::calendar::add_days;
use crate::domain::clock::{self, Limit};
use crate::domain::message::{Message, MessageState};
use crate::domain::noun::{Noun, Setting};
use crate::domain::queue::clocks::share_of_the_way;
use crate::domain::queue::product::Product;
use crate::domain::retro::action_item::{ActionItem, ActionState};
use crate::domain::schedule::milestone::Milestone;

/// Everything that needs a human about one record; at most one duty of a code.
pub fn duties(noun: &Noun, setting: &Setting<'_>) -> Vec<Duty> {
    match noun {
        Noun::Ticket(ticket) => queue::ticket(ticket, setting),
        Noun::Submission(submission) => queue::submission(submission, setting),
        Noun::Milestone(milestone) => self::milestone(milestone, setting).into_iter().collect(),
        Noun::Message(message) => self::message(message, setting).into_iter().collect(),
        Noun::Action(action) => self::action(action, setting).into_iter().collect(),
        Noun::Product(product) => self::product(product).into_iter().collect(),
        Noun::Release(it) => release::duties(it, setting),
        Noun::Announcement(announcement) => rollout::announcement(announcement, setting),
        Noun::Problem(problem) => problem::problem(problem, setting),
        Noun::KnownError(error) => problem::error(error, setting).into_iter().collect(),
        Noun::Desk(_) | Noun::Cycle(_) | Noun::Site(_) | Noun::Person(_) | Noun::Lesson(_) => {
            Vec::new()
        }
    }
}

/// The duty of a record that two managers changed at once; only the store knows which are.
pub fn settle(who: Option<String>) -> Duty {
    Duty {
        code: DutyCode::Settle,
        class: Class::Standing,
        due_on: None,
        show_from: NaiveDate::default(),
        who,
        what: "two managers changed it at once".to_owned(),
        step: "settle it".to_owned(),
    }
}

/// The duty of a record that breaks rules since two managers' work has met; `broken` says
/// which, and by whose steps.
pub fn mend(broken: &[String], who: Option<String>) -> Duty {
    Duty {
        code: DutyCode::Mend,
        what: broken.join("; "),
        step: "mend it".to_owned(),
        ..settle(who)
    }
}

/// "20 Nov", as rows say a day.
pub(super) fn short(day: NaiveDate) -> String {
    day.format("%-d %b").to_string()
}

/// The first day a duty shows: not before `later`, but a limit that has ended
/// hides behind nothing.
pub(super) fn pushed(
    from: NaiveDate,
    later: Option<NaiveDate>,
    due_on: Option<NaiveDate>,
) -> NaiveDate {
    let put_off = later.map_or(from, |later| from.max(later));
    due_on.map_or(put_off, |due| put_off.min(add_days(due, 1).max(from)))
}

fn milestone(milestone: &Milestone, setting: &Setting<'_>) -> Option<Duty> {
    if milestone.deleted || milestone.actual.is_some() || milestone.never_reached {
        return None;
    }
    // A day anywhere on Earth may end on the desk's next day.
    let due = setting.zone.day(milestone.due?.end(setting.zone));
    let notice = setting.profile.milestone_notice;
    let show_from = notice.map_or(due, |notice| before(due, notice, setting));
    let owner = milestone
        .claimed_by
        .clone()
        .or_else(|| milestone.owner.clone());
    let slipped = milestone.planned.map_or(0, |planned| {
        (due - setting.zone.day(planned.end(setting.zone))).num_days()
    });
    let what = match slipped {
        1.. => format!("slipped {slipped} d, due {}", short(due)),
        _ => format!("due {}", short(due)),
    };
    Some(Duty {
        code: DutyCode::MilestoneDue,
        class: Class::Clock,
        due_on: Some(due),
        show_from: pushed(show_from, milestone.later, Some(due)),
        who: owner,
        what,
        step: "mark it done or move it".to_owned(),
    })
}

/// The last day on which the whole of `notice` still lies before `due`.
pub(super) fn before(due: NaiveDate, notice: Limit, setting: &Setting<'_>) -> NaiveDate {
    /// Beyond a year a notice is no notice; it keeps an absurd profile cheap.
    const MOST: i64 = 366;
    (1..=MOST)
        .map(|back| add_days(due, -back))
        .find(|day| clock::due(notice, *day, &[], setting.calendar) <= due)
        .unwrap_or_else(|| add_days(due, -MOST))
}

fn message(message: &Message, setting: &Setting<'_>) -> Option<Duty> {
    if message.deleted || message.standing.state != MessageState::Drafted {
        return None;
    }
    let owed = message.kind.is_owed();
    let (code, what, step) = if owed && message.to.is_empty() {
        let what = format!("the {} has no addressee", message.kind.label());
        (DutyCode::NoAddressee, what, "add a contact")
    } else {
        (
            DutyCode::SendMessage,
            "drafted, not sent".to_owned(),
            "send",
        )
    };
    Some(Duty {
        code,
        class: if owed { Class::Standing } else { Class::Info },
        due_on: None,
        show_from: pushed(
            message.standing.entered.day(setting.zone),
            message.later,
            None,
        ),
        who: message.claimed_by.clone().or_else(|| message.owner.clone()),
        what,
        step: step.to_owned(),
    })
}

fn action(action: &ActionItem, setting: &Setting<'_>) -> Option<Duty> {
    if action.deleted || action.standing.state != ActionState::Open {
        return None;
    }
    let entered = action.standing.entered.day(setting.zone);
    let show_from = action.due.map_or(entered, |due| {
        share_of_the_way(entered, due, setting.profile)
    });
    Some(Duty {
        code: DutyCode::FinishAction,
        class: if action.due.is_some() {
            Class::Clock
        } else {
            Class::Info
        },
        due_on: action.due,
        show_from: pushed(show_from, action.later, action.due),
        who: action.claimed_by.clone().or_else(|| action.owner.clone()),
        what: action.due.map_or("open, no date".to_owned(), |due| {
            format!("due {}", short(due))
        }),
        step: "finish it".to_owned(),
    })
}

/// without a contact nobody can be told of a delay.
fn product(product: &Product) -> Option<Duty> {
    let known = product
        .contact
        .as_ref()
        .is_some_and(|contact| !contact.trim().is_empty());
    if product.deleted || known {
        return None;
    }
    Some(Duty {
        code: DutyCode::NameContact,
        class: Class::Info,
        due_on: None,
        show_from: NaiveDate::default(),
        who: None,
        what: "no contact for delay notices".to_owned(),
        step: "name the contact".to_owned(),
    })
}
