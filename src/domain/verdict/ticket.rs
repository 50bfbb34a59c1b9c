//! Why a ticket is where it is.

use chrono::NaiveDate;

use super::{Asking, NextStep, Verdict, Why, by_clock, days, distance, rollout, so_many};
use crate::domain::calendar::spoken;
use crate::domain::distribution::freeze;
use crate::domain::message::MessageState;
use crate::domain::profile::{Profile, Waiting};
use crate::domain::queue::ball;
use crate::domain::queue::clocks::{Clock, TicketClock, stage_reading, ticket_reading};
use crate::domain::queue::guard::{Request, critical_failures, obstacle, stands, unchecked};
use crate::domain::queue::state::State;
use crate::domain::queue::step::{Step, open_steps};
use crate::domain::queue::ticket::Ticket;

pub(super) const MANAGER: &str = "release manager";

pub(super) fn why(ticket: &Ticket, asking: &Asking<'_>) -> Why {
    let shown = ticket_reading(ticket, asking.setting, asking.today);
    let verdict = verdict(ticket, &shown, asking.today);
    let mut why = Why::new(&ticket.id, verdict, sentence(ticket, &shown, asking));
    let standing = &ticket.standing;
    why.entered = Some(standing.entered);
    why.entered_at_least = standing.at_least;
    if standing.state.is_open() {
        why.rule = rule(ticket, asking.setting.profile).map(str::to_owned);
        why.limit = standing.limit.map(|limit| limit.to_string());
    }
    if let Clock::Running(reading) = &shown.clock {
        why.entered = Some(standing.clock_from);
        why.read(reading);
    }
    (why.due, why.days_left) = (shown.due, shown.days_left);
    counted(ticket, &shown, asking, &mut why);
    booked(ticket, asking, &mut why);
    blockers(ticket, &shown, asking, &mut why);
    why.next = next(ticket, verdict, asking);
    rollout::offers(ticket, asking, &mut why);
    why
}

fn verdict(ticket: &Ticket, shown: &TicketClock, today: NaiveDate) -> Verdict {
    match (ticket.standing.state, &shown.clock) {
        (State::Released | State::Rejected | State::Withdrawn | State::Recalled, _) => {
            Verdict::Done
        }
        (State::Delayed, Clock::Promised { broken: true, .. }) => Verdict::PromiseBroken,
        (State::Delayed, _) => Verdict::Delayed,
        (State::WaitingForResponse, _) if !shown.overdue => Verdict::Waiting,
        (_, Clock::None) => Verdict::NoClock,
        (_, _) => by_clock(shown.overdue, shown.amber_on, today),
    }
}

/// Where the limit is written down; a question belongs to verification.
fn rule<'a>(ticket: &Ticket, profile: &'a Profile) -> Option<&'a str> {
    let of = |state| {
        profile
            .state
            .get(&state)
            .and_then(|rule| rule.rule.as_deref())
    };
    let stage = match ticket.standing.acts_as() {
        State::WaitingForResponse => State::Verification,
        state => state,
    };
    match ticket.standing.state {
        State::Delayed => of(State::Delayed).or_else(|| of(stage)),
        _ => of(stage),
    }
}

fn sentence(ticket: &Ticket, shown: &TicketClock, asking: &Asking<'_>) -> String {
    let profile = asking.setting.profile;
    let (id, stands) = (&ticket.id, stands(ticket, profile));
    let entered = spoken(ticket.standing.entered.day(asking.setting.zone));
    let since = if ticket.standing.at_least {
        format!("at least since {entered}")
    } else {
        format!("since {entered}")
    };
    let by_rule = rule(ticket, profile)
        .map(|rule| format!(" ({rule})"))
        .unwrap_or_default();
    match &shown.clock {
        Clock::Running(reading) => {
            let late = match (reading.due - asking.today).num_days() {
                late @ ..=-1 => format!(", {} over its limit", days(-late)),
                _ => String::new(),
            };
            let limit = reading.limit;
            let so_many = so_many(reading);
            format!("{id} has been {stands} {so_many}{late}; the limit is {limit}{by_rule}.")
        }
        Clock::Until { due, days_left } => {
            let due = spoken(*due);
            format!(
                "{id} has been {stands} {since}; it was given until {due}, {}.",
                distance(*days_left)
            )
        }
        Clock::Promised {
            promise, days_left, ..
        } => {
            let (promise, when) = (spoken(*promise), distance(*days_left));
            format!(
                "{id} has been {stands} {since}{}; promised for {promise}, {when}{by_rule}.",
                because(ticket)
            )
        }
        Clock::Review { on, days_left } => {
            let (on, when) = (spoken(*on), distance(*days_left));
            format!(
                "{id} has been {stands} {since}{}; no date is promised, review on {on}, {when}{by_rule}.",
                because(ticket)
            )
        }
        Clock::None if ticket.standing.state.is_open() => {
            format!("{id} has been {stands} {since}, which has no limit{by_rule}.")
        }
        Clock::None => closed(ticket, &stands, &entered),
    }
}

