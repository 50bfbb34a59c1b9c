//! Settling what two managers wrote at once: one value takes the place of all, with a reason that
//! stays in the history. A state is settled only where its own guards agree. Chooses for nobody.

use serde_json::{Value, json};

use super::remarks::by_hand;
use super::{
    along, drafted, let_go, outbox, problem, release, rollout, schedule, submission, ticket,
};
use crate::domain::attention::quoted;
use crate::domain::field::editable;
use crate::domain::noun::Noun;
use crate::domain::plain::and;
use crate::ledger::{Draft, EntityId, Hash};
use crate::store::RecordRow;
use crate::workspace::action::{Resolve, Settle};
use crate::workspace::look::conflicts::{
    self, Conflict, Contest, Means, Side, has_markers, propose,
};
use crate::workspace::look::gate;
use crate::workspace::look::log;
use crate::workspace::plan::{Loaded, Plan};
use crate::workspace::refusal::Refusal;

/// What was asked.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub id: &'a str,
    pub how: Settle,
    pub value: Option<&'a str>,
    pub because: &'a str,
}

pub fn settle(plan: &mut Plan<'_, '_>, action: &Resolve) -> Result<(), Refusal> {
    let Resolve {
        id,
        field,
        how,
        value,
        because,
        alone,
    } = action;
    let asked = Asked {
        id,
        how: *how,
        value: value.as_deref(),
        because: because.trim(),
    };
    if asked.because.is_empty() {
        return Err(Refusal::usage(
            "A conflict is settled with a reason.",
            "Write --because WHY; it stays in the history.",
        ));
    }
    if asked.value.is_some() && !asked.how.takes_value() {
        return Err(Refusal::usage(
            format!("A value does not go with {:?}.", asked.how.word()),
            "Leave the value out, or write it without saying how.",
        ));
    }
    let row = conflicts::row(&plan.writing.reader(), id)?;
    let conflict = conflicts::of(&plan.writing.reader(), &row)?;
    let loaded = plan.loaded(row)?;
    let meant = meant(&conflict, field.as_deref())?;
    plan.receipt.ids.push(conflict.id.clone());
    plan.settling = true;
    for contest in meant {
        let won = one(plan, &loaded, &contest, &asked)?;
        if !alone {
            along::settle(plan, (loaded.row.kind, &contest), &won, &asked)?;
        }
    }
    Ok(())
}

/// What stands against settling anything about a record: there is nothing.
pub fn against(row: &RecordRow) -> Result<(), Refusal> {
    if row.contested || row.broken {
        return Ok(());
    }
    Err(Refusal::rule(
        format!("{} is not contested.", row.id),
        "`relmate conflicts` lists what is.",
    ))
}

/// The contested fields that were meant.
fn meant(conflict: &Conflict, field: Option<&str>) -> Result<Vec<Contest>, Refusal> {
    let id = &conflict.id;
    let names = || {
        let names: Vec<&str> = conflict.fields.iter().map(|it| it.field.as_str()).collect();
        names.join(", ")
    };
    let Some(field) = field else {
        return match conflict.fields.as_slice() {
            [one] => Ok(vec![one.clone()]),
            [] => Err(nothing(conflict)),
            _ => Err(Refusal::usage(
                format!("{id} is contested in {}.", names()),
                format!(
                    "Name one: `relmate resolve {} FIELD HOW`, or `all`.",
                    quoted(id)
                ),
            )),
        };
    };
    if field == "all" && !conflict.fields.is_empty() {
        return Ok(conflict.fields.clone());
    }
    let same = |it: &&Contest| it.field.eq_ignore_ascii_case(field);
    if let Some(contest) = conflict.fields.iter().find(same) {
        return Ok(vec![contest.clone()]);
    }
    // What happened twice is no dispute; it is told until somebody has said what it means.
    let twice = conflict
        .violations
        .iter()
        .find(|it| it.rule == "happened-twice");
    if let Some(broken) = twice.filter(|it| it.mend.contains(&format!(" {field} "))) {
        return Ok(vec![Contest {
            field: field.to_owned(),
            label: broken.what.clone(),
            ..Contest::default()
        }]);
    }
    if conflict.fields.is_empty() {
        return Err(nothing(conflict));
    }
    Err(Refusal::not_found(
        format!("{field:?} of {id} is not contested."),
        format!("Contested is {}.", names()),
    ))
}

