//! Where a wrong clock is told: the badge of a step, a sentence about a state that was entered in
//! the reader's future, whose clock is ahead, and which records stand in such a state. The reader's
//! now is the real one whatever moment is looked at. `domain::device_clock` is the rule.

use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::board::rows::spoken_time;
use super::{Look, log};
use crate::domain::device_clock::{self, Off, TOLERANCE};
use crate::domain::plain::{and, plain};
use crate::domain::when::When;
use crate::domain::zone::Zone;
use crate::ledger::Live;
use crate::store::{Entry, Reader, RecordRow, Store};
use crate::workspace::refusal::Refusal;

/// How many devices are named whose clocks are ahead.
const DEVICES: usize = 8;

/// A device whose last step lies in the reader's future.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ahead {
    /// Whose it is.
    pub by: String,
    /// The moment that its clock gave the step.
    pub recorded: String,
}

/// How the clock was off by which a step was typed.
pub fn of(look: &Look<'_>, entry: &Entry) -> Result<Option<Off>, Refusal> {
    let applied = &entry.applied;
    let causes = look
        .reader
        .causes_typed(&applied.hash, &applied.commit.deps)?;
    let causes = causes.into_iter().map(instant);
    Ok(device_clock::off(
        instant(entry.recorded),
        causes,
        look.clock,
    ))
}

