//! What a rule makes is named after its cause and not after the step: two managers who set one
//! rule off apart have it fire once, and their two steps write one record (SYNC.md 3.8). A cause
//! that comes again makes a record of its own. Makes nothing that was not asked for.

use super::plan::Plan;
use super::refusal::Refusal;
use crate::domain::attention::quoted;
use crate::domain::kind::Kind;
use crate::ledger::mutant::{self, Mutant};
use crate::ledger::{EntityId, derived};
use crate::store::{Gone, gone};

/// What makes a record.
#[derive(Clone, Copy, Debug)]
pub struct Cause<'a> {
    /// Which rule.
    pub rule: &'a str,
    /// The record that it is about.
    pub subject: &'a EntityId,
    /// What set it off, in words that two managers have in common: a stay, a site, a platform.
    pub trigger: &'a str,
}

/// What is there of what a cause makes.
enum There {
    Nothing,
    /// It was made, and taken off the desk again.
    Was(String),
    Stands(String),
}

impl Plan<'_, '_> {
    /// The record that a cause makes, or made and which was taken back: then it is the same one
    /// again. Where it stands, the rule has fired before, and this is the next time.
    pub fn create_for(
        &mut self,
        kind: Kind,
        cause: Cause<'_>,
    ) -> Result<(EntityId, String), Refusal> {
        if mutant::is(Mutant::RuleFiresTwice) {
            return self.create(kind);
        }
        let mut time = 0;
        loop {
            let entity = named(kind, cause, time);
            match self.there(&entity)? {
                There::Nothing => return self.create_as(kind, entity),
                There::Was(id) => {
                    self.begin_again(kind, &entity, &id)?;
                    return Ok((entity, id));
                }
                There::Stands(_) => time += 1,
            }
        }
    }

    /// The id of what a cause has made, while it stands.
    pub fn made_by(&self, kind: Kind, cause: Cause<'_>) -> Result<Option<String>, Refusal> {
        match self.there(&named(kind, cause, 0))? {
            There::Stands(id) => Ok(Some(id)),
            There::Nothing | There::Was(_) => Ok(None),
        }
    }

    fn there(&self, entity: &EntityId) -> Result<There, Refusal> {
        if let Some(id) = self.made(entity) {
            return Ok(There::Stands(id));
        }
        let reader = self.writing.reader();
        let record = reader.live(entity)?;
        let given = record.fields.get("id").and_then(|it| it.value());
        let Some(given) = given.and_then(|it| it.as_str()) else {
            return Ok(There::Nothing);
        };
        if gone(&record) == Gone::Yes {
            return Ok(There::Was(given.to_owned()));
        }
        // One that cannot be read is there all the same.
        let shown = reader.shown_id(entity)?;
        Ok(There::Stands(shown.unwrap_or_else(|| given.to_owned())))
    }

    /// The entity of a record of this desk, or of this action.
    pub fn entity_of(&self, id: &str) -> Result<EntityId, Refusal> {
        if let Some(entity) = self.just_made(id) {
            return Ok(entity);
        }
        let missing = || {
            let id = quoted(id);
            Refusal::failed(format!("{id} cannot be read."), "Run `relmate doctor`.")
        };
        let loaded = self.load_any(id)?;
        let found = self
            .writing
            .reader()
            .entity(loaded.row.kind, &loaded.row.id)?;
        found.map(|(_, entity)| entity).ok_or_else(missing)
    }
}

/// What everybody calls the record that a cause makes for the `time`th time.
fn named(kind: Kind, cause: Cause<'_>, time: u32) -> EntityId {
    let (subject, time) = (cause.subject.as_str(), time.to_string());
    derived(kind.word(), &[cause.rule, subject, cause.trigger, &time])
}
