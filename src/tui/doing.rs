//! How the screen does something to the desk: which records it is done to, the form that
//! asks for what is missing, the preview, and what is said when it is done. The use cases
//! themselves are the workspace's.

use super::another_day::NOT_TODAY;
use super::command::Ready;
use super::effect::{Doing, Effect, FillAsk};
use super::model::Model;
use super::overlay::Overlay;
use super::overlay::form::{Begin, Clock, Form, Preview};
use super::talk;
use crate::domain::calendar::Calendar;
use crate::domain::kind::Kind;
use crate::domain::zone::Zone;
use crate::workspace::deed::{Deed, Filled, On, Value};
use crate::workspace::look::board::rows::{Cells, Key, Pane};
use crate::workspace::receipt::Receipt;
use crate::workspace::refusal::Refusal;
use crate::workspace::share::{form, member};

/// What needs no form: there is nothing to ask, and one key takes it back.
const AT_ONCE: &[&str] = &["claim", "vote", "action done", "undo", "redo"];

/// Which records a deed is for, as a clause.
fn meant_for(kinds: &[Kind]) -> &'static str {
    match kinds {
        [Kind::Ticket] => "it is for tickets; select one in the queue",
        [Kind::Submission] => "it is for submissions; select one in their list",
        [Kind::Milestone] => "it is for milestones; select one in the schedule",
        [Kind::Cycle] => "it is for cycles; select one in their list",
        [Kind::Product] => "it is for products; select one in their list",
        [Kind::Site] => "it is for sites; select one in their pane",
        [Kind::Person] => "it is for people; select one in their list",
        [Kind::Announcement] => "it is for announcements; select one in their list",
        [Kind::Problem] => "it is for problems; select one in their list",
        [Kind::KnownError] => "it is for known errors; select one among the problems",
        [Kind::Release] => "it is for releases; select one in their list",
        [Kind::Message] => "it is for messages; select one in the outbox",
        [Kind::Action] => "it is for actions; select one in the retrospective",
        [Kind::Lesson] => "it is for lessons; select one in the retrospective",
        _ => "it is for another kind of record",
    }
}

