//! Delays, and whether the product team hears of them (metrics 3 and 5).

use serde_json::json;

use super::stay::{Stay, stays};
use super::{Facts, Figure, Measure, Metric};
use crate::domain::clock;
use crate::domain::message::{MessageKind, MessageState};
use crate::domain::queue::state::State;

/// Metric 3. Tickets that entered `delayed` at least once in the period, of the tickets that
/// were on their way in it; by stage, those delayed out of the stage of those that were in it.
pub(super) const DELAYED: Metric = Metric {
    number: 3,
    name: "delayed",
    title: "Tickets delayed",
    formula: "Tickets that entered delayed at least once in the period / tickets on their way in it.",
    of_a_site: false,
    columns: &["ticket", "release", "delayed", "from_stage", "reason"],
    measure: delayed,
};

const STAGES: [State; 4] = [
    State::Unverified,
    State::Verification,
    State::WaitingForResponse,
    State::StagedRollout,
];

fn entries<'a>(stays: &'a [Stay], facts: &'a Facts<'_>) -> impl Iterator<Item = &'a Stay> {
    stays.iter().filter(|it| {
        it.state == State::Delayed && it.from <= facts.today && facts.period.contains(it.from)
    })
}

fn delayed(facts: &Facts<'_>) -> Measure {
    let (mut late, mut active) = (0, 0);
    let mut by_stage = [(0, 0); STAGES.len()];
    let mut rows = Vec::new();
    for ticket in facts.tickets() {
        let stays = stays(ticket, facts.setting.zone);
        let here = |it: &&Stay| it.from <= facts.today && facts.period.touches(it.from, it.to);
        if !stays.iter().any(|it| here(&it)) {
            continue;
        }
        active += 1;
        late += usize::from(entries(&stays, facts).next().is_some());
        for (stage, (part, n)) in STAGES.iter().zip(&mut by_stage) {
            let from_it = entries(&stays, facts).any(|it| it.delayed_from == Some(*stage));
            let was_in = stays.iter().filter(here).any(|it| it.state == *stage);
            *part += usize::from(from_it);
            *n += usize::from(from_it || was_in);
        }
        for it in entries(&stays, facts) {
            // The reason that is written is that of the last delay.
            let last = stays.iter().rfind(|it| it.state == State::Delayed);
            let reason = last
                .filter(|last| last.from == it.from)
                .and(ticket.delay_reason.as_deref());
            rows.push(vec![
                json!(ticket.id),
                json!(ticket.label()),
                json!(it.from),
                json!(it.delayed_from.map(State::word)),
                json!(reason),
            ]);
        }
    }
    let mut figures = vec![Figure::share("all", late, active)];
    figures.extend(STAGES.iter().zip(by_stage).map(|(stage, (part, n))| {
        let what = format!("from {}", facts.setting.profile.label(*stage));
        Figure::share(what, part, n)
    }));
    Measure { figures, rows }
}

/// Metric 5. Entries into `delayed` in the period with a delay notice about the ticket marked
/// sent from that day to the profile's `delay-notice` later, of all such entries whose last
/// day for it is past or whose notice is out. A profile without that limit asks for none.
pub(super) const NOTICES: Metric = Metric {
    number: 5,
    name: "delay-notices",
    title: "Delay notices in time",
    formula: "Delays whose notice was sent within the profile's delay-notice / delays in the period.",
    of_a_site: false,
    columns: &["ticket", "release", "delayed", "due", "sent", "in_time"],
    measure: notices,
};

fn notices(facts: &Facts<'_>) -> Measure {
    let mut kept = 0;
    let mut rows = Vec::new();
    let limit = facts.setting.profile.delay_notice;
    for ticket in facts.tickets() {
        let sent: Vec<_> = facts
            .messages
            .iter()
            .filter(|it| it.kind == MessageKind::DelayNotice && !it.deleted)
            .filter(|it| it.standing.state == MessageState::Sent && it.about.contains(&ticket.id))
            .map(|it| facts.day(it.standing.entered))
            .collect();
        let stays = stays(ticket, facts.setting.zone);
        for it in entries(&stays, facts) {
            let Some(limit) = limit else { continue };
            let due = clock::due(limit, it.from, &[], facts.setting.calendar);
            let next = stays
                .iter()
                .find(|other| other.state == State::Delayed && other.from > it.from);
            // A notice belongs to the delay before it.
            let own = |day: &&chrono::NaiveDate| {
                **day >= it.from && next.is_none_or(|next| **day < next.from)
            };
            let first = sent.iter().filter(own).min().copied();
            if first.is_none() && facts.today <= due {
                continue;
            }
            let in_time = first.is_some_and(|day| day <= due);
            kept += usize::from(in_time);
            rows.push(vec![
                json!(ticket.id),
                json!(ticket.label()),
                json!(it.from),
                json!(due),
                json!(first),
                json!(if in_time { "yes" } else { "no" }),
            ]);
        }
    }
    Measure {
        figures: vec![Figure::share("sent in time", kept, rows.len())],
        rows,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{moved, on, says, with};
    use super::*;
    use crate::domain::message::Message;

    fn notice(id: &str, sent: &str) -> Message {
        serde_json::from_value(json!({
            "id": "X-1", "kind": "delay-notice", "subject": "s", "body": "b", "about": [id],
            "state": {"state": "sent", "entered": sent, "by": "Alice"},
        }))
        .unwrap()
    }

    #[test]
    fn metric_3_a_ticket_delayed_twice_is_one_and_the_stage_it_left_is_said() {
        with(|facts| {
            facts.tickets = vec![
                moved(
                    "T-1",
                    &[
                        (State::Unverified, "2026-10-01"),
                        (State::Delayed, "2026-11-02"),
                        (State::Unverified, "2026-11-05"),
                        (State::Delayed, "2026-11-20"),
                    ],
                ),
                moved("T-2", &[(State::Verification, "2026-11-20")]),
                moved(
                    "T-3",
                    &[
                        (State::Verification, "2026-10-01"),
                        (State::Rejected, "2026-10-31"),
                    ],
                ),
            ];
            says(
                &DELAYED,
                facts,
                &[
                    "all: 1 of 2, 50 %",
                    "from unverified: 1 of 1, 100 %",
                    "from verification: 0 of 1, 0 %",
                    "from staged rollout: no data",
                ],
            );
            assert_eq!(
                delayed(facts).rows.len(),
                2,
                "metric 3: every entry is a row"
            );
        });
    }

    #[test]
    fn metric_5_a_notice_is_in_time_through_the_next_working_day() {
        with(|facts| {
            // Friday the 13th: the next working day is Monday.
            facts.tickets = vec![moved(
                "T-1",
                &[
                    (State::Unverified, "2026-10-12"),
                    (State::Delayed, "2026-11-13"),
                ],
            )];
            facts.messages = vec![notice("T-1", "2026-11-16")];
            says(&NOTICES, facts, &["sent in time: 1 of 1, 100 %"]);
            facts.messages = vec![notice("T-1", "2026-11-17")];
            says(&NOTICES, facts, &["sent in time: 0 of 1, 0 %"]);
            facts.messages = vec![notice("T-2", "2026-11-13")];
            says(&NOTICES, facts, &["sent in time: 0 of 1, 0 %"]);
            facts.messages.clear();
            facts.today = on("2026-11-16");
            says(&NOTICES, facts, &["sent in time: no data"]);
        });
    }
}
