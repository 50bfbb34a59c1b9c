//! One action in the making: what it reads, what it writes, what it says. Keeps
//! the registers it replaces, so that a use case never handles a dot.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;

use super::receipt::Receipt;
use super::refusal::Refusal;
use crate::domain::attention::quoted;
use crate::domain::desk::Desk;
use crate::domain::kind::Kind;
use crate::domain::noun::{Noun, Setting};
use crate::domain::people::Person;
use crate::domain::profile::Profile;
use crate::domain::when::When;
use crate::ledger::{Draft, EntityId, Hash, Record, Register, named};
use crate::store::{Gone, RecordRow, Rules, Writing, gone, is_disputed, standing};

/// Who acts, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person this device belongs to; guards and signatures count this one.
    pub person: String,
    /// Recording for somebody else: "Alice for Bob".
    pub on_behalf: Option<String>,
}

impl Actor {
    /// Whose action it is: the one it was recorded for.
    pub fn name(&self) -> &str {
        self.on_behalf.as_deref().unwrap_or(&self.person)
    }
}

/// When an action is recorded, and when it happened.
#[derive(Clone, Debug)]
pub struct Time {
    pub now: DateTime<Utc>,
    pub at: Option<When>,
}

/// A record as an action meets it.
pub struct Loaded {
    pub row: RecordRow,
    pub entity: EntityId,
    pub noun: Noun,
}

/// An action in the making.
pub struct Plan<'w, 's> {
    pub writing: &'w mut Writing<'s>,
    pub desk: Desk,
    pub actor: Actor,
    pub time: Time,
    pub receipt: Receipt,
    pub draft: Draft,
    /// It settles what two managers wrote at once.
    pub settling: bool,
    live: BTreeMap<EntityId, Record>,
    numbers: BTreeMap<Kind, i64>,
    created: BTreeMap<String, EntityId>,
}

impl<'w, 's> Plan<'w, 's> {
    pub fn new(
        writing: &'w mut Writing<'s>,
        desk: Desk,
        actor: Actor,
        time: Time,
    ) -> Result<Self, Refusal> {
        let draft = writing.draft()?;
        Ok(Self {
            writing,
            desk,
            actor,
            time,
            receipt: Receipt::default(),
            draft,
            settling: false,
            live: BTreeMap::new(),
            numbers: BTreeMap::new(),
            created: BTreeMap::new(),
        })
    }

    pub fn rules(&self) -> Result<&Rules, Refusal> {
        self.writing.rules().ok_or_else(|| {
            Refusal::failed(
                "This desk has no facts of its own.",
                "Run `relmate doctor`.",
            )
        })
    }