impl Model {
    /// Why nothing can be changed, if so.
    pub fn writable(&self) -> Result<(), &'static str> {
        if self.user.read_only {
            return Err("this desk is open for reading only");
        }
        if self.user.founding {
            return Ok(());
        }
        if self.as_of.is_some() {
            return Err(NOT_TODAY);
        }
        if self.header.is_none() {
            return Err("the desk has not been read yet");
        }
        Ok(())
    }

    /// Whether a deed can be done here, as far as the screen knows.
    pub fn can(&self, deed: &Deed) -> Result<(), &'static str> {
        const WRITABLE: Ready = Model::writable;
        WRITABLE(self)?;
        match deed.on {
            _ if !deed.needs_subject() => Ok(()),
            On::Any | On::One(_) if self.subjects(deed).is_empty() => Err(match deed.on {
                On::One(kinds) if self.here().is_some() => meant_for(kinds),
                _ => "nothing is selected",
            }),
            On::Desk | On::Any | On::One(_) => Ok(()),
        }
    }

    /// The record where the user is.
    pub fn here(&self) -> Option<Key> {
        if self.trouble.is_some() {
            return None;
        }
        let open = self
            .overlays
            .iter()
            .rev()
            .find_map(|overlay| match overlay {
                Overlay::Record(record) => Some(record.key.clone()),
                Overlay::Contests(view) => view.about(),
                Overlay::Page(_) | Overlay::Picker(_) | Overlay::Form(_) | Overlay::Filter(_) => {
                    None
                }
            });
        open.or_else(|| self.selected().cloned())
    }

    /// The records that a deed would be done to: the open one, the marked ones, or the
    /// selected one.
    pub fn subjects(&self, deed: &Deed) -> Vec<Key> {
        let mut keys = self.marked();
        if keys.is_empty() {
            keys.extend(self.here());
        }
        keys.retain(|key| deed.on.takes(key.kind));
        keys
    }

    /// The marked records, where they are what a deed would be done to.
    pub fn marked(&self) -> Vec<Key> {
        let open = |overlay: &Overlay| matches!(overlay, Overlay::Record(_));
        if self.overlays.iter().any(open) || self.board_shown().is_some() {
            return Vec::new();
        }
        self.list().marked()
    }

    /// Begins a deed on what the user has chosen.
    pub fn begin(&mut self, deed: &'static Deed) -> Vec<Effect> {
        // A key for what can do without a record means one's own last step.
        let subjects = if deed.needs_subject() {
            self.subjects(deed)
        } else {
            Vec::new()
        };
        let given = self.about(deed);
        self.begin_on(deed, subjects, given)
    }

    /// What is new is about the record that lies open.
    fn about(&self, deed: &Deed) -> Filled {
        let open = self
            .overlays
            .iter()
            .rev()
            .find_map(|overlay| match overlay {
                Overlay::Record(record) => Some(&record.key),
                _ => None,
            });
        let entry = deed.entries.iter().find(|entry| entry.name == "about");
        match (open, entry.map(|entry| entry.value)) {
            (Some(key), Some(Value::Id(kinds)))
                if kinds.is_empty() || kinds.contains(&key.kind) =>
            {
                Filled::default().with("about", key.id.clone())
            }
            _ => Filled::default(),
        }
    }

    /// Begins a deed on some records, with what was said already.
    pub fn begin_on(
        &mut self,
        deed: &'static Deed,
        subjects: Vec<Key>,
        given: Filled,
    ) -> Vec<Effect> {
        if let Err(why) = self.writable() {
            self.complain(format!("{}: {why}.", deed.about));
            return Vec::new();
        }
        if self.is_at_once(deed) {
            return vec![Effect::Do(Doing {
                form: None,
                deed,
                subjects,
                filled: given,
                seen: None,
            })];
        }
        vec![Effect::Fill(FillAsk {
            deed,
            subjects,
            given,
            field: None,
        })]
    }

    /// Whether a deed has no form here.
    pub fn is_at_once(&self, deed: &Deed) -> bool {
        !self.user.founding && AT_ONCE.contains(&deed.name)
    }

    /// The step that settles the selected line, or the record itself.
    pub fn settle_row(&mut self) -> Vec<Effect> {
        if let Some(effects) = self.accept_nudge() {
            return effects;
        }
        if self.board_shown().is_some() {
            return self.open_row();
        }
        let list = self.list();
        if list.has_marks() {
            return self.menu();
        }
        let row = list.rows.get(list.cursor);
        match row.map(|row| (&row.cells, row.key.clone())) {
            Some((Cells::Duty(duty), key)) if self.writable().is_ok() => {
                vec![Effect::Duty(key, duty.code)]
            }
            Some(_) => self.open_row(),
            None => Vec::new(),
        }
    }

    /// A form's beginnings have been read.
    pub fn filled(&mut self, ask: &FillAsk, answer: Result<Box<Begin>, Refusal>) -> Vec<Effect> {
        let begin = match answer {
            Ok(begin) => *begin,
            Err(refusal) => {
                self.complain(talk::sentence(&refusal));
                return Vec::new();
            }
        };
        let clock = match &self.header {
            Some(header) => Clock {
                now: self.now,
                zone: header.zone.clone(),
                calendar: header.calendar.clone(),
            },
            None => Clock {
                now: self.now,
                zone: Zone::utc(),
                calendar: Calendar::default(),
            },
        };
        self.keys.forms += 1;
        let mut form = Form::new(self.keys.forms, begin, ask, clock);
        form.give(&ask.given);
        if self.drafts.restore(&mut form, &ask.given) {
            let key = self.keys.map.spoken("afresh");
            form.note = Some(format!("What you typed before is back; {key} forgets it."));
        }
        form.to_unsaid(&ask.given);
        self.overlays
            .retain(|overlay| !matches!(overlay, Overlay::Picker(_)));
        self.open(Overlay::Form(Box::new(form)));
        self.rehearse()
    }

    /// The form that has the keys.
    pub fn form(&self) -> Option<&Form> {
        match self.overlays.last() {
            Some(Overlay::Form(form)) => Some(form),
            _ => None,
        }
    }

    pub fn form_mut(&mut self) -> Option<&mut Form> {
        match self.overlays.last_mut() {
            Some(Overlay::Form(form)) => Some(form),
            _ => None,
        }
    }

    fn form_of(&mut self, id: Option<u64>) -> Option<&mut Form> {
        self.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Form(form) if Some(form.id) == id => Some(&mut **form),
            _ => None,
        })
    }

    /// Asks what the form would set in motion, once everything has been said.
    pub fn rehearse(&mut self) -> Vec<Effect> {
        let Some(form) = self.form_mut() else {
            return Vec::new();
        };
        if form.missing().is_some() {
            form.preview = Preview::None;
            form.stale = true;
            return Vec::new();
        }
        if !form.stale || form.asked || form.saving {
            return Vec::new();
        }
        (form.stale, form.asked) = (false, true);
        if form.preview == Preview::None {
            form.preview = Preview::Waiting;
        }
        vec![Effect::Preview(form.doing())]
    }

    /// The desk says what would follow.
    pub fn previewed(
        &mut self,
        doing: &Doing,
        answer: Result<Box<Receipt>, Refusal>,
    ) -> Vec<Effect> {
        if doing.form.is_none() {
            self.nudged(doing, answer);
            return Vec::new();
        }
        if let Some(form) = self.form_of(doing.form) {
            form.asked = false;
            if form.missing().is_none() {
                form.preview = match answer {
                    Ok(receipt) => Preview::Would(receipt),
                    Err(refusal) => Preview::Refused(refusal),
                };
            }
        }
        self.rehearse()
    }

    /// Does what the form says.
    pub fn save(&mut self) -> Vec<Effect> {
        if let Err(why) = self.writable() {
            self.complain(format!("Nothing was recorded: {why}."));
            return Vec::new();
        }
        let Some(form) = self.form_mut() else {
            return Vec::new();
        };
        form.settle_choice();
        if let Some(missing) = form.missing() {
            form.to_open();
            self.complain(missing);
            return Vec::new();
        }
        if form.saving {
            return Vec::new();
        }
        form.saving = true;
        vec![Effect::Do(form.doing())]
    }

    /// It was done, or not; nothing that was typed is lost before it was.
    pub fn done(&mut self, doing: &Doing, answer: Result<Box<Receipt>, Refusal>) -> Vec<Effect> {
        let receipt = match answer {
            Ok(receipt) => receipt,
            Err(refusal) => {
                match self.form_of(doing.form) {
                    Some(form) => {
                        form.saving = false;
                        // The form tells it whole, perhaps below what is seen of it.
                        let message = refusal.message.clone();
                        form.refused = Some(refusal);
                        self.complain(message);
                    }
                    None => self.complain(talk::sentence(&refusal)),
                }
                return Vec::new();
            }
        };
        self.overlays.retain(|overlay| match overlay {
            Overlay::Form(form) => Some(form.id) != doing.form,
            _ => true,
        });
        self.drafts.done(doing);
        self.tell(doing, &receipt);
        self.go_on(doing, &receipt);
        let mut effects = vec![Effect::Rest];
        effects.extend(self.reload());
        effects.extend(self.reopen());
        effects.extend(self.reread_contests());
        if form::is_ours(doing.deed) {
            // The words to read aloud, and who is in now, stand there.
            effects.extend(match self.look_again() {
                again if again.is_empty() => self.look_at_sharing(),
                again => again,
            });
        }
        effects
    }

    /// Somebody has changed the record since the form was opened: it is looked at again, and
    /// saved a second time if that is still meant.
    pub fn overtaken(&mut self, doing: &Doing, how: &str) -> Vec<Effect> {
        let save = self.keys.map.spoken("save");
        if let Some(form) = self.form_of(doing.form) {
            form.saving = false;
            form.seen = None;
            form.stale = true;
            form.note = Some(format!("! {how} {save} does it all the same."));
        }
        self.complain(how);
        self.rehearse()
    }

    /// There is a desk: what was typed to make it is no draft any more.
    pub fn founded(&mut self) {
        let form = |overlay: &Overlay| matches!(overlay, Overlay::Form(_));
        self.overlays.retain(|overlay| !form(overlay));
        self.drafts.clear();
    }

    /// Says what happened and how it is taken back.
    fn tell(&mut self, doing: &Doing, receipt: &Receipt) {
        let time = self.time_of_day();
        let warnings = talk::warnings(receipt);
        let out = receipt.results.iter().filter(|it| it.refused.is_some());
        let out = out.count();
        let (mut text, told) = match (receipt.results.len(), receipt.said.first()) {
            (0, None) => ("Nothing to change.".to_owned(), 0),
            (0, Some(first)) => (first.clone(), 1),
            (all, _) if out == 0 => (format!("{all} done."), 0),
            (all, _) => (format!("{} done, {out} left out.", all - out), 0),
        };
        let rest = receipt.said.get(told..).unwrap_or(&[]);
        let more = rest.len() + warnings.len();
        if !text.ends_with(['.', '?', '!', '…']) {
            text.push('.');
        }
        let key = |name: &str| self.keys.map.spoken(name);
        match (receipt.commit.is_some(), doing.deed.name) {
            (true, "undo") => text = format!("{text} {} does it again.", key("redo")),
            // Who shares the desk is said anew, not taken back.
            (true, _) if form::is_ours(doing.deed) || member::is_ours(doing.deed) => {}
            (true, _) => text = format!("{text} {} takes it back.", key("undo")),
            (false, _) => {}
        }
        if told == 0 && more > 0 {
            text = format!("{text} {} tells which.", key("messages"));
        } else if more > 0 {
            text = format!("{text} {more} more: {}.", key("messages"));
        }
        // The latest stands first there.
        let told = |texts: &[String]| texts.iter().rev().cloned().collect::<Vec<_>>();
        self.talk.more(&time, &told(rest));
        self.talk.more(&time, &told(&warnings));
        self.talk.say(&time, text, false);
    }

    /// The next line is selected, the marks have done their work, and what was made is
    /// where one looks.
    fn go_on(&mut self, doing: &Doing, receipt: &Receipt) {
        let attention = &mut self.panes.lists[Pane::Attention as usize];
        let selected = attention.selected().cloned();
        let settled = selected.is_some_and(|key| doing.subjects.contains(&key));
        if settled
            && self.panes.focus == Pane::Attention
            && let Some(next) = attention.neighbour()
        {
            attention.go_to(&next);
        }
        if !doing.subjects.is_empty() && receipt.commit.is_some() {
            for list in &mut self.panes.lists {
                if list.marked().iter().any(|key| doing.subjects.contains(key)) {
                    list.unmark();
                }
            }
        }
    }

    /// A text came back from the editor.
    pub fn edited(&mut self, name: &str, answer: Result<Option<String>, Refusal>) -> Vec<Effect> {
        match answer {
            Ok(Some(text)) => {
                let whole = self.form_mut().is_none_or(|form| form.rewrite(name, &text));
                if !whole {
                    self.complain("The text was too long for this line; its end was cut off.");
                }
            }
            Ok(None) => self.say("The text is as it was."),
            Err(refusal) => self.complain(talk::sentence(&refusal)),
        }
        self.rehearse()
    }

    /// The time of day, for the list of what was said.
    pub(super) fn time_of_day(&self) -> String {
        match &self.header {
            Some(header) => header.zone.local(self.now).format("%H:%M").to_string(),
            None => self.now.format("%H:%M").to_string(),
        }
    }

    /// What is said first; to somebody whose desk was just made also how to go on.
    pub fn greet(&mut self, greeting: &[String], fresh: bool) {
        for text in greeting {
            self.say(text);
        }
        if fresh {
            let key = |name: &str| self.keys.map.spoken(name);
            let (product, submit) = (key("product add"), key("submit"));
            self.say(format!(
                "{product} adds a product, {submit} takes its release in, {} lists all keys.",
                key("help")
            ));
        }
    }

    pub fn say(&mut self, text: impl AsRef<str>) {
        let time = self.time_of_day();
        self.talk.say(&time, text, false);
    }

    /// Says something behind what was just said.
    pub fn add(&mut self, text: &str) {
        let time = self.time_of_day();
        self.talk.add(&time, text);
    }

    pub fn complain(&mut self, text: impl AsRef<str>) {
        let time = self.time_of_day();
        self.talk.say(&time, text, true);
    }
}
