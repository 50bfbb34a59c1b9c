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