fn because(ticket: &Ticket) -> String {
    match &ticket.delay_reason {
        Some(reason) => format!(" because “{}”", reason.trim().trim_end_matches('.')),
        None => ", nobody says why".to_owned(),
    }
}

fn closed(ticket: &Ticket, stands: &str, entered: &str) -> String {
    let reason = match (&ticket.closing_reason, &ticket.superseded_by) {
        (Some(reason), _) => format!(" because “{}”", reason.trim().trim_end_matches('.')),
        (None, Some(by)) => format!(", replaced by {by}"),
        (None, None) => String::new(),
    };
    format!("{} has been {stands} since {entered}{reason}.", ticket.id)
}

fn counted(ticket: &Ticket, shown: &TicketClock, asking: &Asking<'_>, why: &mut Why) {
    let standing = &ticket.standing;
    if !standing.state.is_open() {
        return;
    }
    if matches!(
        shown.clock,
        Clock::Promised { .. } | Clock::Review { .. } | Clock::Until { .. }
    ) && let Some(reading) = stage_reading(ticket, asking.setting, asking.today)
    {
        why.counted
            .push(format!("The stage's own clock: {}", reading.arithmetic));
    }
    if let Some(first) = standing.first_due {
        why.counted.push(format!(
            "The first day in time that it missed was {}.",
            spoken(first)
        ));
    }
    if shown.waited_days > 0 {
        let ran = match asking.setting.profile.waiting {
            Waiting::Runs => "the clock runs on meanwhile",
            Waiting::Pauses => "the clock stands still meanwhile",
        };
        why.counted.push(format!(
            "{} of this stage are booked to the product team; {ran}.",
            days(shown.waited_days)
        ));
    }
}

/// Whose turn it was so far.
fn booked(ticket: &Ticket, asking: &Asking<'_>, why: &mut Why) {
    let spans = ball::spans(ticket, &asking.beside, asking.setting, asking.today);
    let totals = ball::totals(&spans);
    if !totals.is_empty() {
        let told = ball::told(&totals);
        why.counted.push(format!("Time so far: {told}."));
    }
}

/// The stage's own blocker is the root; a missing explanation and an unsent text follow.
fn blockers(ticket: &Ticket, shown: &TicketClock, asking: &Asking<'_>, why: &mut Why) {
    match ticket.standing.acts_as() {
        State::WaitingForResponse => question(ticket, asking, why),
        State::Unverified => match &ticket.verifier {
            Some(verifier) => why.block(format!("{verifier} has not started"), verifier),
            None => why.block("no verifier is named", MANAGER),
        },
        State::Verification => verification(ticket, asking.setting.profile, why),
        State::StagedRollout => rollout::add(asking, why),
        State::Ready => ready(ticket, asking, why),
        State::Delayed | State::Released | State::Rejected | State::Withdrawn | State::Recalled => {
        }
    }
    let who = ticket.who().unwrap_or(MANAGER);
    match &shown.clock {
        Clock::Promised {
            promise,
            broken: true,
            ..
        } => {
            why.block(
                format!("the promise for {} was not kept", spoken(*promise)),
                who,
            );
        }
        _ if shown.overdue => why.block("nobody has explained the delay", who),
        _ => {}
    }
    if ticket.standing.state == State::Delayed && ticket.delay_reason.is_none() {
        why.block("the delay has no reason", who);
    }
    unsent(asking, why);
}

/// Texts that are owed and not out yet.
pub(super) fn unsent(asking: &Asking<'_>, why: &mut Why) {
    let drafted = asking.messages.iter().filter(|message| {
        !message.deleted
            && message.standing.state == MessageState::Drafted
            && message.kind.is_owed()
    });
    for message in drafted {
        let (label, id) = (message.kind.label(), &message.id);
        if message.to.is_empty() {
            let whom = message.product.as_deref().or(message.site.as_deref());
            let whom = whom.unwrap_or("the product");
            let what = format!("the {label} {id} has no addressee: {whom} has no contact");
            why.block(what, MANAGER);
        } else {
            let who = message.claimed_by.as_deref().or(message.owner.as_deref());
            why.block(
                format!("the {label} {id} is drafted, not sent"),
                who.unwrap_or(MANAGER),
            );
        }
    }
}