fn nothing(conflict: &Conflict) -> Refusal {
    match conflict.violations.first() {
        Some(broken) => Refusal::rule(
            format!("{} is not contested: {}.", conflict.id, broken.what),
            format!("`{}` mends it.", broken.mend),
        ),
        None => Refusal::rule(
            format!("{} is not contested.", conflict.id),
            "`relmate conflicts` lists what is.",
        ),
    }
}

/// Settles one field; returns the steps whose value stands now, if it is one of theirs.
pub(super) fn one(
    plan: &mut Plan<'_, '_>,
    loaded: &Loaded,
    contest: &Contest,
    asked: &Asked<'_>,
) -> Result<Vec<Hash>, Refusal> {
    let (entity, field) = (&loaded.entity, contest.field.as_str());
    if asked.how == Settle::Later {
        plan.event(entity, "put-off", told(field, "later", asked));
        plan.say(format!(
            "{} of {} stays contested for now.",
            field, asked.id
        ));
        return Ok(Vec::new());
    }
    if contest.sides.is_empty() {
        acknowledge(plan, entity, field)?;
        plan.event(entity, "resolved", told(field, asked.how.word(), asked));
        plan.say(settled(&plan.draft, entity, (field, asked.id)));
        return Ok(Vec::new());
    }
    let chosen = chosen(plan, loaded, contest, asked)?;
    let writes = chosen.means == Means::Write;
    if writes {
        guard(plan, loaded, field, &chosen.value)?;
    }
    stand(plan, loaded, (contest, &chosen), asked)?;
    if writes {
        drafted::follow(plan, entity, contest, &chosen.value)?;
    }
    Ok(chosen.of)
}

fn told(field: &str, how: &str, asked: &Asked<'_>) -> Value {
    json!({"text": asked.because, "field": field, "how": how})
}

/// Makes what was chosen the one value; nothing stands against it.
pub(super) fn stand(
    plan: &mut Plan<'_, '_>,
    loaded: &Loaded,
    (contest, chosen): (&Contest, &Chosen),
    asked: &Asked<'_>,
) -> Result<(), Refusal> {
    let (entity, field) = (&loaded.entity, contest.field.as_str());
    match chosen.means {
        Means::TakeOff => plan.take_off(entity)?,
        Means::Keep => {
            plan.set(entity, "deleted", Value::Null)?;
        }
        Means::Write => {
            let value = &chosen.value;
            plan.set(entity, field, value.clone())?;
            if field == "state" {
                let_go::let_go(plan, entity, contest, value)?;
            }
            if let (Noun::Ticket(ticket), "release") = (&loaded.noun, field) {
                let_go::other_releases(plan, &ticket.id, value.as_str())?;
            }
        }
    }
    plan.event(entity, "resolved", told(field, asked.how.word(), asked));
    plan.say(settled(&plan.draft, entity, (field, asked.id)));
    Ok(())
}

/// "platform of T-3 is settled: el9."
fn settled(draft: &Draft, entity: &EntityId, (field, id): (&str, &str)) -> String {
    let written = draft.value(entity, field);
    let stands = match written {
        _ if field == "deleted" && written.is_none_or(Value::is_null) => "it stays".to_owned(),
        _ if field == "deleted" => "it leaves the desk".to_owned(),
        Some(value) => log::short(field, value),
        None => String::new(),
    };
    let stands = crate::domain::plain::plain(&stands).into_owned();
    if stands.is_empty() {
        format!("{field} of {id} is settled.")
    } else {
        let stop = if stands.ends_with(['.', '!', '?', '…']) {
            ""
        } else {
            "."
        };
        format!("{field} of {id} is settled: {stands}{stop}")
    }
}

/// What happened twice stays so; the earlier one stands, in one value again.
fn acknowledge(plan: &mut Plan<'_, '_>, entity: &EntityId, field: &str) -> Result<(), Refusal> {
    let record = plan.writing.reader().live(entity)?;
    let Some(register) = record.fields.get(field) else {
        return Ok(());
    };
    let values: Vec<&Value> = register.live.iter().map(|live| &live.value).collect();
    let shown = crate::domain::dispute::shown(field, &values);
    if let Some(value) = shown.and_then(|at| values.get(at)) {
        plan.draft
            .set(entity, field, (*value).clone(), register.dots());
    }
    Ok(())
}