/// Beyond what a moment can be there is only the future.
fn instant(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Says of a record whose state was entered in the reader's future whose clock was wrong, and what
/// to do about it.
pub fn entered(look: &Look<'_>, row: &RecordRow) -> Result<Option<String>, Refusal> {
    let standing = &row.value()["state"];
    let Some(at) = ahead(standing["entered"].as_str(), look) else {
        return Ok(None);
    };
    let Some((_, entity)) = look.reader.entity(row.kind, &row.id)? else {
        return Ok(None);
    };
    let record = look.reader.live(&entity)?;
    let live = record.fields.get("state").map_or(&[][..], |it| &it.live);
    let wrote = |it: &&Live| it.value["entered"] == standing["entered"];
    let wrote = live.iter().find(wrote).or(live.last());
    let step = match wrote {
        Some(live) => look.reader.commit(&live.order.hash)?,
        None => None,
    };
    let when = spoken_time(&look.zone, at);
    let Some(step) = step else {
        return Ok(Some(format!(
            "its state was entered on {when}, which is yet to come: the clock of a device was wrong"
        )));
    };
    let commit = &step.applied.commit;
    let by = plain(&commit.person).into_owned();
    let who = log::who(&by, commit.on_behalf.as_deref().map(plain).as_deref());
    let digits: String = step.applied.hash.to_string().chars().take(8).collect();
    Ok(Some(format!(
        "{who} entered this state on {when}, which is yet to come: the clock of that device was wrong. Have {by} correct the clock; then take the step back with `relmate undo {digits}` and do it again."
    )))
}

/// The moment in which a state was entered, if it lies in the reader's future.
fn ahead(entered: Option<&str>, look: &Look<'_>) -> Option<DateTime<Utc>> {
    let at = entered?.parse::<When>().ok()?.start(&look.zone);
    device_clock::is_ahead(at, look.clock).then_some(at)
}

/// Whose device gave its last step a moment in the reader's future, each once. Asks each line for
/// its last step only: what was typed before a clock was corrected is found by `records`.
pub fn devices(reader: &Reader<'_>, now: DateTime<Utc>) -> Result<Vec<Ahead>, Refusal> {
    let after = (now + TOLERANCE).timestamp();
    let mut found: Vec<Ahead> = Vec::new();
    for entry in reader.last_typed_after(after, DEVICES)? {
        let commit = entry.applied.commit;
        if !found.iter().any(|it| it.by == commit.person) {
            found.push(Ahead {
                by: commit.person,
                recorded: commit.wall,
            });
        }
    }
    Ok(found)
}

/// "Bob recorded a step on Thu 1 Jan 2099 01:00, which is yet to come: …". It says what time it is
/// here, for the reader whose own clock is the one that is wrong.
pub fn told(ahead: &[Ahead], zone: &Zone, now: DateTime<Utc>) -> Option<String> {
    let step = |it: &Ahead| {
        let when = it.recorded.parse::<When>();
        let when = when.map_or_else(
            |_| it.recorded.clone(),
            |at| spoken_time(zone, at.start(zone)),
        );
        format!("{} recorded a step on {when}", it.by)
    };
    let steps: Vec<String> = ahead.iter().map(step).collect();
    let whose: Vec<&str> = ahead.iter().map(|it| it.by.as_str()).collect();
    if steps.is_empty() {
        return None;
    }
    let clocks = match whose.as_slice() {
        [one] => format!("the clock of that device is ahead. Have {one} correct it"),
        many => format!(
            "the clocks of those devices are ahead. Have {} correct them",
            and(many)
        ),
    };
    let here = spoken_time(zone, now);
    Some(
        plain(&format!(
            "{}, which is yet to come, as it is {here} here: {clocks}; `relmate log` marks the steps, `relmate doctor` names the records that stand in a state from then.",
            and(&steps)
        ))
        .into_owned(),
    )
}

/// The records whose state was entered in the reader's future. Reads every record, for `doctor`.
pub fn records(path: &Path, now: DateTime<Utc>) -> Result<Vec<String>, Refusal> {
    Store::look(path, &mut |reader| {
        Ok(Look::new(reader, now).and_then(|look| of_records(&look)))
    })?
}

fn of_records(look: &Look<'_>) -> Result<Vec<String>, Refusal> {
    // As they are written a day and an instant sort nearly alike; the rule has the last word, and an
    // hour more or less of a zone is a day.
    let from = look.clock - chrono::TimeDelta::days(1);
    let from = from.to_rfc3339_opts(SecondsFormat::Secs, true);
    let mut ids = Vec::new();
    for row in look.reader.entered_after(&from)? {
        if ahead(row.value()["state"]["entered"].as_str(), look).is_some() {
            ids.push(row.id);
        }
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kind::Kind;
    use crate::workspace::action::Action;
    use crate::workspace::fixture::{Desk, claim, key};
    use crate::workspace::look::log::Asked;
    use crate::workspace::look::{board, card, record, why};
    use crate::workspace::pair::{Pair, hand_over};

    const FUTURE: &str = "2031-01-01T09:00:00Z";

    fn comment(id: &str) -> Action {
        let json = serde_json::json!({"do": "comment", "id": id, "text": "x", "private": false});
        serde_json::from_value(json).unwrap()
    }

    fn start(id: &str) -> Action {
        let json = serde_json::json!({"do": "ticket-start", "id": id, "verifier": "Vera"});
        serde_json::from_value(json).unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// Bob's clock is years ahead when he starts T-1, and right again when he comments on T-2; Alice
    /// has both.
    fn ahead_for_a_while() -> Pair {
        let mut pair = Pair::of(Desk::with_tickets());
        let now = pair.bob.now;
        pair.bob.now = at(FUTURE);
        pair.bob(&start("T-1"));
        pair.bob.now = now;
        pair.bob(&comment("T-2"));
        hand_over(&pair.bob, &mut pair.alice);
        pair
    }

    /// The badges of the newest steps, as Alice sees them.
    fn badges(pair: &Pair, steps: usize) -> Vec<Option<Off>> {
        let lines = pair.alice.look(|look| log::log(look, &Asked::default()));
        let lines = lines.unwrap().into_iter().take(steps);
        lines.map(|line| line.device_clock).collect()
    }

    #[test]
    fn a_step_from_the_future_has_a_badge_and_those_after_it_by_a_right_clock_have_none() {
        let mut pair = ahead_for_a_while();
        pair.alice.act(comment("T-1"));
        assert_eq!(badges(&pair, 4), [None, None, Some(Off::Ahead), None]);
        // Once its moment has come nobody can tell.
        pair.alice.now = at(FUTURE);
        assert_eq!(badges(&pair, 3)[2], None);
    }

    #[test]
    fn a_step_before_what_its_author_had_seen_of_another_desk_has_a_badge() {
        let mut pair = Pair::of(Desk::with_tickets());
        pair.alice.now += chrono::TimeDelta::hours(3);
        pair.alice.act(claim("T-1"));
        hand_over(&pair.alice, &mut pair.bob);
        pair.bob(&comment("T-1"));
        pair.bob.now = pair.alice.now;
        pair.bob(&comment("T-1"));
        hand_over(&pair.bob, &mut pair.alice);
        assert_eq!(badges(&pair, 3), [None, Some(Off::Behind), None]);
        let lines = pair.alice.look(|look| log::log(look, &Asked::default()));
        let told = log::who_did_what(&lines.unwrap()[1]);
        assert_eq!(told, "(clock behind a step it follows) Bob: comment");
    }

    #[test]
    fn a_state_from_the_future_says_whose_clock_was_wrong_and_what_to_do() {
        let pair = ahead_for_a_while();
        let row = key(Kind::Ticket, "T-1");
        let told = pair.alice.look(|look| {
            let why = why::why(look, "T-1").unwrap();
            let card = card::card(look, "T-1", false).unwrap();
            assert_eq!(card.device_clock, why.device_clock);
            assert!(why::lines(&why)[0].starts_with("Clock: Bob entered"));
            why.device_clock.unwrap()
        });
        assert!(
            told.starts_with("Bob entered this state on Wed 1 Jan 2031 10:00, which is yet to come: the clock of that device was wrong. Have Bob correct the clock; then take the step back with `relmate undo "),
            "{told}"
        );
        let ask = board::rows::PageAsk {
            key: row,
            what: board::rows::PageKind::Record,
            as_of: Some("2031-06-01".parse().unwrap()),
        };
        let reader = pair.alice.store.reader();
        let look = Look::on(&reader, pair.alice.now, ask.as_of).unwrap();
        let page = format!("{:?}", record::page(&look, &ask).unwrap());
        assert!(page.contains("(clock ahead) Bob: ticket start"), "{page}");
        assert!(page.contains("Have Bob correct the clock"), "{page}");
        let other = pair.alice.look(|look| why::why(look, "T-2").unwrap());
        assert_eq!(other.device_clock, None);
    }

    #[test]
    fn what_is_told_to_do_sets_it_right() {
        let mut pair = ahead_for_a_while();
        let told = pair.alice.look(|look| why::why(look, "T-1").unwrap());
        let told = told.device_clock.unwrap();
        let (_, step) = told.split_once("relmate undo ").unwrap();
        let step = step.get(..8).unwrap();
        pair.alice.act(Action::Undo {
            target: Some(step.to_owned()),
        });
        pair.alice.act(start("T-1"));
        pair.alice.look(|look| {
            assert_eq!(why::why(look, "T-1").unwrap().device_clock, None);
            assert_eq!(of_records(look).unwrap(), Vec::<String>::new());
        });
    }

    #[test]
    fn a_device_is_named_while_its_last_step_is_from_the_future_and_a_record_as_long_as_its_state_is()
     {
        let mut pair = Pair::of(Desk::with_tickets());
        let now = pair.bob.now;
        pair.bob.now = at(FUTURE);
        pair.bob(&start("T-1"));
        hand_over(&pair.bob, &mut pair.alice);
        let named = |pair: &Pair| {
            pair.alice.look(|look| {
                let devices = devices(look.reader, look.clock).unwrap();
                (
                    told(&devices, &look.zone, look.clock),
                    of_records(look).unwrap(),
                )
            })
        };
        let (told, records) = named(&pair);
        let told = told.unwrap();
        assert!(
            told.starts_with("Bob recorded a step on Wed 1 Jan 2031 10:00, which is yet to come, as it is Sat 21 Nov 2026 09:14 here: the clock of that device is ahead. Have Bob correct it;"),
            "{told}"
        );
        assert_eq!(records, ["T-1"]);
        pair.bob.now = now;
        pair.bob(&comment("T-2"));
        hand_over(&pair.bob, &mut pair.alice);
        assert_eq!(named(&pair), (None, vec!["T-1".to_owned()]));
    }
}
