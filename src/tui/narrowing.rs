//! How a pane is narrowed, sorted and given columns by its user: the line for the filter,
//! the lists to pick from. The rows themselves come from the desk.

use super::command::Ready;
use super::effect::Effect;
use super::model::Model;
use super::overlay::Overlay;
use super::overlay::filter::Filter;
use super::overlay::picker::{Item, Pick, Picker, What};
use crate::domain::field::fields;
use crate::domain::kind::Kind;
use crate::workspace::look::board;
use crate::workspace::look::board::rows::{Pane, Sort, SortBy};

/// Whether the pane's order can be chosen: what needs a human and a schedule have their own.
pub(super) const SORTABLE: Ready = |model| sorts(model.panes.focus);

pub(super) fn sorts(pane: Pane) -> Result<(), &'static str> {
    match pane {
        Pane::Attention => Err("what needs a human is sorted by how urgent it is"),
        Pane::Schedule => Err("a schedule is sorted by its dates"),
        _ => Ok(()),
    }
}

/// The kind whose fields can be columns of a pane.
pub(super) fn kind(pane: Pane) -> Option<Kind> {
    match board::kinds(pane) {
        [kind] => Some(*kind),
        _ => None,
    }
}

fn item(text: &str, more: &str, pick: Pick) -> Item {
    Item {
        text: text.to_owned(),
        more: more.to_owned(),
        keys: String::new(),
        not_now: None,
        pick,
    }
}

impl Model {
    /// Opens the line in which a filter is typed.
    pub(super) fn type_filter(&mut self) -> Vec<Effect> {
        let filter = Filter::new(self.list().filter());
        self.open(Overlay::Filter(Box::new(filter)));
        Vec::new()
    }

    /// The filter's text is another one: the pane follows.
    pub(super) fn filter_typed(&mut self) {
        if let Some(Overlay::Filter(filter)) = self.overlays.last() {
            let text = filter.field.text();
            if !text.trim().is_empty() {
                self.panes.sought.clone_from(&text);
            }
            self.list_mut().set_filter(&text);
        }
    }

    /// What is known of the rows stands beside the filter.
    pub(super) fn filter_told(&mut self) {
        let list = self.list();
        let note = match (list.note(), list.matches()) {
            (Some(note), _) => note.to_owned(),
            (None, Some(1)) => "1 row".to_owned(),
            (None, Some(n)) => format!("{n} rows"),
            (None, None) => {
                let key = |name: &str| self.keys.map.spoken(name);
                format!(
                    "{} keeps, {} clears",
                    key("filter-keep"),
                    key("filter-clear")
                )
            }
        };
        if let Some(Overlay::Filter(filter)) = self.overlays.last_mut() {
            filter.note = note;
        }
    }

    /// The next row that has what was sought last, or the one before.
    pub(super) fn next_match(&mut self, step: i64) -> Vec<Effect> {
        if self.panes.sought.trim().is_empty() {
            let key = self.keys.map.spoken("filter");
            self.complain(format!("Nothing was sought yet; {key} begins."));
            return Vec::new();
        }
        if self.list().filter().is_empty() {
            let sought = self.panes.sought.clone();
            self.list_mut().set_filter(&sought);
            let key = self.keys.map.spoken("normal");
            self.say(format!(
                "Narrowed to {sought:?} again; {key} shows all rows."
            ));
        } else {
            self.list_mut().step(step);
        }
        Vec::new()
    }

    /// What the pane can be sorted by.
    pub(super) fn choose_sort(&mut self) -> Vec<Effect> {
        let now = self.list().sort();
        let items = SortBy::ALL.into_iter().map(|by| {
            let backwards = now.by == by && !now.backwards;
            let more = match (now.by == by, now.backwards) {
                (true, false) => "as it is; once more turns it round",
                (true, true) => "as it is, backwards; once more turns it back",
                (false, _) => "",
            };
            item(by.word(), more, Pick::Sort(Sort { by, backwards }))
        });
        let picker = Picker::new("Sort by", What::Ask, items.collect());
        self.open(Overlay::Picker(Box::new(picker)));
        Vec::new()
    }

    pub(super) fn sort(&mut self, sort: Sort) {
        self.list_mut().set_sort(sort);
    }

    /// The fields that can stand in columns of their own.
    pub(super) fn choose_columns(&mut self) -> Vec<Effect> {
        let Some(kind) = kind(self.panes.focus) else {
            self.complain("This pane has no columns to choose.");
            return Vec::new();
        };
        let shown = self.list().columns().to_vec();
        let items = fields(kind).iter().map(|field| {
            let on = if shown.contains(&field.name) {
                "[x]"
            } else {
                "[ ]"
            };
            item(
                field.name,
                &format!("{on} {}", field.label),
                Pick::Column(field.name),
            )
        });
        let picker = Picker::new(
            "Columns beside the usual ones, where the pane is zoomed",
            What::Ask,
            items.collect(),
        );
        self.open(Overlay::Picker(Box::new(picker)));
        Vec::new()
    }

    pub(super) fn toggle_column(&mut self, name: &'static str) {
        let mut columns = self.list().columns().to_vec();
        if let Some(place) = columns.iter().position(|column| *column == name) {
            columns.remove(place);
            self.say(format!("{name} is no column any more."));
        } else {
            columns.push(name);
            let key = self.keys.map.spoken("zoom");
            self.say(format!(
                "{name} stands in a column of its own; {key} zooms the pane."
            ));
        }
        self.list_mut().set_columns(columns);
    }
}