/// What shall stand, and the steps that wrote it already, if it is one of theirs.
pub(super) struct Chosen {
    means: Means,
    pub value: Value,
    of: Vec<Hash>,
}

impl Chosen {
    const fn new(value: Value) -> Self {
        Self {
            means: Means::Write,
            value,
            of: Vec::new(),
        }
    }

    fn side(side: &Side) -> Self {
        Self {
            means: side.means.clone(),
            value: side.value.clone(),
            of: side.steps.clone(),
        }
    }
}

/// What these steps wrote, if they wrote one value and it stands beside others.
pub(super) fn side_of(contest: &Contest, steps: &[Hash]) -> Option<Chosen> {
    let mut sides = contest.sides.iter();
    let theirs = |side: &&Side| steps.iter().all(|step| side.steps.contains(step));
    sides.find(theirs).map(Chosen::side)
}

fn chosen(
    plan: &mut Plan<'_, '_>,
    loaded: &Loaded,
    contest: &Contest,
    asked: &Asked<'_>,
) -> Result<Chosen, Refusal> {
    if let Some(text) = asked.value {
        return written(plan, loaded, contest, text);
    }
    match asked.how {
        Settle::Mine => side(contest, asked, &plan.actor.person, true).map(Chosen::side),
        Settle::Theirs => side(contest, asked, &plan.actor.person, false).map(Chosen::side),
        Settle::Both => both(contest, asked).map(Chosen::new),
        Settle::Merge => merged(plan, contest, asked).map(Chosen::new),
        Settle::Later | Settle::Value => Err(Refusal::usage(
            "No value was given.",
            "Write --value V or --text T.",
        )),
    }
}

/// The one value of this person, or the one of the others.
fn side<'a>(
    contest: &'a Contest,
    asked: &Asked<'_>,
    person: &str,
    mine: bool,
) -> Result<&'a Side, Refusal> {
    let found: Vec<&Side> = contest
        .sides
        .iter()
        .filter(|side| (side.by == person) == mine)
        .collect();
    let hint = || {
        format!(
            "`relmate conflicts` shows them; `relmate resolve {} {} --value V` names one.",
            quoted(asked.id),
            contest.field
        )
    };
    match found.as_slice() {
        [one] => Ok(one),
        [] if mine => Err(Refusal::rule(
            format!("None of the values of {} is {person}'s.", contest.field),
            hint(),
        )),
        [] => Err(Refusal::rule(
            format!("All the values of {} are {person}'s.", contest.field),
            hint(),
        )),
        [.., last] if last.means != Means::Write || mine => Ok(last),
        _ => Err(Refusal::rule(
            format!("More than one other wrote {}.", contest.field),
            hint(),
        )),
    }
}

/// A value that was written out: one of the sides by its own words, or a new text.
fn written(
    plan: &mut Plan<'_, '_>,
    loaded: &Loaded,
    contest: &Contest,
    text: &str,
) -> Result<Chosen, Refusal> {
    if has_markers(text) {
        return Err(Refusal::rule(
            "The text still holds both sides between markers.",
            "Leave of each marked place what shall stand, and no marker.",
        ));
    }
    let same = |side: &&Side| side.text.eq_ignore_ascii_case(text.trim());
    if let Some(side) = contest.sides.iter().find(same) {
        return Ok(Chosen::side(side));
    }
    // A new value passes what `set` asks of it; what is not written by hand is one of the sides.
    let hand = editable(loaded.row.kind, &contest.field).is_ok();
    if hand && let [(_, value)] = by_hand(plan, loaded, &contest.field, text)?.as_slice() {
        return Ok(Chosen::new(value.clone()));
    }
    let known = contest.sides.iter().map(|it| format!("{:?}", it.text));
    Err(Refusal::usage(
        format!("{text:?} is none of the values of {}.", contest.field),
        format!("They are {}.", and(&known.collect::<Vec<_>>())),
    ))
}

