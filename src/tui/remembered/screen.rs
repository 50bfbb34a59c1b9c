//! `screen.toml`: where one was and how the panes stood, as a text and back. Knows no
//! file; what it does not know it leaves out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::field::fields;
use crate::tui::model::{Model, Zoom};
use crate::tui::narrowing::{kind, sorts};
use crate::tui::pane::list::List;
use crate::tui::theme::{NAMES, Theme};
use crate::workspace::look::board::rows::{Pane, Sort, SortBy};

/// The form of the file. A newer one is left alone.
const VERSION: u32 = 1;

const HEAD: &str = "\
# What the screen of relmate remembers of one desk. The screen writes it when it is left;
# removing it does no harm. What you want always belongs into the configuration.
";

/// What is remembered. What is not there stands as it does on the first day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    version: u32,
    /// The desk's file, so that no other desk's memory is taken for this one's.
    desk: String,
    focus: Option<String>,
    zoom: Option<String>,
    /// The queue stands as a board.
    board: Option<bool>,
    /// Only where it is other than the configuration has it.
    mouse: Option<bool>,
    theme: Option<String>,
    /// The theme that it was chosen instead of. Where another one is asked for by now, that
    /// one is meant.
    instead_of: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    panes: BTreeMap<String, Narrowed>,
}

/// How a pane is narrowed, sorted and shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Narrowed {
    /// `due`, or `-due` for backwards.
    sort: Option<String>,
    filter: Option<String>,
    /// Fields apart by commas.
    columns: Option<String>,
}

/// What the options and the configuration say, before anything is remembered.
pub struct Usual {
    mouse: bool,
    theme: Theme,
}

impl Usual {
    pub fn of(model: &Model) -> Self {
        Self {
            mouse: model.user.mouse,
            theme: model.theme,
        }
    }
}

/// Reads a memory of this desk, or says why not, as a clause.
pub fn read(text: &str, desk: &str) -> Result<Screen, String> {
    let damaged = |error: toml::de::Error| format!("it is damaged, {}", error.message());
    let table: toml::Table = toml::from_str(text).map_err(damaged)?;
    match table.get("version").and_then(toml::Value::as_integer) {
        Some(version) if version == i64::from(VERSION) => {}
        Some(version) => return Err(format!("it is of version {version}")),
        None => return Err("it is no such file".to_owned()),
    }
    let screen: Screen = toml::from_str(text).map_err(damaged)?;
    if screen.desk == desk {
        Ok(screen)
    } else {
        Err("it is of another desk".to_owned())
    }
}

/// The whole text.
pub fn write(screen: &Screen) -> String {
    // Texts, numbers and tables of texts: there is nothing that TOML cannot say.
    format!("{HEAD}{}", toml::to_string(screen).unwrap_or_default())
}

impl Screen {
    /// Nothing is known of this desk yet.
    pub fn of_desk(desk: &str) -> Self {
        Self {
            version: VERSION,
            desk: desk.to_owned(),
            ..Self::default()
        }
    }

    /// What is to be remembered now. What nobody has changed here stays as it was read.
    #[must_use]
    pub fn now(&self, model: &Model, usual: &Usual) -> Self {
        let panes = &model.panes;
        let narrowed = panes.lists.iter().filter_map(|list| {
            let narrowed = Narrowed::of(list);
            (narrowed != Narrowed::default()).then(|| (pane_word(list.pane()).to_owned(), narrowed))
        });
        Self {
            focus: (panes.focus != Pane::Attention).then(|| pane_word(panes.focus).to_owned()),
            zoom: (panes.zoom != Zoom::Normal).then(|| zoom_word(panes.zoom).to_owned()),
            board: panes.board.is_some().then_some(true),
            mouse: (model.user.mouse != usual.mouse).then_some(model.user.mouse),
            panes: narrowed.collect(),
            ..self.with_theme(model.theme, usual.theme)
        }
    }

