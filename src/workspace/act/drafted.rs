//! One text that two managers' steps drafted apart, each with its own facts: it follows what is
//! settled of the record that it is about, and is not sent before. Refuses to touch what a human
//! wrote: that stands over every draft.

use crate::domain::attention::quoted;
use crate::domain::kind::Kind;
use crate::domain::message::{Message, MessageState, TEXT};
use crate::ledger::{EntityId, Hash, Op, Record};
use crate::store::makers;
use crate::workspace::look::conflicts::Contest;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;
use serde_json::Value;

/// Whether nothing but drafts stands in a field of a text, and they differ.
fn differs(text: &Record, field: &str) -> bool {
    let register = text.fields.get(field).filter(|it| it.contested());
    register.is_some_and(|register| {
        let drafted = makers(text);
        register
            .live
            .iter()
            .all(|it| drafted.contains(&it.order.hash))
    })
}

/// Lets every text say what the steps drafted that wrote the value which stands from now on.
pub(super) fn follow(
    plan: &mut Plan<'_, '_>,
    entity: &EntityId,
    contest: &Contest,
    stands: &Value,
) -> Result<(), Refusal> {
    let won = contest.sides.iter().filter(|side| side.value == *stands);
    let won: Vec<Hash> = won.flat_map(|side| side.steps.clone()).collect();
    let history = plan.writing.reader().history_of(entity)?;
    let steps = history.iter().filter(|it| won.contains(&it.applied.hash));
    for op in steps.flat_map(|it| &it.applied.commit.ops) {
        let Op::Set {
            entity: of,
            field,
            value,
            ..
        } = op
        else {
            continue;
        };
        let reader = plan.writing.reader();
        if of == entity || !TEXT.contains(&field.as_str()) || !differs(&reader.live(of)?, field) {
            continue;
        }
        let Some(id) = reader.shown_id(of)? else {
            continue;
        };
        let row = reader.record(Some(Kind::Message), &id)?;
        if row.is_some_and(|row| row.state == MessageState::Drafted.word())
            && plan.set(of, field, value.clone())?
            && field == "body"
        {
            plan.say(format!("{id} says what stands now."));
        }
    }
    Ok(())
}

/// Refuses a text of which two drafts differ while it is open which of them is right.
pub(super) fn open(plan: &Plan<'_, '_>, entity: &EntityId, text: &Message) -> Result<(), Refusal> {
    let record = plan.writing.reader().live(entity)?;
    if !TEXT.iter().any(|field| differs(&record, field)) {
        return Ok(());
    }
    for about in &text.about {
        if plan.load_any(about).is_ok_and(|it| it.row.contested) {
            return Err(Refusal::rule(
                format!(
                    "{} was drafted twice with different facts, and {about} is not settled.",
                    text.id
                ),
                format!(
                    "`relmate conflicts` shows both; the letter follows what `relmate resolve {}` makes of it.",
                    quoted(about)
                ),
            ));
        }
    }
    Ok(())
}
