//! Looking at the desk as of a day to come: its records are today's, its clocks are that
//! day's. Nothing can be done there; what is done is done today.

use chrono::NaiveDate;

use super::effect::Effect;
use super::header::Lines;
use super::model::Model;
use super::overlay::Overlay;
use super::overlay::picker::{Item, Pick, Picker, What};
use crate::domain::calendar::{add_days, spoken};
use crate::domain::when::{Reference, When};
use crate::workspace::look::board::rows::{Cells, Header, Pane};

/// Why nothing is done while another day is looked at.
pub(super) const NOT_TODAY: &str = "another day is looked at; come back to today first";

/// Days that are offered, and how far they are.
const OFFERED: [(&str, i64); 5] = [
    ("tomorrow", 1),
    ("in a week", 7),
    ("in two weeks", 14),
    ("in four weeks", 28),
    ("in a quarter", 91),
];

/// Puts the day into every question that is on its way.
pub(super) fn seen_at(day: Option<NaiveDate>, effects: &mut [Effect]) {
    for effect in effects {
        match effect {
            Effect::Load(ask) => ask.as_of = day,
            Effect::Count(ask) => ask.as_of = day,
            Effect::Open(ask) => ask.as_of = day,
            _ => {}
        }
    }
}

impl Model {
    /// Asks which day.
    pub(super) fn choose_day(&mut self) -> Vec<Effect> {
        let mut picker = Picker::new("Look at the desk as of", What::Days, Vec::new());
        picker.take(self.days(""));
        self.open(Overlay::Picker(Box::new(picker)));
        Vec::new()
    }

    /// The day that is typed, or those that are offered.
    pub(super) fn days_typed(&mut self) {
        let Some(Overlay::Picker(picker)) = self.overlays.last() else {
            return;
        };
        let items = self.days(&picker.field.text());
        if let Some(Overlay::Picker(picker)) = self.overlays.last_mut() {
            picker.take(items);
        }
    }

    fn today(&self, header: &Header) -> NaiveDate {
        header.zone.day(self.now)
    }

    fn days(&self, typed: &str) -> Vec<Item> {
        let Some(header) = &self.header else {
            return Vec::new();
        };
        let today = self.today(header);
        let item = |text: &str, more: String, day: Option<NaiveDate>| Item {
            text: text.to_owned(),
            more,
            keys: String::new(),
            not_now: day
                .filter(|day| *day <= today)
                .map(|_| "it is not to come; the shell's --as-of looks back".to_owned()),
            pick: day.map_or(Pick::Nothing, |day| Pick::Day((day > today).then_some(day))),
        };
        if !typed.trim().is_empty() {
            let reference = Reference {
                now: self.now,
                zone: &header.zone,
                calendar: &header.calendar,
            };
            return vec![match When::parse_explained(typed, &reference) {
                Ok((when, said)) => item(typed.trim(), said, Some(when.day(&header.zone))),
                Err(error) => item(typed.trim(), error.message, None),
            }];
        }
        let mut items = Vec::new();
        if self.as_of.is_some() {
            items.push(Item {
                pick: Pick::Day(None),
                ..item("today", spoken(today), None)
            });
        }
        let gates = self.panes.lists[Pane::Schedule as usize].rows.iter();
        let next = gates.filter_map(|row| match &row.cells {
            Cells::Milestone(gate) => Some((&gate.code, &gate.name, gate.day?)),
            _ => None,
        });
        let offered = OFFERED.map(|(text, days)| {
            let day = add_days(today, days);
            item(text, spoken(day), Some(day))
        });
        items.extend(offered);
        for (code, name, day) in next.filter(|(_, _, day)| *day > today).take(9) {
            items.push(item(code, format!("{name}, {}", spoken(day)), Some(day)));
        }
        items
    }

    /// Looks at another day, or at today again.
    pub(super) fn look_at(&mut self, day: Option<NaiveDate>) -> Vec<Effect> {
        if self.as_of == day {
            return Vec::new();
        }
        self.as_of = day;
        self.lines = Lines::of(self);
        let key = self.keys.map.spoken("normal");
        match day {
            Some(day) => self.say(format!(
                "Today's records with the clocks of {}; {key} comes back.",
                spoken(day)
            )),
            None => self.say("Today again."),
        }
        self.reload()
    }
}
