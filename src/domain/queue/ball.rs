//! The second clock of a ticket: whose turn it was, day by day. Books each stay to one holder
//! and judges nobody; limits are the first clock's.

use chrono::NaiveDate;

use super::state::State;
use super::ticket::Ticket;
use crate::domain::distribution::release::{Release, ReleaseState};
use crate::domain::noun::Setting;
use crate::domain::rollout::announcement::{Announcement, AnnouncementState};
use crate::domain::rollout::decision::due;

/// Who holds the ball.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    ProductTeam,
    Verifier,
    Sites,
    Manager,
    /// Nobody: a frozen release lets nothing through.
    Freeze,
}

impl Holder {
    pub const ALL: [Self; 5] = [
        Self::ProductTeam,
        Self::Verifier,
        Self::Sites,
        Self::Manager,
        Self::Freeze,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Self::ProductTeam => "product team",
            Self::Verifier => "verifier",
            Self::Sites => "sites",
            Self::Manager => "release manager",
            Self::Freeze => "freeze",
        }
    }

    /// The holder that a profile's word for an actor means.
    fn of_actor(actor: &str) -> Option<Self> {
        let actor = actor.to_lowercase();
        let named = |words: &[&str]| words.iter().any(|word| actor.contains(word));
        if named(&["product team", "provider"]) {
            Some(Self::ProductTeam)
        } else if named(&["verifier", "tester"]) {
            Some(Self::Verifier)
        } else if named(&["site", "adopter"]) {
            Some(Self::Sites)
        } else if named(&["manager"]) {
            Some(Self::Manager)
        } else {
            None
        }
    }
}

/// What besides the ticket says whose turn it was.
#[derive(Clone, Copy, Default)]
pub struct Beside<'a> {
    /// Those of the ticket.
    pub announcements: &'a [Announcement],
    /// The distribution releases that may have held it.
    pub releases: &'a [Release],
}

/// Some days of one holder; `to` is the first day of the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub holder: Holder,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Span {
    pub fn days(&self) -> i64 {
        (self.to - self.from).num_days()
    }
}

/// Whose turn it was from the ticket's first day to `today`, or to the day its way ended.
///
/// Unverified and verification are the verifier's; a question is the product team's. In the
/// rollout the sites have it from the first announcement that is out until each of them has
/// answered or its period is over, and the manager before and after and while it is halted;
/// where nothing was ever announced it is as the profile says. Ready is the manager's, but for the days on which its release is
/// frozen. A delay is for whom the profile names as the actor of `delayed`, else the manager.
/// Days are whole; what entered and left on one day has none.
pub fn spans(
    ticket: &Ticket,
    beside: &Beside<'_>,
    setting: &Setting<'_>,
    today: NaiveDate,
) -> Vec<Span> {
    let standing = &ticket.standing;
    let zone = setting.zone;
    let past = standing
        .trail
        .iter()
        .map(|it| (it.state, it.from.day(zone), it.to.day(zone)));
    let now = (standing.state, standing.entered.day(zone), today);
    let mut spans: Vec<Span> = Vec::new();
    for (state, from, to) in past.chain([now]) {
        let (from, to) = (from.min(today), to.min(today));
        match state {
            State::StagedRollout => rollout(&mut spans, beside, setting, (from, to)),
            State::Ready => ready(&mut spans, ticket, beside, setting, (from, to)),
            _ => {
                if let Some(holder) = holder(state, setting) {
                    book(&mut spans, holder, from, to);
                }
            }
        }
    }
    spans
}

/// Who has it in a state; nobody where its way is over.
fn holder(state: State, setting: &Setting<'_>) -> Option<Holder> {
    let actor = || {
        let rule = setting.profile.state.get(&state)?;
        Holder::of_actor(rule.actor.as_deref()?)
    };
    match state {
        State::Unverified | State::Verification => Some(Holder::Verifier),
        State::WaitingForResponse => Some(Holder::ProductTeam),
        State::StagedRollout => Some(actor().unwrap_or(Holder::Sites)),
        State::Ready => Some(Holder::Manager),
        State::Delayed => Some(actor().unwrap_or(Holder::Manager)),
        State::Released | State::Rejected | State::Withdrawn | State::Recalled => None,
    }
}

/// Adds days to a holder; those of one holder on end are one span.
fn book(spans: &mut Vec<Span>, holder: Holder, from: NaiveDate, to: NaiveDate) {
    if to <= from {
        return;
    }
    match spans.last_mut() {
        Some(last) if last.holder == holder && last.to == from => last.to = to,
        _ => spans.push(Span { holder, from, to }),
    }
}

