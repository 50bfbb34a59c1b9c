//! What opens over the panes and what closes: records, lists to pick from, links. The
//! deeds themselves are begun in `doing`.

use super::command::{self, Command, Do, PREFIXES, Scope};
use super::effect::{Effect, FillAsk, Next};
use super::model::Model;
use super::overlay::Overlay;
use super::overlay::page::Sheet;
use super::overlay::picker::{Item, Pick, Picker, What};
use super::overlay::record::RecordView;
use super::overlay::welcome;
use super::talk;
use crate::workspace::deed::{self, Deed, Filled};
use crate::workspace::look::board::rows::{Act, Key, Page, PageAsk, PageKind};
use crate::workspace::look::find::Hit;
use crate::workspace::look::steps::Step;
use crate::workspace::refusal::Refusal;

impl Model {
    /// Puts something over the panes.
    pub fn open(&mut self, overlay: Overlay) {
        self.overlays.push(overlay);
    }

    /// Leaves what is on top; what was typed in a form is kept.
    pub fn leave(&mut self) -> Vec<Effect> {
        let overlay = self.overlays.pop();
        if self.user.founding && self.overlays.is_empty() {
            if matches!(overlay, Some(Overlay::Picker(_))) {
                return vec![Effect::Leave(Next::Quit)];
            }
            self.open(welcome::picker());
        }
        let Some(Overlay::Form(form)) = overlay else {
            return Vec::new();
        };
        let typed = form.is_changed();
        self.drafts.keep(&form);
        if typed {
            self.say("What you typed is kept until you come back to this form.");
        }
        let mut effects = vec![Effect::Rest];
        // The record below may have changed meanwhile.
        effects.extend(self.reopen());
        effects.extend(self.reread_contests());
        effects
    }

    /// Leaves everything that is over the panes.
    pub fn leave_all(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        for _ in 0..self.overlays.len() {
            effects.extend(self.leave());
        }
        effects
    }

    /// Opens the selected record.
    pub fn open_row(&mut self) -> Vec<Effect> {
        open_key(self.selected().cloned(), PageKind::Record)
    }

    pub fn ask_why(&mut self) -> Vec<Effect> {
        open_key(self.here(), PageKind::Why)
    }

    /// Reads the record on top again.
    pub fn reopen(&self) -> Vec<Effect> {
        match self.overlays.last() {
            Some(Overlay::Record(record)) => open_key(Some(record.key.clone()), PageKind::Record),
            _ => Vec::new(),
        }
    }

    /// A page has been read.
    pub fn page(&mut self, ask: PageAsk, answer: Result<Page, Refusal>) {
        let same =
            |overlay: &Overlay| matches!(overlay, Overlay::Record(record) if record.key == ask.key);
        let place = self.overlays.iter().position(same);
        // A link that leads back goes back.
        if let (Some(place), PageKind::Record, true) = (place, ask.what, answer.is_ok())
            && matches!(self.overlays.last(), Some(Overlay::Record(_)))
        {
            self.overlays.truncate(place + 1);
        }
        let known = place.and_then(|place| self.overlays.get_mut(place));
        match (answer, ask.what, known) {
            (Ok(page), PageKind::Record, Some(Overlay::Record(record))) => record.take(page),
            (Ok(page), PageKind::Record, _) => {
                self.open(Overlay::Record(Box::new(RecordView::new(ask.key, page))));
            }
            (Ok(page), PageKind::Why, _) => self.open(Overlay::Page(Sheet::from(page))),
            (Err(refusal), PageKind::Record, Some(_)) => {
                // Somebody has taken it off the desk while it was open.
                self.overlays.retain(
                    |overlay| !matches!(overlay, Overlay::Record(record) if record.key == ask.key),
                );
                // What has just been said may be that the user deleted it.
                if self.talk.notice.is_none() {
                    self.complain(talk::sentence(&refusal));
                }
            }
            (Err(refusal), _, _) => self.open(Overlay::Page(Sheet::from(refusal))),
        }
    }

    /// Does what the marked line of a record says.
    pub fn act(&mut self) -> Vec<Effect> {
        let Some(Overlay::Record(record) | Overlay::Contests(record)) = self.overlays.last() else {
            return Vec::new();
        };
        let key = record.key.clone();
        match record.act().cloned() {
            Some(Act::Contest(..)) => self.settle_contest(None),
            Some(Act::Step(deed)) => self.begin_on(deed, vec![key], Filled::default()),
            Some(Act::Field(_)) => self.edit_field(),
            Some(Act::Record(other)) => open_key(Some(other), PageKind::Record),
            None => Vec::new(),
        }
    }