/// The release that it is in, and a freeze that keeps it out.
fn ready(ticket: &Ticket, asking: &Asking<'_>, why: &mut Why) {
    for (problem, open) in asking.facts.into_iter().flat_map(|it| it.holding(ticket)) {
        let what = format!("{} is open and {open}", problem.id);
        why.block(what, problem.who().unwrap_or(MANAGER));
    }
    if let Some(old) = asking.facts.and_then(|it| it.higher(ticket)) {
        let version = old.version.as_deref().unwrap_or_default();
        let what = format!("production has {} {version} as {}", old.product, old.id);
        why.block(what, MANAGER);
    }
    if let Some(freeze) = asking.freeze.filter(|it| !it.has(&ticket.id)) {
        let refused = freeze::blocked(freeze, ticket);
        why.block(refused.message.trim_end_matches('.'), MANAGER);
        return;
    }
    match &ticket.release {
        Some(release) => why.block(format!("it waits for {release}"), MANAGER),
        None => why.block("it waits for the next release", MANAGER),
    }
}

fn question(ticket: &Ticket, asking: &Asking<'_>, why: &mut Why) {
    let standing = &ticket.standing;
    let open = standing.waits.iter().find(|wait| wait.until.is_none());
    let since = open.map_or_else(
        || standing.entered.day(asking.setting.zone),
        |wait| wait.from,
    );
    let text = ticket
        .question
        .as_deref()
        .map(|text| format!(": “{text}”"))
        .unwrap_or_default();
    let team = match &ticket.provider {
        Some(provider) => format!("product team ({provider})"),
        None => "product team".to_owned(),
    };
    why.block(
        format!("a question has been open since {}{text}", spoken(since)),
        team,
    );
}

fn verification(ticket: &Ticket, profile: &Profile, why: &mut Why) {
    let verifier = ticket.verifier.as_deref();
    if verifier.is_none() {
        why.block("no verifier is named", MANAGER);
    }
    let verifier = verifier.unwrap_or("verifier");
    let failed = critical_failures(ticket, profile);
    for criterion in &failed {
        why.block(
            format!(
                "{} ({}) failed and is critical",
                criterion.id, criterion.name
            ),
            MANAGER,
        );
    }
    let open = unchecked(ticket, profile);
    match open.as_slice() {
        [] if failed.is_empty() => {
            why.block(
                "every criterion has a result, but nobody has closed it",
                verifier,
            );
        }
        [] => {}
        [one] => why.block(format!("{} ({}) has no result", one.id, one.name), verifier),
        many => {
            let ids: Vec<_> = many.iter().map(|criterion| criterion.id.as_str()).collect();
            why.block(
                format!("{} criteria have no result: {}", ids.len(), ids.join(", ")),
                verifier,
            );
        }
    }
}

/// The open steps; the one that a breach calls for comes first.
fn next(ticket: &Ticket, verdict: Verdict, asking: &Asking<'_>) -> Vec<NextStep> {
    let request = Request {
        freeze: asking.freeze,
        facts: asking.facts,
        rollout: asking.rollout,
        ..Request::new(asking.setting.profile, asking.person, asking.today)
    };
    let mut steps: Vec<Step> = open_steps(&ticket.standing).map(|row| row.step).collect();
    if matches!(verdict, Verdict::Overdue | Verdict::PromiseBroken) {
        steps.sort_by_key(|step| *step != Step::Delay);
    }
    let step = |step: Step| NextStep {
        command: step.command(&ticket.id),
        needs: needs(step).to_owned(),
        refused: obstacle(step, ticket, &request)
            .err()
            .map(|refused| refused.message),
    };
    steps.into_iter().map(step).collect()
}

/// What a step needs, in words.
fn needs(step: Step) -> &'static str {
    match step {
        Step::Start => "a verifier who is not of the product's team",
        Step::Ask => "the question",
        Step::Answer => "the answer",
        Step::Check => "a criterion and its result",
        Step::Verify => "a result for every criterion and no critical failure",
        Step::Accept => "a rollout that the rule calls good",
        Step::Reject => "a reason",
        Step::Delay => "a reason, perhaps a promised date",
        Step::Resume => "perhaps a new due date",
        Step::Promote => "a release manager",
        Step::Recall => "a reason or the ticket that replaces it",
        Step::Withdraw | Step::Inform => "nothing more",
    }
}
