//! What others changed since the person last looked: which rows are marked, the line at the foot
//! of each pane, the key that goes from one to the next. Knows what the desk said; how far the
//! person has looked is written down by `remembered`.

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use unicode_width::UnicodeWidthStr;

use super::effect::Effect;
use super::model::Model;
use super::overlay::Overlay;
use super::overlay::picker::{Item, Pick, Picker, What};
use crate::domain::zone::Zone;
use crate::workspace::look::board;
use crate::workspace::look::board::rows::{Key, Pane};
use crate::workspace::look::news::{MOST, News};
use crate::workspace::looked::Looked;

/// How far the person has looked, and what is new since.
#[derive(Debug, Default)]
pub struct Since {
    /// Where they last looked; none until the desk was read for the first time.
    looked: Option<Looked>,
    news: News,
    /// How often they said that they have seen it all.
    said: u64,
    /// The lines of the panes, the whole one first; none where nothing is new.
    lines: [Vec<String>; Pane::COUNT],
}

impl Since {
    /// Begins where the person was the last time.
    pub fn begin(&mut self, looked: Option<Looked>) {
        self.looked = looked;
    }

    pub fn looked(&self) -> Option<&Looked> {
        self.looked.as_ref()
    }

    /// How far the desk has been read, where it has been.
    pub fn reached(&self) -> Option<&Looked> {
        Some(&self.news.reached).filter(|it| !it.commit.is_empty())
    }

    pub fn said(&self) -> u64 {
        self.said
    }

    /// Whether somebody else changed a record.
    pub fn is_new(&self, key: &Key) -> bool {
        self.by(key).is_some()
    }

    /// Who changed a record last, of the others.
    pub fn by(&self, key: &Key) -> Option<&str> {
        let mut items = self.news.items.iter();
        items
            .find(|item| item.key == *key)
            .map(|item| item.by.as_str())
    }

    /// The longest line of a pane that fits.
    pub fn line(&self, pane: Pane, room: u16) -> Option<&str> {
        let mut lines = self.lines[pane as usize].iter();
        lines
            .find(|line| line.width() <= usize::from(room))
            .map(String::as_str)
    }

    /// The desk says what is new.
    fn take(&mut self, news: News, zone: &Zone) {
        if self.looked.is_none() {
            self.looked = Some(news.reached.clone()).filter(|it| !it.commit.is_empty());
        }
        self.news = news;
        let at = self.looked.as_ref().map_or(0, |looked| looked.at);
        let now = self.news.reached.at;
        let when = spoken(zone, at, now);
        self.lines = Pane::ALL.map(|pane| self.told(pane, &when));
    }

    /// "3 changed since you last looked, Tue 18:02: Bob 2, Carol 1", and shorter.
    fn told(&self, pane: Pane, when: &str) -> Vec<String> {
        let mut people: Vec<(&str, usize)> = Vec::new();
        for item in self.news.items.iter().filter(|item| item.is_in(pane)) {
            match people.iter_mut().find(|(name, _)| *name == item.by) {
                Some((_, count)) => *count += 1,
                None => people.push((&item.by, 1)),
            }
        }
        let all: usize = people.iter().map(|(_, count)| count).sum();
        if all == 0 {
            return Vec::new();
        }
        // Those who changed most first; of two alike the latest.
        people.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let people: Vec<String> = people
            .iter()
            .map(|(name, count)| format!("{name} {count}"))
            .collect();
        let count = if self.news.beyond {
            format!("more than {all} changed")
        } else {
            format!("{all} changed")
        };
        vec![
            format!(
                "{count} since you last looked, {when}: {}",
                people.join(", ")
            ),
            format!("{count} since you last looked, {when}"),
            format!("{count} since {when}"),
            count,
        ]
    }
}

/// What belongs into a pane.
trait InPane {
    fn is_in(&self, pane: Pane) -> bool;
}

impl InPane for crate::workspace::look::news::Item {
    fn is_in(&self, pane: Pane) -> bool {
        match pane {
            Pane::Attention => self.duty,
            _ => board::kinds(pane).contains(&self.key.kind),
        }
    }
}