    /// Opens the marked field of a record to be written.
    pub fn edit_field(&mut self) -> Vec<Effect> {
        let Some(Overlay::Record(record)) = self.overlays.last() else {
            return Vec::new();
        };
        let (key, act) = (record.key.clone(), record.act().cloned());
        if let Err(why) = self.writable() {
            self.complain(format!("Nothing can be changed: {why}."));
            return Vec::new();
        }
        if let (Some(Act::Field(name)), Some(deed)) = (act, Deed::named("set")) {
            vec![Effect::Fill(FillAsk {
                deed,
                subjects: vec![key],
                given: Filled::default(),
                field: Some(name),
            })]
        } else {
            self.complain(
                "Go to a field with the arrows; those that can be written stop the mark.",
            );
            Vec::new()
        }
    }

    /// Everything that can be done, to be searched.
    pub fn palette(&mut self) -> Vec<Effect> {
        // What is done to the desk comes first, then what the screen does, then moving about.
        let mut commands: Vec<_> = command::all()
            .filter(|command| self.reaches(command.scope))
            .collect();
        commands.sort_by_key(|command| match (command.run, command.scope) {
            (Do::Deed(_), _) => (0, command.ready(self).is_err()),
            (Do::Here(..), Scope::Global | Scope::Always) => (1, false),
            (Do::Here(..), _) => (2, false),
        });
        let items = commands
            .into_iter()
            .map(|command| Item {
                text: command.name.to_owned(),
                more: command.help.to_owned(),
                keys: self.keys.map.of(command).join(", "),
                not_now: command.ready(self).err().map(str::to_owned),
                pick: Pick::Command(command),
            })
            .collect();
        let mut picker = Picker::new("Do anything", What::Commands, items);
        picker.about = self.here();
        self.open(Overlay::Picker(Box::new(picker)));
        match self.here() {
            Some(key) if self.writable().is_ok() => vec![Effect::Steps(key)],
            _ => Vec::new(),
        }
    }

    /// Whether the commands of a scope mean something where the palette was opened.
    fn reaches(&self, scope: Scope) -> bool {
        self.scopes().contains(&scope) || matches!(scope, Scope::Global | Scope::Always)
    }

    /// What can be done with the record.
    pub fn menu(&mut self) -> Vec<Effect> {
        let Some(here) = self.here() else {
            return Vec::new();
        };
        let marked = self.marked();
        let (key, title) = match marked.as_slice() {
            [] => (here.clone(), here.id),
            [one] => (one.clone(), one.id.clone()),
            many => {
                let key = many.iter().find(|key| **key == here).unwrap_or(&many[0]);
                (key.clone(), format!("the {} that are marked", many.len()))
            }
        };
        let mut picker = Picker::new(
            format!("What can be done with {title}"),
            What::Steps(key.clone()),
            Vec::new(),
        );
        picker.waiting = true;
        self.open(Overlay::Picker(Box::new(picker)));
        vec![Effect::Steps(key)]
    }

    /// The desk says what can be done with a record.
    pub fn steps(&mut self, key: &Key, answer: Result<Vec<Step>, Refusal>) -> Vec<Effect> {
        let refused = self.writable().err();
        // What stands against one of them says nothing about the others.
        let many = self.marked().len() > 1;
        let map = &self.keys.map;
        let Some(Overlay::Picker(picker)) = self.overlays.last_mut() else {
            return Vec::new();
        };
        let steps = match answer {
            Ok(steps) => steps,
            Err(refusal) => {
                if picker.what == What::Steps(key.clone()) {
                    self.overlays.pop();
                }
                self.complain(talk::sentence(&refusal));
                return Vec::new();
            }
        };
        match &picker.what {
            What::Steps(of) if of == key => {
                picker.waiting = false;
                let item = |step: Step| Item {
                    text: step.deed.name.to_owned(),
                    more: step.deed.about.to_owned(),
                    keys: command::named(step.deed.name)
                        .map(|command| map.of(command).join(", "))
                        .unwrap_or_default(),
                    not_now: refused
                        .map(str::to_owned)
                        .or(step.not_now.filter(|_| !many)),
                    pick: Pick::Deed(step.deed, key.clone()),
                };
                picker.take(steps.into_iter().map(item).collect());
            }
            What::Commands if many => {}
            What::Commands if picker.about.as_ref() == Some(key) => {
                for item in &mut picker.items {
                    let step = steps.iter().find(|step| step.deed.name == item.text);
                    if let (Some(step), None) = (step, &item.not_now) {
                        item.not_now.clone_from(&step.not_now);
                    }
                }
            }
            What::Steps(_)
            | What::Commands
            | What::Help
            | What::Records
            | What::Days
            | What::Ask => {}
        }
        self.pick_owed()
    }

    /// Takes the line that was to be taken as soon as it is there.
    fn pick_owed(&mut self) -> Vec<Effect> {
        match self.overlays.last_mut() {
            Some(Overlay::Picker(picker)) if picker.owed && !picker.waiting => {
                picker.owed = false;
                self.pick()
            }
            _ => Vec::new(),
        }
    }

