//! What somebody else changed since a person last looked: the records, the latest first, and who
//! changed each. Follows the log back from its end for a bounded number of steps, and looks up
//! only what those touched. It goes by receipt, so what arrives late is seen (SYNC.md 3.9).

use std::collections::BTreeSet;

use super::Look;
use super::board::rows::Key;
use crate::domain::kind::Kind;
use crate::domain::plain::plain;
use crate::workspace::looked::Looked;
use crate::workspace::refusal::Refusal;

/// How many steps are followed back, and how many records are named.
pub const MOST: usize = 2_000;

/// What is new to somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// How far the desk is read by now.
    pub reached: Looked,
    /// Each record once, the latest first.
    pub items: Vec<Item>,
    /// There is more than was followed back.
    pub beyond: bool,
}

/// A record that somebody else changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub key: Key,
    /// Who changed it last, of the others.
    pub by: String,
    /// It waits on a human.
    pub duty: bool,
}

/// What others changed after `looked`; nothing is new to whoever looks for the first time.
pub fn news(look: &Look<'_>, looked: Option<&Looked>, who: Option<&str>) -> Result<News, Refusal> {
    let mut news = News::default();
    let Some((num, hash)) = look.reader.received_last()? else {
        return Ok(news);
    };
    news.reached = Looked {
        step: num,
        commit: hash.to_string(),
        at: look.now.timestamp(),
    };
    let Some(looked) = looked else {
        return Ok(news);
    };
    let from = start(look, looked)?;
    if from >= num {
        return Ok(news);
    }
    let mut steps = 0;
    let mut seen = BTreeSet::new();
    let mut touched = Vec::new();
    look.reader.each_after(from, MOST + 1, &mut |entry| {
        steps += 1;
        let commit = entry.applied.commit;
        let mine = who.is_some_and(|who| who.eq_ignore_ascii_case(&commit.person));
        if steps > MOST || mine {
            return;
        }
        for entity in commit.entities {
            if seen.len() <= MOST && seen.insert(entity.clone()) {
                touched.push((entity, commit.person.clone()));
            }
        }
    })?;
    news.beyond = steps > MOST || touched.len() > MOST;
    for (entity, by) in touched.into_iter().take(MOST) {
        // What is off the desk by now has no row to be marked; the history has it.
        let Some((kind, id, duty)) = look.reader.stands_as(&entity, look.today)? else {
            continue;
        };
        if kind != Kind::Desk {
            news.items.push(Item {
                key: Key { kind, id },
                by: plain(&by).into_owned(),
                duty,
            });
        }
    }
    Ok(news)
}

/// The step after which everything is new to whoever has looked so far.
pub fn start(look: &Look<'_>, looked: &Looked) -> Result<i64, Refusal> {
    let place = (looked.step, looked.commit.as_str());
    Ok(look.reader.stood_at(place, looked.at)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::action::Action;
    use crate::workspace::fixture::{Desk, claim};
    use crate::workspace::look::log::{self, Asked};
    use crate::workspace::pair::{Pair, hand_over};

    fn comment(id: &str) -> Action {
        let json = serde_json::json!({"do": "comment", "id": id, "text": "x", "private": false});
        serde_json::from_value(json).unwrap()
    }

    fn of(desk: &Desk, looked: Option<&Looked>) -> News {
        let reader = desk.store.reader();
        let look = Look::new(&reader, desk.now).unwrap();
        news(&look, looked, Some("Alice")).unwrap()
    }

    fn ids(news: &News) -> Vec<(&str, &str)> {
        let items = news.items.iter();
        items
            .map(|item| (item.key.id.as_str(), item.by.as_str()))
            .collect()
    }

    #[test]
    fn what_somebody_else_did_is_new_when_it_arrives_however_early_it_was_done() {
        let mut pair = Pair::of(Desk::with_tickets());
        pair.bob(&comment("T-1"));
        pair.alice.now += chrono::TimeDelta::days(3);
        let looked = of(&pair.alice, None).reached;
        assert!(of(&pair.alice, Some(&looked)).items.is_empty());
        pair.alice.act(claim("T-2"));
        assert!(of(&pair.alice, Some(&looked)).items.is_empty(), "my own");
        hand_over(&pair.bob, &mut pair.alice);
        let news = of(&pair.alice, Some(&looked));
        assert_eq!(ids(&news), [("T-1", "Bob")]);
        assert!(!news.beyond);
        let seen = news.reached;
        assert!(of(&pair.alice, Some(&seen)).items.is_empty());
    }

    #[test]
    fn where_another_step_has_the_number_by_now_the_moment_of_the_last_look_counts() {
        let mut pair = Pair::of(Desk::with_tickets());
        let looked = Looked {
            step: 1_000,
            ..of(&pair.alice, None).reached
        };
        pair.bob(&comment("T-2"));
        pair.alice.now += chrono::TimeDelta::hours(1);
        hand_over(&pair.bob, &mut pair.alice);
        let news = of(&pair.alice, Some(&looked));
        assert_eq!(ids(&news), [("T-2", "Bob")]);
    }

    #[test]
    fn the_history_since_the_last_look_is_what_was_received_since() {
        let mut pair = Pair::of(Desk::with_tickets());
        let looked = of(&pair.alice, None).reached;
        pair.bob(&comment("T-1"));
        pair.alice.act(claim("T-2"));
        hand_over(&pair.bob, &mut pair.alice);
        let reader = pair.alice.store.reader();
        let look = Look::new(&reader, pair.alice.now).unwrap();
        let told = |id: Option<&str>| -> Vec<String> {
            let asked = Asked {
                id: id.map(str::to_owned),
                looked: Some(looked.clone()),
                ..Asked::default()
            };
            let lines = log::log(&look, &asked).unwrap();
            lines.into_iter().map(|line| line.action).collect()
        };
        assert_eq!(told(None), ["comment", "claim"]);
        assert_eq!(told(Some("T-1")), ["comment"]);
    }
}