/// "Tue 18:02" within a week, else with the day.
fn spoken(zone: &Zone, at: i64, now: i64) -> String {
    let Some(then) = DateTime::<Utc>::from_timestamp(at, 0) else {
        return String::new();
    };
    let (then, now) = (
        then,
        DateTime::<Utc>::from_timestamp(now, 0).unwrap_or(then),
    );
    let (local, today) = (zone.local(then), zone.local(now));
    let format = if now - then < TimeDelta::days(6) {
        "%a %H:%M"
    } else if local.year() == today.year() {
        "%-d %b %H:%M"
    } else {
        "%-d %b %Y"
    };
    local.format(format).to_string()
}

impl Model {
    /// The desk says what is new; comes with the header.
    pub(super) fn take_news(&mut self, news: News) {
        if let Some(header) = &self.header {
            self.since.take(news, &header.zone);
        }
        self.foot_lines();
    }

    /// Goes to the next row that somebody else changed: in the pane, then in the panes beside
    /// it; where none of them has one in sight, lists them all.
    pub(super) fn next_new(&mut self) -> Vec<Effect> {
        if self.nothing_new() {
            return Vec::new();
        }
        if self.board_shown().is_none() {
            let list = self.list();
            let rows = list.rows.iter().enumerate();
            let new: Vec<usize> = rows
                .filter(|(_, row)| self.since.is_new(&row.key))
                .map(|(index, _)| index)
                .collect();
            let next = new.iter().find(|index| **index > list.cursor);
            if let Some(index) = next.copied() {
                self.list_mut().pick(index);
                return Vec::new();
            }
            let here = self.panes.focus;
            let beside = (1..Pane::GRID.len()).map(|by| {
                let from = Pane::GRID
                    .iter()
                    .position(|pane| *pane == here)
                    .unwrap_or(0);
                Pane::GRID[(from + by) % Pane::GRID.len()]
            });
            for pane in beside.filter(|_| here.in_grid()) {
                let list = &self.panes.lists[pane as usize];
                let mut rows = list.rows.iter();
                let first = rows.position(|row| list.shown() && self.since.is_new(&row.key));
                if let Some(index) = first {
                    self.panes.focus = pane;
                    self.list_mut().pick(index);
                    return Vec::new();
                }
            }
            if let Some(first) = new.first().copied() {
                self.list_mut().pick(first);
                return Vec::new();
            }
        }
        self.list_new()
    }

    /// Lists every record that somebody else changed, the latest first.
    pub(super) fn list_new(&mut self) -> Vec<Effect> {
        if self.nothing_new() {
            return Vec::new();
        }
        let items = self.since.news.items.iter().map(|item| Item {
            text: item.key.id.clone(),
            more: format!("{}, changed by {}", item.key.kind.word(), item.by),
            keys: String::new(),
            not_now: None,
            pick: Pick::Record(item.key.clone()),
        });
        let mut title = "Changed since you last looked".to_owned();
        if self.since.news.beyond {
            title = format!("{title}, of the last {MOST} steps");
        }
        let picker = Picker::new(title, What::Ask, items.collect());
        self.open(Overlay::Picker(Box::new(picker)));
        Vec::new()
    }

    /// The person says that they have seen it all.
    pub(super) fn seen_all(&mut self) -> Vec<Effect> {
        let Some(reached) = self.since.reached().cloned() else {
            return Vec::new();
        };
        let at = self.now.timestamp();
        self.since.looked = Some(Looked {
            at,
            ..reached.clone()
        });
        self.since.news = News {
            reached,
            ..News::default()
        };
        self.since.lines = Default::default();
        self.since.said += 1;
        self.foot_lines();
        self.say("Seen. What others change from now on is marked.");
        Vec::new()
    }

    /// A pane has a line for it only where something is new.
    fn foot_lines(&mut self) {
        for list in &mut self.panes.lists {
            list.foot = u16::from(!self.since.lines[list.pane() as usize].is_empty());
        }
    }

    fn nothing_new(&mut self) -> bool {
        let none = self.since.news.items.is_empty();
        if none {
            self.say("Nobody else changed anything since you last looked.");
        }
        none
    }
}