    /// Records to jump to.
    pub fn jump(&mut self) -> Vec<Effect> {
        let mut picker = Picker::new("Jump to a record", What::Records, Vec::new());
        picker.waiting = true;
        self.open(Overlay::Picker(Box::new(picker)));
        vec![Effect::Find(String::new())]
    }

    /// The desk found records.
    pub fn found(&mut self, text: &str, answer: Result<Vec<Hit>, Refusal>) -> Vec<Effect> {
        let Some(Overlay::Picker(picker)) = self.overlays.last_mut() else {
            return Vec::new();
        };
        // An answer to older letters says nothing about those that stand there now.
        if picker.what != What::Records || picker.field.text() != text {
            return Vec::new();
        }
        picker.waiting = false;
        let (hits, trouble) = match answer {
            Ok(hits) => (hits, None),
            Err(refusal) => (Vec::new(), Some(refusal)),
        };
        let since = &self.since;
        let items = hits.into_iter().map(|hit| Item {
            text: hit.key.id.clone(),
            more: match since.by(&hit.key) {
                Some(by) => format!("{}, changed by {by}", hit.title),
                None => hit.title,
            },
            keys: hit.state,
            not_now: None,
            pick: Pick::Record(hit.key),
        });
        picker.take(items.collect());
        if let Some(refusal) = trouble {
            self.complain(talk::sentence(&refusal));
        }
        self.pick_owed()
    }

    /// Takes the line that is chosen in a list, as soon as the list is there.
    pub fn pick(&mut self) -> Vec<Effect> {
        let Some(Overlay::Picker(picker)) = self.overlays.last_mut() else {
            return Vec::new();
        };
        if picker.waiting {
            picker.owed = true;
            return Vec::new();
        }
        let typed = picker.field.text();
        let with_words = (picker.what == What::Commands)
            .then(|| Deed::of_command(&typed))
            .flatten()
            .filter(|(_, rest)| !rest.is_empty());
        if let Some((deed, words)) = with_words {
            return self.typed_command(deed, words);
        }
        let Some(item) = picker.chosen() else {
            return Vec::new();
        };
        if let Some(why) = &item.not_now {
            let text = format!("{}: {why}.", item.more.trim_end_matches('.'));
            self.complain(text);
            return Vec::new();
        }
        let pick = item.pick.clone();
        if !matches!(pick, Pick::Nothing) {
            self.overlays.pop();
        }
        match pick {
            Pick::Command(command) => command::run(command, self),
            Pick::Deed(deed, key) => {
                let marked = self.subjects(deed);
                let subjects = if marked.contains(&key) {
                    marked
                } else {
                    vec![key]
                };
                self.begin_on(deed, subjects, Filled::default())
            }
            Pick::Record(key) => open_key(Some(key), PageKind::Record),
            Pick::Effects(effects) => effects,
            Pick::Sort(sort) => {
                self.sort(sort);
                Vec::new()
            }
            Pick::Column(name) => {
                self.toggle_column(name);
                Vec::new()
            }
            Pick::Day(day) => self.look_at(day),
            Pick::Nothing => Vec::new(),
        }
    }

    /// `:ticket delay T-12 --reason "late"`: a form with all that was said.
    fn typed_command(&mut self, deed: &'static Deed, words: &str) -> Vec<Effect> {
        match deed::line(deed, words) {
            Ok(mut given) => {
                // The list stays until the form is there, so that a slip can be mended.
                if self.is_at_once(deed) {
                    self.overlays.pop();
                }
                let named = deed.subject().is_some_and(|it| given.is_given(it.name));
                if named || !deed.needs_subject() {
                    return self.begin_on(deed, Vec::new(), given);
                }
                let subjects = self.subjects(deed);
                if let (Some(entry), false) = (deed.subject(), subjects.is_empty()) {
                    given.clear(entry.name);
                }
                self.begin_on(deed, subjects, given)
            }
            Err(refusal) => {
                self.complain(talk::sentence(&refusal));
                Vec::new()
            }
        }
    }

    /// What a first key of a chord waits for, with the name of the group.
    pub fn which_key(&self) -> Option<(String, Vec<(String, &'static Command)>)> {
        let first = self.keys.pending?;
        let name = PREFIXES
            .iter()
            .find(|(key, _)| *key == first.to_string())
            .map_or("", |(_, name)| name);
        let after = self.keys.map.after(self.scopes(), first);
        let lines = after
            .into_iter()
            .map(|(second, command)| (second.to_string(), command));
        Some((
            format!("{first} {name}").trim_end().to_owned(),
            lines.collect(),
        ))
    }
}

/// The question for a record's page.
fn open_key(key: Option<Key>, what: PageKind) -> Vec<Effect> {
    key.map(|key| {
        Effect::Open(PageAsk {
            key,
            what,
            as_of: None,
        })
    })
    .into_iter()
    .collect()
}