    pub fn setting(&self) -> Result<Setting<'_>, Refusal> {
        self.rules().map(Rules::setting)
    }

    pub fn whole_profile(&self) -> Result<Profile, Refusal> {
        Ok(self.writing.reader().whole_profile()?)
    }

    /// When it happened: what `--at` said, else now.
    pub fn at(&self) -> When {
        self.time.at.unwrap_or(When::Instant(self.time.now))
    }

    /// The local day on which it happened.
    pub fn day(&self) -> Result<NaiveDate, Refusal> {
        Ok(self.at().day(&self.rules()?.zone))
    }

    /// The local day on which it is recorded.
    pub fn today(&self) -> Result<NaiveDate, Refusal> {
        Ok(self.rules()?.zone.day(self.time.now))
    }

    /// The profile's version, which every transition cites.
    pub fn profile_version(&self) -> u32 {
        self.desk.profile_version
    }

    /// A record by id; the error says what is similar.
    pub fn load(&self, kind: Kind, id: &str) -> Result<Loaded, Refusal> {
        let row = super::look::resolve::of_kind(&self.writing.reader(), kind, id)?;
        self.loaded(row)
    }

    /// A record of any kind by id.
    pub fn load_any(&self, id: &str) -> Result<Loaded, Refusal> {
        let row = super::look::resolve::any(&self.writing.reader(), id)?;
        self.loaded(row)
    }

    /// A record by its whole id or name, if there is one.
    pub fn find(&self, kind: Kind, id: &str) -> Result<Option<Loaded>, Refusal> {
        let row = self.writing.reader().record(Some(kind), id)?;
        row.map(|row| self.loaded(row)).transpose()
    }

    pub fn loaded(&self, row: RecordRow) -> Result<Loaded, Refusal> {
        let reader = self.writing.reader();
        let missing = || {
            Refusal::failed(
                format!("{} cannot be read.", row.id),
                "Run `relmate doctor`.",
            )
        };
        let (_, entity) = reader.entity(row.kind, &row.id)?.ok_or_else(missing)?;
        let noun = row.noun()?.ok_or_else(missing)?;
        Ok(Loaded { row, entity, noun })
    }

    /// A person of the desk by name; the actor must be one.
    pub fn person(&self, name: &str) -> Result<Person, Refusal> {
        match self.find(Kind::Person, name)?.map(|loaded| loaded.noun) {
            Some(Noun::Person(person)) => Ok(person),
            _ => Err(Refusal::not_found(
                format!("Nobody on this desk is called {name:?}."),
                format!(
                    "Add the person with `relmate person add {name:?}`, or see `relmate list people`."
                ),
            )),
        }
    }

    /// A new numbered record with the next id of its kind.
    pub fn create(&mut self, kind: Kind) -> Result<(EntityId, String), Refusal> {
        let entity = self.draft.create();
        self.create_as(kind, entity)
    }

    /// The same under a name of its own.
    pub(super) fn create_as(
        &mut self,
        kind: Kind,
        entity: EntityId,
    ) -> Result<(EntityId, String), Refusal> {
        let next = match self.numbers.get(&kind) {
            Some(next) => *next,
            None => self.writing.reader().next_number(kind)?,
        };
        self.numbers.insert(kind, next + 1);
        let id = format!("{}-{next}{}", kind.letter().unwrap_or('?'), self.suffix()?);
        self.draft.set(&entity, "kind", kind.word(), []);
        self.draft.set(&entity, "id", id.clone(), []);
        self.live.insert(entity.clone(), Record::default());
        self.created.insert(id.clone(), entity.clone());
        self.receipt.ids.push(id.clone());
        Ok((entity, id))
    }

    /// A numbered record that was taken off the desk comes to life again.
    pub(super) fn begin_again(
        &mut self,
        kind: Kind,
        entity: &EntityId,
        id: &str,
    ) -> Result<(), Refusal> {
        self.begin_anew(entity)?;
        self.set(entity, "kind", kind.word())?;
        self.created.insert(id.to_owned(), entity.clone());
        self.receipt.ids.push(id.to_owned());
        Ok(())
    }

    /// The id of a record that this action has made.
    pub(super) fn made(&self, entity: &EntityId) -> Option<String> {
        let mut made = self.created.iter();
        made.find(|(_, it)| *it == entity).map(|(id, _)| id.clone())
    }

    /// The entity of a record that this action has made.
    pub(super) fn just_made(&self, id: &str) -> Option<EntityId> {
        self.created.get(id).cloned()
    }

    /// What the ids end in that this desk gives: nothing on the founder's.
    fn suffix(&self) -> Result<String, Refusal> {
        Ok(self.writing.reader().own("letter")?.unwrap_or_default())
    }

    /// A new record known by its name; refuses one that is there already.
    pub fn create_named(&mut self, kind: Kind, name: &str) -> Result<EntityId, Refusal> {
        let name = clean_name(name)?;
        if self.find(kind, &name)?.is_some() {
            return Err(Refusal::rule(
                format!("There is already a {} called {name}.", kind.word()),
                format!("See it with `relmate show {name:?}`."),
            ));
        }
        let entity = named(kind.word(), &name);
        self.begin_anew(&entity)?;
        self.set(&entity, "kind", kind.word())?;
        self.set(&entity, "name", name.clone())?;
        self.receipt.ids.push(name);
        Ok(entity)
    }

    /// A record that was taken off the desk comes to life again under its own id, with
    /// nothing of what it was.
    fn begin_anew(&mut self, entity: &EntityId) -> Result<(), Refusal> {
        let record = self.live(entity)?;
        if gone(record) != Gone::Yes {
            return Ok(());
        }
        let written = record.fields.iter().filter(|(field, _)| *field != "id");
        let written = written.map(|(field, register)| (field.clone(), register.dots()));
        let written: Vec<_> = written.collect();
        let elements = record.sets.iter().flat_map(|(set, elements)| {
            let told = elements.iter();
            told.map(|(text, dots)| (set.clone(), text.clone(), dots.clone()))
        });
        let elements: Vec<_> = elements.collect();
        for (field, dots) in written {
            self.draft.set(entity, &field, Value::Null, dots);
        }
        for (set, text, dots) in elements {
            let element = serde_json::from_str(&text).unwrap_or(Value::Null);
            self.draft.remove(entity, &set, element, dots);
        }
        // From here on it is compared with nothing.
        self.live.insert(entity.clone(), Record::default());
        Ok(())
    }

    /// Takes a record off the desk as it stands: what somebody else changed meanwhile, and
    /// was not seen here, keeps it there (SYNC.md 3.8).
    pub fn take_off(&mut self, entity: &EntityId) -> Result<(), Refusal> {
        let covers = self.live(entity)?.covered(&["deleted"]);
        self.set(entity, "deleted", serde_json::json!({"covers": covers}))?;
        Ok(())
    }

    /// Takes a record off the desk because the step that made it is taken back. Where somebody
    /// else made it too, it is what that step made of it.
    pub fn unmake(&mut self, entity: &EntityId, step: &Hash) -> Result<(), Refusal> {
        let record = self.live(entity)?;
        let covers = record.covered(&["deleted"]);
        let before = record.fields.get("deleted");
        let before = before.into_iter().flat_map(|register| &register.live);
        let before = before.filter_map(|live| live.value["unmakes"].as_array());
        let mut steps: Vec<Value> = before.flatten().cloned().collect();
        steps.push(step.to_string().into());
        let value = serde_json::json!({"covers": covers, "unmakes": steps});
        self.set(entity, "deleted", value)?;
        Ok(())
    }

    /// Writes a field; false when it already says so.
    pub fn set(
        &mut self,
        entity: &EntityId,
        field: &str,
        value: impl Into<Value>,
    ) -> Result<bool, Refusal> {
        let value = value.into();
        if !self.settling && self.is_disputed(entity, field)? {
            return Err(self.in_dispute(entity, field)?);
        }
        let record = self.live(entity)?;
        let register = record.fields.get(field);
        let settled = register.is_some_and(|register| !register.contested());
        if settled && register.and_then(|register| register.value()) == Some(&value) {
            return Ok(false);
        }
        let dots = record.dots(field);
        if value.is_null() && dots.is_empty() {
            return Ok(false);
        }
        self.draft.set(entity, field, value, dots);
        Ok(true)
    }

    fn is_disputed(&mut self, entity: &EntityId, field: &str) -> Result<bool, Refusal> {
        let record = self.live(entity)?;
        let several = record.fields.get(field).is_some_and(Register::contested);
        if !several {
            return Ok(false);
        }
        let record = record.clone();
        Ok(is_disputed(&standing(&record), field, &self.rules()?.names))
    }

    /// What two managers wrote at once is settled with a reason, never written over.
    fn in_dispute(&self, entity: &EntityId, field: &str) -> Result<Refusal, Refusal> {
        let shown = self.writing.reader().shown_id(entity)?;
        let id = shown.unwrap_or_else(|| "desk".to_owned());
        Ok(Refusal::rule(
            format!("{field} of {id} is contested: two managers wrote it at once."),
            format!("`relmate resolve {} {field}` settles it.", quoted(&id)),
        ))
    }

    /// Writes a field whose value is a struct.
    pub fn put<T: Serialize>(
        &mut self,
        entity: &EntityId,
        field: &str,
        value: &T,
    ) -> Result<bool, Refusal> {
        let value = serde_json::to_value(value)
            .map_err(|error| Refusal::failed(format!("{field} cannot be kept: {error}."), ""))?;
        self.set(entity, field, value)
    }

    /// Writes a field if there is something to write.
    pub fn set_some<T: Serialize>(
        &mut self,
        entity: &EntityId,
        field: &str,
        value: Option<&T>,
    ) -> Result<bool, Refusal> {
        match value {
            Some(value) => self.put(entity, field, value),
            None => Ok(false),
        }
    }

    /// Empties a field.
    pub fn clear(&mut self, entity: &EntityId, field: &str) -> Result<bool, Refusal> {
        let empty = self
            .live(entity)?
            .fields
            .get(field)
            .is_none_or(|register| register.value().is_none());
        if empty {
            Ok(false)
        } else {
            self.set(entity, field, Value::Null)
        }
    }

    /// Adds to a set; false when it is in already.
    pub fn add(
        &mut self,
        entity: &EntityId,
        set: &str,
        element: impl Into<Value>,
    ) -> Result<bool, Refusal> {
        let element = element.into();
        if !self.elements(entity, set, &element)?.is_empty() {
            return Ok(false);
        }
        self.draft.add(entity, set, element);
        Ok(true)
    }

    /// Takes out of a set; false when it was not in.
    pub fn remove(
        &mut self,
        entity: &EntityId,
        set: &str,
        element: impl Into<Value>,
    ) -> Result<bool, Refusal> {
        let element = element.into();
        let there = self.elements(entity, set, &element)?;
        let any = !there.is_empty();
        for element in there {
            let observed = self.live(entity)?.observed(set, &element);
            self.draft.remove(entity, set, element, observed);
        }
        Ok(any)
    }

    /// The elements of a set that name the same: an id stands for every other of its record.
    fn elements(
        &mut self,
        entity: &EntityId,
        set: &str,
        element: &Value,
    ) -> Result<Vec<Value>, Refusal> {
        let record = self.live(entity)?;
        let known = record.sets.get(set).into_iter().flat_map(BTreeMap::keys);
        let known: Vec<Value> = known
            .filter_map(|text| serde_json::from_str(text).ok())
            .collect();
        if known.is_empty() {
            return Ok(known);
        }
        // Before the desk has its facts nothing has two ids.
        let names = self.rules().map(|rules| rules.names.clone());
        let names = names.unwrap_or_default();
        let meant = names.read(set, element);
        let same = known.into_iter().filter(|it| names.read(set, it) == meant);
        Ok(same.collect())
    }

    pub fn event(&mut self, entity: &EntityId, kind: &str, body: impl Into<Value>) {
        self.draft.event(entity, kind, body);
    }

    /// One line of what happened.
    pub fn say(&mut self, line: impl Into<String>) {
        self.receipt.said.push(line.into());
    }

    /// Something worth knowing that stops nothing.
    pub fn warn(&mut self, line: impl Into<String>) {
        self.receipt.warnings.push(line.into());
    }

    /// The live values of an entity, as they stood before this action.
    fn live(&mut self, entity: &EntityId) -> Result<&Record, Refusal> {
        if !self.live.contains_key(entity) {
            let record = self.writing.reader().live(entity)?;
            self.live.insert(entity.clone(), record);
        }
        self.live
            .get(entity)
            .ok_or_else(|| Refusal::failed("A record went missing.", "Run `relmate doctor`."))
    }
}

/// A name as kept: trimmed, single spaces, no control characters, not empty.
pub fn clean_name(name: &str) -> Result<String, Refusal> {
    let words: Vec<&str> = name
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let name = words.join(" ");
    if name.is_empty() {
        return Err(Refusal::usage(
            "A name may not be empty.",
            "Give it a name.",
        ));
    }
    if name.chars().count() > 200 {
        return Err(Refusal::usage(
            "A name may have 200 letters at the most.",
            "Shorten it.",
        ));
    }
    Ok(name)
}