    /// A theme that was chosen here is remembered; else what was known of one stays.
    fn with_theme(&self, theme: Theme, usual: Theme) -> Self {
        let known = self.theme(usual).unwrap_or(usual);
        let (theme, instead_of) = if theme.name() == known.name() {
            (self.theme.clone(), self.instead_of.clone())
        } else if theme.name() == usual.name() {
            (None, None)
        } else {
            let name = |theme: Theme| Some(theme.name().to_owned());
            (name(theme), name(usual))
        };
        Self {
            theme,
            instead_of,
            ..self.clone()
        }
    }

    /// The theme that is remembered, if the same one as then is asked for and it is there.
    fn theme(&self, usual: Theme) -> Option<Theme> {
        let wanted = self.theme.as_deref()?;
        if self.instead_of.as_deref() != Some(usual.name()) {
            return None;
        }
        let all = std::iter::successors(Some(usual), |theme| theme.next());
        // A user's own theme comes by as well.
        all.take(NAMES.len() + 1)
            .find(|theme| theme.name() == wanted)
    }

    /// Puts the screen back where it was.
    pub fn apply(&self, model: &mut Model) {
        let pane = |word: &str| Pane::ALL.into_iter().find(|it| pane_word(*it) == word);
        if let Some(focus) = self.focus.as_deref().and_then(pane) {
            model.panes.focus = focus;
        }
        let zoom = |word: &str| ZOOMS.into_iter().find(|it| zoom_word(*it) == word);
        if let Some(zoom) = self.zoom.as_deref().and_then(zoom) {
            model.panes.zoom = zoom;
        }
        if self.board == Some(true) && model.panes.board.is_none() {
            model.toggle_board();
        }
        if let Some(mouse) = self.mouse {
            model.user.mouse = mouse;
        }
        if let Some(theme) = self.theme(model.theme) {
            model.theme = theme;
        }
        for (word, narrowed) in &self.panes {
            if let Some(pane) = pane(word) {
                narrowed.apply(&mut model.panes.lists[pane as usize]);
            }
        }
    }
}

impl Narrowed {
    fn of(list: &List) -> Self {
        let some = |text: String| (!text.is_empty()).then_some(text);
        let Sort { by, backwards } = list.sort();
        let minus = if backwards { "-" } else { "" };
        Self {
            sort: (list.sort() != Sort::default()).then(|| format!("{minus}{}", by.word())),
            filter: some(list.filter().to_owned()),
            columns: some(list.columns().join(",")),
        }
    }

    fn apply(&self, list: &mut List) {
        let pane = list.pane();
        if let Some(sort) = &self.sort
            && sorts(pane).is_ok()
        {
            let (backwards, word) = match sort.strip_prefix('-') {
                Some(word) => (true, word),
                None => (false, sort.as_str()),
            };
            let by = SortBy::ALL.into_iter().find(|by| by.word() == word);
            if let Some(by) = by {
                list.set_sort(Sort { by, backwards });
            }
        }
        if let Some(filter) = &self.filter {
            list.set_filter(filter);
        }
        if let (Some(columns), Some(kind)) = (&self.columns, kind(pane)) {
            let known = |name: &str| fields(kind).iter().find(|field| field.name == name);
            let columns = columns.split(',').filter_map(known);
            list.set_columns(columns.map(|field| field.name).collect());
        }
    }
}

const ZOOMS: [Zoom; 3] = [Zoom::Normal, Zoom::Wide, Zoom::Full];

fn zoom_word(zoom: Zoom) -> &'static str {
    match zoom {
        Zoom::Normal => "normal",
        Zoom::Wide => "wide",
        Zoom::Full => "full",
    }
}

/// A pane's word in the file; it is the name of the command that goes there.
fn pane_word(pane: Pane) -> &'static str {
    match pane {
        Pane::Attention => "attention",
        Pane::Schedule => "schedule",
        Pane::Queue => "queue",
        Pane::Sites => "sites",
        Pane::Retro => "retro",
        Pane::Outbox => "outbox",
        Pane::Submissions => "submissions",
        Pane::Products => "products",
        Pane::People => "people",
        Pane::Cycles => "cycles",
        Pane::Announcements => "announcements",
        Pane::Problems => "problems",
        Pane::Releases => "releases",
    }
}