fn rollout(
    spans: &mut Vec<Span>,
    beside: &Beside<'_>,
    setting: &Setting<'_>,
    (from, to): (NaiveDate, NaiveDate),
) {
    let zone = setting.zone;
    let there = || beside.announcements.iter().filter(|it| !it.deleted);
    if there().all(|it| it.turn.is_empty()) {
        if let Some(holder) = holder(State::StagedRollout, setting) {
            book(spans, holder, from, to);
        }
        return;
    }
    let turns = || there().flat_map(|it| it.turn.values());
    let announced = turns()
        .filter(|turn| turn.sent)
        .map(|turn| turn.announced.day(zone))
        .min();
    // A text that lies in the outbox is nobody's turn but the manager's.
    let Some(announced) = announced else {
        book(spans, Holder::Manager, from, to);
        return;
    };
    let told = announced.clamp(from, to);
    let halted = there()
        .filter(|it| it.standing.state == AnnouncementState::Halted)
        .map(|it| it.standing.entered.day(zone))
        .min();
    let over = over(beside.announcements, setting).unwrap_or(announced);
    let over = halted
        .map_or(over, |halted| halted.min(over))
        .clamp(told, to);
    book(spans, Holder::Manager, from, told);
    book(spans, Holder::Sites, told, over);
    book(spans, Holder::Manager, over, to);
}

/// The first day on which no site has anything left to do: each that was told has answered,
/// or its last day in time is past.
fn over(announcements: &[Announcement], setting: &Setting<'_>) -> Option<NaiveDate> {
    let mut ends = Vec::new();
    for it in announcements.iter().filter(|it| !it.deleted) {
        for (site, turn) in it.turn.iter().filter(|(_, turn)| turn.sent) {
            let answered = it
                .reports
                .iter()
                .filter(|report| report.site.eq_ignore_ascii_case(site))
                .map(|report| report.received.day(setting.zone))
                .min();
            let past = due(turn, setting);
            let past = past.succ_opt().unwrap_or(past);
            ends.push(answered.map_or(past, |day| day.min(past)));
        }
    }
    ends.into_iter().max()
}

fn ready(
    spans: &mut Vec<Span>,
    ticket: &Ticket,
    beside: &Beside<'_>,
    setting: &Setting<'_>,
    (from, to): (NaiveDate, NaiveDate),
) {
    let frozen = beside
        .releases
        .iter()
        .filter(|it| !it.deleted)
        .find(|it| ticket.release.as_ref() == Some(&it.name) || it.tickets.contains(&ticket.id))
        .and_then(|it| frozen_on(it, setting));
    let frozen = frozen.unwrap_or(to).clamp(from, to);
    book(spans, Holder::Manager, from, frozen);
    book(spans, Holder::Freeze, frozen, to);
}

/// The day a release's contents were frozen; of one that does not say, while it stands there.
fn frozen_on(release: &Release, setting: &Setting<'_>) -> Option<NaiveDate> {
    let standing = &release.standing;
    let entered = (standing.state == ReleaseState::ContentsFrozen)
        .then(|| standing.entered.day(setting.zone));
    release.frozen_on.or(entered)
}

/// Days by holder, in the order of [`Holder::ALL`], those without a day left out.
pub fn totals<'a>(spans: impl IntoIterator<Item = &'a Span>) -> Vec<(Holder, i64)> {
    let mut days = [0; Holder::ALL.len()];
    for span in spans {
        days[span.holder as usize] += span.days();
    }
    Holder::ALL
        .into_iter()
        .zip(days)
        .filter(|(_, days)| *days > 0)
        .collect()
}

/// The days of a span that lie within some days, both ends with them.
pub fn within(span: Span, from: Option<NaiveDate>, to: NaiveDate) -> Option<Span> {
    let after = to.succ_opt().unwrap_or(to);
    let first = from.map_or(span.from, |from| span.from.max(from));
    let cut = Span {
        from: first,
        to: span.to.min(after),
        ..span
    };
    (cut.days() > 0).then_some(cut)
}

