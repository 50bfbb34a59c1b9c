//! Moving a milestone with + and −: the day moves on the timeline, and what hangs on it
//! moves along, before anything is recorded. Accepted, it is the form of a move.

use chrono::NaiveDate;

use super::command::Ready;
use super::effect::{Doing, Effect};
use super::model::Model;
use super::talk;
use crate::domain::calendar::{add_days, spoken};
use crate::workspace::deed::{Deed, Filled};
use crate::workspace::look::board::rows::{Cells, Key, Pane};
use crate::workspace::receipt::Receipt;
use crate::workspace::refusal::Refusal;

/// What does it.
const DEED: &str = "milestone move";

/// A milestone that is being moved, and what would move with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nudge {
    pub key: Key,
    /// The day it would be on.
    pub to: NaiveDate,
}

/// Whether a milestone with a day is selected, that may be moved.
pub(super) const ON_A_DAY: Ready = |model| {
    const WRITABLE: Ready = Model::writable;
    WRITABLE(model)?;
    match model.selected_day() {
        Some(_) => Ok(()),
        None => Err("no milestone with a date is selected"),
    }
};

impl Model {
    /// The selected milestone and its day.
    fn selected_day(&self) -> Option<(Key, NaiveDate)> {
        let list = &self.panes.lists[Pane::Schedule as usize];
        let row = (self.panes.focus == Pane::Schedule).then(|| list.rows.get(list.cursor))??;
        match &row.cells {
            Cells::Milestone(gate) => Some((row.key.clone(), gate.day?)),
            _ => None,
        }
    }

    /// Moves the selected milestone by some days, to be looked at.
    pub(super) fn nudge(&mut self, days: i64) -> Vec<Effect> {
        let (Some((key, day)), Some(deed)) = (self.selected_day(), Deed::named(DEED)) else {
            return Vec::new();
        };
        let from = match &self.panes.nudge {
            Some(nudge) if nudge.key == key => nudge.to,
            _ => day,
        };
        let to = add_days(from, days);
        self.panes.moves = vec![(key.id.clone(), to)];
        self.panes.nudge = Some(Nudge {
            key: key.clone(),
            to,
        });
        vec![Effect::Preview(Doing {
            form: None,
            deed,
            subjects: vec![key],
            filled: Filled::default().with("to", to.to_string()),
            seen: None,
        })]
    }

    /// The desk says what would move.
    pub(super) fn nudged(&mut self, doing: &Doing, answer: Result<Box<Receipt>, Refusal>) {
        let Some(nudge) = &mut self.panes.nudge else {
            return;
        };
        // An answer about a day that one has gone past already.
        if doing.filled.one("to") != Some(nudge.to.to_string().as_str()) {
            return;
        }
        let receipt = match answer {
            Ok(receipt) => receipt,
            Err(refusal) => {
                self.drop_nudge();
                self.complain(talk::sentence(&refusal));
                return;
            }
        };
        let lines = receipt.moves.iter().filter(|line| line.by_days != 0);
        let day = |text: &str| text.get(..10)?.parse::<NaiveDate>().ok();
        let moves: Vec<_> = lines
            .clone()
            .filter_map(|line| Some((line.id.clone(), day(line.to.as_deref()?)?)))
            .collect();
        let along: Vec<String> = lines
            .filter(|line| line.id != nudge.key.id)
            .map(|line| format!("{} {:+} d", line.code, line.by_days))
            .collect();
        let along = match along.as_slice() {
            [] => "nothing moves along".to_owned(),
            codes => format!("along move {}", codes.join(", ")),
        };
        let key = |name: &str| self.keys.map.spoken(name);
        let text = format!(
            "{} to {}: {along}. {} accepts, {} leaves.",
            nudge.key.id,
            spoken(nudge.to),
            key("do"),
            key("normal")
        );
        if !moves.is_empty() {
            self.panes.moves = moves;
        }
        self.say(text);
    }

    /// Opens the form of the move, with the day that is on the timeline.
    pub(super) fn accept_nudge(&mut self) -> Option<Vec<Effect>> {
        let nudge = self.panes.nudge.take()?;
        self.panes.moves.clear();
        // Only where it is seen.
        if self.panes.focus != Pane::Schedule || self.list().selected() != Some(&nudge.key) {
            return None;
        }
        let deed = Deed::named(DEED)?;
        let given = Filled::default().with("to", nudge.to.to_string());
        Some(self.begin_on(deed, vec![nudge.key], given))
    }

    /// Forgets a move that was only looked at; false if there was none.
    pub(super) fn drop_nudge(&mut self) -> bool {
        self.panes.moves.clear();
        self.panes.nudge.take().is_some()
    }

    /// However a move that was looked at has ended, the desk is let go of. `before` says
    /// whether there was one before these effects.
    pub(super) fn nudge_left(&self, before: bool, effects: &[Effect]) -> Option<Effect> {
        let looks = |effect: &Effect| matches!(effect, Effect::Preview(it) if it.form.is_none());
        let ended = self.panes.nudge.is_none() && (before || effects.iter().any(looks));
        ended.then_some(Effect::Rest)
    }
}
