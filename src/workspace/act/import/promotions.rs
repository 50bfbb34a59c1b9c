//! Merges into the repositories, told by another system, on the tickets they are about.
//! What is so is recorded: a ticket goes forward by it, never back.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::Known;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::plain::and;
use crate::domain::queue::state::{Standing, State, Visit};
use crate::domain::queue::ticket::{Promotion, Repository, Ticket};
use crate::domain::queue::version;
use crate::domain::rollout::announcement::{AnnouncementStanding, AnnouncementState};
use crate::domain::when::When;
use crate::domain::zone::Zone;
use crate::exchange::{Item, key};
use crate::ledger::EntityId;
use crate::workspace::look::rollout::Rollout;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// The field that carries them.
pub(super) const FIELD: &str = "promotions";

/// What the desk knows of products, for rows that say less than it does.
#[derive(Default)]
pub(super) struct Releases {
    /// By product, version and platform, without the architecture.
    tickets: HashMap<String, Vec<String>>,
    /// By product: version and id.
    versions: HashMap<String, Vec<(String, String)>>,
}

impl Releases {
    /// Learns a ticket or a submission.
    pub(super) fn learn(&mut self, kind: Kind, id: &str, body: &Value) {
        let text = |field: &str| body[field].as_str().unwrap_or_default();
        if kind == Kind::Ticket {
            let (version, platform) = (body["version"].as_str(), text("platform"));
            let told = [platform, ""];
            for platform in told.iter().take(if platform.is_empty() { 1 } else { 2 }) {
                let key = key::ticket(text("product"), version, platform, "");
                self.tickets.entry(key).or_default().push(id.to_owned());
            }
        }
        if !text("version").is_empty() {
            let known = self
                .versions
                .entry(key::key(&[text("product")]))
                .or_default();
            known.push((text("version").to_owned(), id.to_owned()));
        }
    }
}

/// The ticket that a row without an architecture is about; more than one is nobody's to choose.
pub(super) fn meets(known: &Known, item: &Item) -> Result<Option<String>, String> {
    if !item.fields.contains_key(FIELD) || item.kind != Kind::Ticket {
        return Ok(None);
    }
    let found = known.releases.tickets.get(&item.key);
    match found.map(Vec::as_slice) {
        None | Some([]) => Ok(None),
        Some([one]) => Ok(Some(one.clone())),
        Some(several) => Err(format!(
            "it fits {}, and does not say which: add platform and arch",
            and(several)
        )),
    }
}

/// Says where the desk knows the product under a version that looks like this one.
pub(super) fn doubt(plan: &mut Plan<'_, '_>, known: &Known, item: &Item) {
    let text = |field: &str| item.fields.get(field).and_then(Value::as_str);
    let (Some(product), Some(told)) = (text("product"), text("version")) else {
        return;
    };
    let versions = known.releases.versions.get(&key::key(&[product]));
    let alike = versions.into_iter().flatten();
    for (here, id) in alike.filter(|(here, _)| version::looks_miswritten(here, told)) {
        plan.warn(format!(
            "{product} is {told} in {} and {here} in {id}: both are kept, one may be a slip of the pen.",
            item.source
        ));
    }
}

/// Adds the merges that are not there yet, and says each.
pub(super) fn add(
    plan: &mut Plan<'_, '_>,
    entity: &EntityId,
    item: &Item,
    there: &[Promotion],
) -> Result<Vec<(String, String, String)>, Refusal> {
    let told = item.fields.get(FIELD).and_then(Value::as_array);
    let by = plan.actor.name().to_owned();
    let mut changes = Vec::new();
    for merge in told.into_iter().flatten() {
        let mut merge = merge.clone();
        merge["by"] = json!(by);
        let promotion: Promotion = serde_json::from_value(merge).map_err(|error| {
            Refusal::failed(format!("A promotion cannot be kept: {error}."), "")
        })?;
        let known = there
            .iter()
            .any(|it| (it.to, it.at, &it.proof) == (promotion.to, promotion.at, &promotion.proof));
        if !known && plan.add(entity, FIELD, json!(promotion))? {
            let what = format!("{} ({})", promotion.at, promotion.proof);
            let to = promotion.to.word().to_owned();
            changes.push((FIELD.to_owned(), String::new(), format!("{to} {what}")));
        }
    }
    Ok(changes)
}

/// Those of a ticket that is there.
pub(super) fn of(noun: &Noun) -> &[Promotion] {
    match noun {
        Noun::Ticket(ticket) => &ticket.promotions,
        _ => &[],
    }
}

/// Whether merges move a ticket on: in beta it is with its sites, in production it is out.
/// What a person closed, and what is further already, stays.
pub(super) fn moves_on(item: &Item, ticket: &Ticket) -> bool {
    let word = item.fields.get("state").and_then(Value::as_str);
    let before = matches!(
        ticket.standing.acts_as(),
        State::Unverified | State::Verification | State::WaitingForResponse
    );
    match word.and_then(State::from_word) {
        Some(State::Released) => ticket.standing.state.is_open(),
        Some(State::StagedRollout) => before,
        _ => false,
    }
}

/// The stay in beta that merges into both repositories tell of.
pub(super) fn stay_in_beta(item: &Item, standing: &Standing, limit: &Standing) -> Option<Visit> {
    let told = item.fields.get(FIELD)?.as_array()?;
    let beta = Repository::Beta.word();
    let first = told
        .iter()
        .filter(|it| it["to"] == beta)
        .filter_map(|it| it["at"].as_str()?.parse::<When>().ok())
        .min_by_key(ToString::to_string)?;
    let out = standing.state == State::Released && first.to_string() < standing.entered.to_string();
    out.then_some(Visit {
        state: State::StagedRollout,
        from: first,
        to: standing.entered,
        at_least: false,
        delayed_from: None,
        clock_from: first,
        limit: limit.limit,
        due: None,
    })
}

/// Adds the stay in beta behind the others: the one before ends where it begins, so that no
/// day is counted twice. What the desk knows to have begun later stands.
pub(super) fn follow(trail: &mut Vec<Visit>, mut beta: Visit, zone: &Zone) {
    if let Some(last) = trail.last_mut() {
        if last.from.day(zone) > beta.from.day(zone) {
            beta.from = last.from;
        }
        last.to = beta.from;
    }
    trail.push(beta);
}

/// Ends the announcements of a ticket that the file takes out of its rollout. Nothing is
/// drafted: the sites read the system that the file comes from.
pub(super) fn leave_rollout(
    plan: &mut Plan<'_, '_>,
    ticket: &Ticket,
    item: &Item,
    at: When,
) -> Result<(), Refusal> {
    let word = item.fields.get("state").and_then(Value::as_str);
    let now = word.and_then(State::from_word);
    if ticket.standing.acts_as() != State::StagedRollout || now == Some(State::StagedRollout) {
        return Ok(());
    }
    let rollout = Rollout::of(&plan.writing.reader(), &ticket.id)?;
    for announcement in &rollout.announcements {
        if !announcement.standing.state.is_open() {
            continue;
        }
        let entity = plan.load(Kind::Announcement, &announcement.id)?.entity;
        let standing = AnnouncementStanding {
            state: AnnouncementState::Ended,
            entered: at,
            sentence: Some(format!(
                "{} says that {} is {}.",
                item.source,
                ticket.id,
                word.unwrap_or_default()
            )),
            profile: plan.profile_version(),
        };
        plan.put(&entity, "state", &standing)?;
        plan.receipt.ids.push(announcement.id.clone());
    }
    Ok(())
}