/// "product team 3 d, verifier 4 d"
pub fn told(totals: &[(Holder, i64)]) -> String {
    let parts: Vec<String> = totals
        .iter()
        .map(|(holder, days)| format!("{} {days} d", holder.label()))
        .collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::metrics::fixture::{announcement, moved};
    use crate::domain::queue::examples::{day, profile, under};

    #[track_caller]
    fn check(ticket: &Ticket, beside: &Beside<'_>, today: &str, expected: &str) {
        let told = under(&profile(), |setting| {
            told(&totals(&spans(ticket, beside, setting, day(today))))
        });
        assert_eq!(told, expected, "on {today}");
    }

    #[test]
    fn a_question_is_booked_to_the_product_team_and_verification_to_the_verifier() {
        let ticket = moved(
            "T-1",
            &[
                (State::Unverified, "2026-11-02"),
                (State::Verification, "2026-11-04"),
                (State::WaitingForResponse, "2026-11-05"),
                (State::Verification, "2026-11-08"),
            ],
        );
        let beside = Beside::default();
        check(
            &ticket,
            &beside,
            "2026-11-10",
            "product team 3 d, verifier 5 d",
        );
        check(&ticket, &beside, "2026-11-02", "");
    }

    #[test]
    fn in_the_rollout_it_is_the_sites_until_all_have_answered_or_their_time_is_over() {
        let ticket = moved("T-1", &[(State::StagedRollout, "2026-11-02")]);
        let turn = |limit: &str| json!({"announced": "2026-11-04", "sent": true, "limit": limit});
        let told = |reports: serde_json::Value| {
            [announcement(json!({
                "turn": {"CNAF": turn("5 days"), "PIC": turn("10 days")}, "reports": reports,
            }))]
        };
        let report = |site: &str, on: &str| json!({"site": site, "outcome": "ok", "received": on, "by": "A"});
        let silent = told(json!([]));
        let beside = Beside {
            announcements: &silent,
            releases: &[],
        };
        check(
            &ticket,
            &beside,
            "2026-11-14",
            "sites 10 d, release manager 2 d",
        );
        check(
            &ticket,
            &beside,
            "2026-11-17",
            "sites 11 d, release manager 4 d",
        );
        let spoken = told(json!([
            report("CNAF", "2026-11-06"),
            report("PIC", "2026-11-07")
        ]));
        let beside = Beside {
            announcements: &spoken,
            releases: &[],
        };
        check(
            &ticket,
            &beside,
            "2026-11-10",
            "sites 3 d, release manager 5 d",
        );
        check(&ticket, &Beside::default(), "2026-11-10", "sites 8 d");
    }

    #[test]
    fn what_is_drafted_or_halted_is_the_managers_turn() {
        let ticket = moved("T-1", &[(State::StagedRollout, "2026-11-02")]);
        let turn =
            |on: &str, sent: bool| json!({"announced": on, "sent": sent, "limit": "10 days"});
        let drafted = announcement(json!({"turn": {"CNAF": turn("2026-11-04", false)}}));
        let both = announcement(json!({
            "turn": {"CNAF": turn("2026-11-03", false), "PIC": turn("2026-11-05", true)},
        }));
        let halted = announcement(json!({
            "turn": {"PIC": turn("2026-11-05", true)},
            "state": {"state": "halted", "entered": "2026-11-08"},
        }));
        for (announcement, expected) in [
            (drafted, "release manager 10 d"),
            (both, "sites 7 d, release manager 3 d"),
            (halted, "sites 3 d, release manager 7 d"),
        ] {
            let announcements = [announcement];
            let beside = Beside {
                announcements: &announcements,
                releases: &[],
            };
            check(&ticket, &beside, "2026-11-12", expected);
        }
    }

    #[test]
    fn a_release_that_was_recalled_had_its_freeze_all_the_same() {
        let ways = [
            (State::Ready, "2026-11-02"),
            (State::Recalled, "2026-11-20"),
        ];
        let ticket = moved("T-1", &ways);
        let release: Release = serde_json::from_value(json!({
            "name": "CMD 1.4.0", "tickets": ["T-1"], "frozen_on": "2026-11-09",
            "state": {"state": "recalled", "entered": "2026-11-20"},
        }))
        .unwrap();
        let releases = [release];
        let beside = Beside {
            announcements: &[],
            releases: &releases,
        };
        let expected = "release manager 7 d, freeze 11 d";
        check(&ticket, &beside, "2026-11-30", expected);
    }

    #[test]
    fn what_is_over_is_booked_to_nobody_and_a_delay_to_whom_the_profile_names() {
        let ticket = moved(
            "T-1",
            &[
                (State::Unverified, "2026-11-02"),
                (State::Delayed, "2026-11-05"),
                (State::Rejected, "2026-11-10"),
            ],
        );
        let beside = Beside::default();
        check(
            &ticket,
            &beside,
            "2026-12-24",
            "verifier 3 d, release manager 5 d",
        );
        let mut profile = profile();
        if let Some(rule) = profile.state.get_mut(&State::Delayed) {
            rule.actor = Some("the product team".to_owned());
        }
        let booked = under(&profile, |setting| {
            told(&totals(&spans(
                &ticket,
                &beside,
                setting,
                day("2026-12-24"),
            )))
        });
        assert_eq!(booked, "product team 5 d, verifier 3 d");
    }

    #[test]
    fn a_ready_ticket_in_a_frozen_release_waits_for_the_freeze() {
        let ticket = moved("T-1", &[(State::Ready, "2026-11-02")]);
        let release: Release = serde_json::from_value(json!({
            "name": "CMD 1.4.0", "tickets": ["T-1"],
            "state": {"state": "contents-frozen", "entered": "2026-11-09"},
        }))
        .unwrap();
        let releases = [release];
        let beside = Beside {
            announcements: &[],
            releases: &releases,
        };
        check(
            &ticket,
            &beside,
            "2026-11-12",
            "release manager 7 d, freeze 3 d",
        );
    }

    #[test]
    fn days_are_cut_to_a_period_with_both_of_its_ends() {
        let span = Span {
            holder: Holder::Sites,
            from: day("2026-11-01"),
            to: day("2026-11-20"),
        };
        let cut = within(span, Some(day("2026-11-10")), day("2026-11-12")).unwrap();
        assert_eq!(cut.days(), 3);
        assert_eq!(
            within(span, Some(day("2026-11-20")), day("2026-11-30")),
            None
        );
    }
}