/// Texts as one. Where each is a line, it stays a line: it is told in sentences and in letters.
fn after_each_other(texts: &[&str]) -> String {
    if texts.iter().any(|text| text.contains('\n')) {
        return texts.join("\n\n");
    }
    let mut line = String::new();
    for text in texts {
        let ended = line.ends_with(['.', '!', '?']);
        line.push_str(match (line.is_empty(), ended) {
            (true, _) => "",
            (false, true) => " ",
            (false, false) => "; ",
        });
        line.push_str(text.trim());
    }
    line
}

/// Both: lists are joined, lines stand in one, longer texts one below the other, the earlier first.
fn both(contest: &Contest, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let values: Vec<&Value> = contest
        .sides
        .iter()
        .map(|side| &side.value)
        .filter(|value| !value.is_null())
        .collect();
    if values.iter().all(|it| it.is_array()) {
        let mut joined: Vec<Value> = Vec::new();
        for value in values.iter().filter_map(|it| it.as_array()).flatten() {
            if !joined.contains(value) {
                joined.push(value.clone());
            }
        }
        return Ok(Value::Array(joined));
    }
    if contest.may_both_stand() {
        let texts: Vec<&str> = values.iter().filter_map(|it| it.as_str()).collect();
        return Ok(json!(after_each_other(&texts)));
    }
    Err(Refusal::rule(
        format!("Both values of {} cannot stand at once.", contest.field),
        format!(
            "Write mine, theirs, or `relmate resolve {} {} --value V`.",
            quoted(asked.id),
            contest.field
        ),
    ))
}

/// A long text with what both changed, where the changes do not touch each other.
fn merged(plan: &Plan<'_, '_>, contest: &Contest, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let mine = side(contest, asked, &plan.actor.person, true)?;
    let theirs = side(contest, asked, &plan.actor.person, false)?;
    let texts = (contest.words, mine.value.as_str(), theirs.value.as_str());
    let (true, Some(mine), Some(theirs)) = texts else {
        return Err(Refusal::rule(
            format!("{} is no text that could be merged.", contest.field),
            if contest.may_both_stand() {
                "Write mine, theirs or both."
            } else {
                "Write mine or theirs."
            },
        ));
    };
    let proposal = propose(contest.base.as_str().unwrap_or_default(), mine, theirs);
    if proposal.clean {
        return Ok(json!(proposal.text));
    }
    Err(Refusal::rule(
        format!("Both changed the same lines of {}.", contest.field),
        format!(
            "Write what shall stand with --text T; `relmate conflicts {}` shows both.",
            quoted(asked.id)
        ),
    ))
}

/// What two managers disagreed on is settled only where its own step would be open: a state by
/// the guards of what leads there, a person by the rules about who may be named.
pub(super) fn guard(
    plan: &mut Plan<'_, '_>,
    loaded: &Loaded,
    field: &str,
    value: &Value,
) -> Result<(), Refusal> {
    if field != "state" {
        return named(plan, loaded, field, value);
    }
    gate::held_back(&loaded.row, value)?;
    match &loaded.noun {
        Noun::Ticket(it) => ticket::reachable(plan, it, value),
        Noun::Release(it) => release::reachable(plan, it, value),
        Noun::Problem(it) => problem::reachable(plan, it, value),
        Noun::Announcement(it) => rollout::reachable(plan, it, value),
        Noun::Submission(it) => submission::reachable(plan, it, value),
        Noun::Message(it) => outbox::reachable(plan, it, value),
        Noun::Cycle(it) => schedule::cycle::reachable(plan, it, value),
        // Nothing stands against these being done or dropped, or they have no state at all.
        Noun::Milestone(_)
        | Noun::Action(_)
        | Noun::Desk(_)
        | Noun::Product(_)
        | Noun::Site(_)
        | Noun::KnownError(_)
        | Noun::Person(_)
        | Noun::Lesson(_) => Ok(()),
    }
}

fn named(
    plan: &mut Plan<'_, '_>,
    loaded: &Loaded,
    field: &str,
    value: &Value,
) -> Result<(), Refusal> {
    match value.as_str() {
        Some(text) if matches!(field, "owner" | "verifier" | "provider") => {
            by_hand(plan, loaded, field, text).map(drop)
        }
        _ => Ok(()),
    }
}
