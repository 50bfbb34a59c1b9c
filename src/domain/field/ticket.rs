//! The fields of a ticket (PRODUCT.md section 5).

use serde_json::{Value, json};

use super::{Edit, Field, Seen, more, shown};
use crate::domain::noun::Noun;
use crate::domain::queue::repository::provider_view;
use crate::domain::queue::ticket::{Promotion, Ticket};

const STEP: Edit = Edit::No("a step moves it: `relmate why ID` lists those that are open");
const DELAY: Edit = Edit::No("`relmate ticket delay ID --reason R` writes it");

fn of(seen: &Seen<'_>, get: impl Fn(&Ticket) -> Value) -> Value {
    match seen.noun {
        Noun::Ticket(ticket) => get(ticket),
        _ => Value::Null,
    }
}

/// "beta 2026-03-02: verified by Vera", the earliest first.
fn promotions(ticket: &Ticket) -> Value {
    let mut promotions: Vec<_> = ticket.promotions.iter().collect();
    promotions.sort_by_key(|it| it.at.to_string());
    let one = |it: &&Promotion| format!("{} {}: {}", it.to.word(), it.at, it.proof);
    json!(promotions.iter().map(one).collect::<Vec<_>>())
}

/// Every field; the columns of a list are the shown ones.
#[rustfmt::skip]
pub(super) const FIELDS: &[Field] = &[
    shown("id", "Id", |seen| of(seen, |it| json!(it.id)), Edit::No("an id never changes")),
    more("submission", "Submission", |seen| of(seen, |it| json!(it.submission)), Edit::No("injection writes it")),
    shown("product", "Product", |seen| of(seen, |it| json!(it.product)), Edit::No("a ticket keeps its product")),
    shown("version", "Version", |seen| of(seen, |it| json!(it.version)), Edit::Text),
    shown("platform", "Platform", |seen| of(seen, |it| json!(it.platform)), Edit::Name),
    shown("arch", "Arch", |seen| of(seen, |it| json!(it.arch)), Edit::Name),
    more("provider", "Provider", |seen| of(seen, |it| json!(it.provider)), Edit::Text),
    shown("state", "State", |seen| of(seen, |it| json!(it.standing.state)), STEP),
    more("state_label", "State, in the community's word", |seen| of(seen, |it| json!(seen.setting.profile.label(it.standing.state))), STEP),
    more("provider_view", "What the product team sees", |seen| of(seen, |it| json!(provider_view(it, seen.setting.profile))), STEP),
    more("delayed_from", "Delayed from", |seen| of(seen, |it| json!(it.standing.delayed_from)), STEP),
    more("delay_reason", "Reason of the delay", |seen| of(seen, |it| json!(it.delay_reason)), DELAY),
    more("promised", "Promised", |seen| of(seen, |it| json!(it.promised)), DELAY),
    more("review", "Looked at again", |seen| of(seen, |it| json!(it.review)), DELAY),
    more("entered", "Entered", |seen| of(seen, |it| json!(it.standing.entered.day(seen.setting.zone))), STEP),
    more("entered_at_least", "Here at least since", |seen| of(seen, |it| json!(it.standing.at_least)), STEP),
    more("limit", "Limit", |seen| of(seen, |it| json!(it.standing.limit.map(|limit| limit.to_string()))), Edit::No("the profile says it")),
    shown("due", "Due", |seen| json!(seen.ticket_clock.as_ref().and_then(|clock| clock.due)), STEP),
    shown("days_left", "Days left", |seen| json!(seen.ticket_clock.as_ref().and_then(|clock| clock.days_left)), STEP),
    shown("overdue", "Overdue", |seen| json!(seen.ticket_clock.as_ref().is_some_and(|clock| clock.overdue)), STEP),
    more("can_move", "Can move now", |seen| json!(seen.can_move.as_ref().is_some_and(|can| can())), STEP),
    more("waited_days", "Days booked to the provider", |seen| json!(seen.ticket_clock.as_ref().map_or(0, |clock| clock.waited_days)), STEP),
    more("verifier", "Verifier", |seen| of(seen, |it| json!(it.verifier)), Edit::Person),
    shown("owner", "Owner", |seen| of(seen, |it| json!(it.owner)), Edit::Person),
    more("claimed_by", "On it", |seen| of(seen, |it| json!(it.claimed_by)), Edit::No("`relmate claim ID` writes it")),
    more("later", "Not before", |seen| of(seen, |it| json!(it.later)), Edit::No("`relmate later ID --until WHEN` writes it")),
    more("emergency", "Emergency", |seen| of(seen, |it| json!(it.emergency)), Edit::No("the submission or an emergency release says it")),
    more("packages", "Packages", |seen| of(seen, |it| json!(it.packages)), Edit::Names),
    more("channel_id", "Helpdesk id", |seen| of(seen, |it| json!(it.channel_id)), Edit::Text),
    more("tracking_id", "Tracking id", |seen| of(seen, |it| json!(it.tracking_id)), Edit::Text),
    more("notes_url", "Release notes", |seen| of(seen, |it| json!(it.notes_url)), Edit::Link),
    more("informed", "Team last informed", |seen| of(seen, |it| json!(it.informed)), Edit::No("sending a message writes it")),
    more("expected", "Expected by others", |seen| of(seen, |it| json!(it.expected)), Edit::Day),
    more("question", "Question", |seen| of(seen, |it| json!(it.question)), Edit::No("`relmate ticket ask` writes it")),
    more("results", "Criteria", |seen| of(seen, |it| json!(it.results)), Edit::No("`relmate ticket check` writes it")),
    more("testbed", "Testbed", |seen| of(seen, |it| json!(it.testbed)), Edit::Text),
    more("effort", "Effort in minutes", |seen| of(seen, |it| json!(it.effort)), Edit::No("`relmate ticket verify --hours` writes it")),
    more("verified", "Verified", |seen| of(seen, |it| json!(it.verified)), STEP),
    more("watch", "To watch in production", |seen| of(seen, |it| json!(it.watch)), Edit::Names),
    more("promotions", "Repositories", |seen| of(seen, promotions), Edit::No("verification and promotion write it")),
    more("announced", "Announced", |seen| of(seen, |it| json!(it.announced.map(|at| at.day(seen.setting.zone)))), Edit::No("`relmate announce ID` writes it")),
    more("early", "At their own risk", |seen| of(seen, |it| json!(it.early.iter().map(|(site, early)| format!("{site}, {}", early.accepted_by)).collect::<Vec<_>>())), Edit::No("`relmate site early` writes it")),
    more("tested_by", "Tested by", |seen| of(seen, |it| json!(it.tested_by)), Edit::No("`relmate ticket accept --tested-by SITE` writes it")),
    more("release", "Distribution release", |seen| of(seen, |it| json!(it.release)), Edit::No("`relmate release compose` writes it")),
    more("closing_reason", "Reason", |seen| of(seen, |it| json!(it.closing_reason)), STEP),
    more("superseded_by", "Superseded by", |seen| of(seen, |it| json!(it.superseded_by)), STEP),
    more("source", "Source", |seen| of(seen, |it| json!(it.source)), Edit::No("an import writes it")),
];
