//! The fields of a submission.

use serde_json::{Value, json};

use super::{Edit, Field, Seen, more, shown};
use crate::domain::noun::Noun;
use crate::domain::queue::submission::Submission;

const STEP: Edit = Edit::No("`relmate inject`, the sent answer or `relmate submission` moves it");

fn of(seen: &Seen<'_>, get: impl Fn(&Submission) -> Value) -> Value {
    match seen.noun {
        Noun::Submission(submission) => get(submission),
        _ => Value::Null,
    }
}

fn targets(submission: &Submission) -> Vec<String> {
    submission
        .targets
        .iter()
        .map(|it| format!("{}/{}", it.platform, it.arch))
        .collect()
}

#[rustfmt::skip]
pub(super) const FIELDS: &[Field] = &[
    shown("id", "Id", |seen| of(seen, |it| json!(it.id)), Edit::No("an id never changes")),
    shown("product", "Product", |seen| of(seen, |it| json!(it.product)), Edit::No("a submission keeps its product")),
    shown("version", "Version", |seen| of(seen, |it| json!(it.version)), Edit::Text),
    more("provider", "Provider", |seen| of(seen, |it| json!(it.provider)), Edit::Text),
    shown("targets", "Meant for", |seen| of(seen, |it| json!(targets(it))), Edit::Targets),
    shown("state", "State", |seen| of(seen, |it| json!(it.standing.state)), STEP),
    shown("submitted", "Submitted", |seen| of(seen, |it| json!(it.submitted.day(seen.setting.zone))), STEP),
    more("submitted_at_least", "Here at least since", |seen| of(seen, |it| json!(it.at_least)), STEP),
    more("injected", "Injected", |seen| of(seen, |it| json!(it.injected.map(|at| at.day(seen.setting.zone)))), STEP),
    more("answered", "Answered", |seen| of(seen, |it| json!(it.answered.map(|at| at.day(seen.setting.zone)))), STEP),
    more("limit", "Limit", |seen| of(seen, |it| json!(it.standing.limit.map(|limit| limit.to_string()))), Edit::No("the profile says it")),
    shown("due", "Due", |seen| json!(seen.submission_clock.as_ref().and_then(|clock| clock.due)), STEP),
    shown("days_left", "Days left", |seen| json!(seen.submission_clock.as_ref().and_then(|clock| clock.days_left)), STEP),
    shown("overdue", "Overdue", |seen| json!(seen.submission_clock.as_ref().is_some_and(|clock| clock.overdue)), STEP),
    shown("tickets", "Tickets", |seen| of(seen, |it| json!(it.tickets)), Edit::No("injection writes it")),
    more("packages", "Packages", |seen| of(seen, |it| json!(it.packages)), Edit::Names),
    more("notes_url", "Release notes", |seen| of(seen, |it| json!(it.notes_url)), Edit::Link),
    more("channel_id", "Helpdesk id", |seen| of(seen, |it| json!(it.channel_id)), Edit::Text),
    more("support_unit", "Support unit", |seen| of(seen, |it| json!(it.support_unit)), Edit::Text),
    more("supersedes", "Supersedes", |seen| of(seen, |it| json!(it.supersedes)), Edit::Text),
    more("emergency", "Emergency", |seen| of(seen, |it| json!(it.emergency)), Edit::Yes),
    shown("owner", "Owner", |seen| of(seen, |it| json!(it.owner)), Edit::Person),
    more("claimed_by", "On it", |seen| of(seen, |it| json!(it.claimed_by)), Edit::No("`relmate claim ID` writes it")),
    more("later", "Not before", |seen| of(seen, |it| json!(it.later)), Edit::No("`relmate later ID --until WHEN` writes it")),
    more("reason", "Reason", |seen| of(seen, |it| json!(it.reason)), Edit::Text),
    more("source", "Source", |seen| of(seen, |it| json!(it.source)), Edit::No("an import writes it")),
];
