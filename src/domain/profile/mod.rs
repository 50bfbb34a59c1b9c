//! The process profile: the community's numbers and words. States and their
//! transitions are fixed; labels, limits, actors, criteria, duties and templates are here.
//! Holds no default number: what a profile leaves out is not asked for.

pub mod parse;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::clock::Limit;
use super::distribution::release::{Ground, ReleaseKind, ReleaseState, Skip};
use super::problem::report::Criticality;
use super::queue::state::State;
use super::queue::ticket::Outcome;
use super::schedule::milestone::Committee;

/// A profile as it is carried in the ledger (TOML) and compiled in the desk (JSON).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Profile {
    /// The shipped name, or the community's own.
    pub name: String,
    pub title: String,
    pub version: u32,
    /// The documents its numbers come from.
    #[serde(default)]
    pub source: String,
    /// Where a submission is handed in.
    #[serde(default)]
    pub support_unit: Option<String>,
    /// How long the managers have to inject a submission and answer it.
    #[serde(default)]
    pub injection_limit: Option<Limit>,
    /// Where that limit is written down.
    #[serde(default)]
    pub injection_rule: Option<String>,
    /// Whether waiting for the provider pauses the stage's clock.
    #[serde(default)]
    pub waiting: Waiting,
    /// Real reports a rollout needs before it is good.
    #[serde(default)]
    pub min_reports: u32,
    /// The share of announcements that a site answers in time, in percent, where its own
    /// agreement names none.
    #[serde(default)]
    pub sla_target: Option<u32>,
    /// How long after a delay its notice goes out.
    #[serde(default)]
    pub delay_notice: Option<Limit>,
    /// How long before its last day a silent site is reminded.
    #[serde(default)]
    pub reminder: Option<Limit>,
    /// What a rollout site needs.
    #[serde(default)]
    pub site_criterion: Vec<SiteCriterion>,
    /// When a delayed ticket without a promise is looked at again.
    #[serde(default)]
    pub delayed_review: Option<Limit>,
    /// How often the product team hears of an open ticket.
    #[serde(default)]
    pub status_message: Option<Limit>,
    /// How long before its day a milestone is shown among what needs a human.
    #[serde(default)]
    pub milestone_notice: Option<Limit>,
    /// From which share of its limit a clock is shown as due soon, in percent.
    #[serde(default)]
    pub amber_percent: u32,
    /// A version is checked against this scheme; empty means anything goes.
    #[serde(default)]
    pub version_scheme: VersionScheme,
    #[serde(default)]
    pub state: BTreeMap<State, StateRule>,
    #[serde(default)]
    pub criterion: Vec<Criterion>,
    #[serde(default)]
    pub milestones: Vec<MilestoneTemplate>,
    /// Freezes and candidates of a distribution release.
    #[serde(default)]
    pub distribution: Distribution,
    /// The countdown to a release.
    #[serde(default)]
    pub countdown: Vec<CountdownItem>,
    /// How the words of an imported status board map to states.
    #[serde(default)]
    pub board: BTreeMap<String, String>,
    /// How another system's words for a submission map to its states.
    #[serde(default)]
    pub submission_words: BTreeMap<String, String>,
    /// Who decides about problems, and how long each step may take.
    #[serde(default)]
    pub problem: ProblemRules,
}

/// What a community says about problems at its sites.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ProblemRules {
    /// Where the steps are written down.
    #[serde(default)]
    pub rule: Option<String>,
    /// Who may decide how critical a problem is; empty means anybody.
    #[serde(default)]
    pub bodies: Vec<String>,
    /// The helpdesk's words for a priority; empty means any.
    #[serde(default)]
    pub priorities: Vec<String>,
    /// How long each step may take; one without a limit has no clock.
    #[serde(default)]
    pub triage: Option<Limit>,
    #[serde(default)]
    pub engage: Option<Limit>,
    #[serde(default)]
    pub halt: Option<Limit>,
    #[serde(default)]
    pub successor: Option<Limit>,
    #[serde(default)]
    pub tell: Option<Limit>,
    #[serde(default)]
    pub close: Option<Limit>,
    #[serde(default)]
    pub workaround: Option<Limit>,
    /// By risk class of an advisory: within which time a fix is wanted.
    #[serde(default)]
    pub risk: BTreeMap<Criticality, Limit>,
}

/// Whether a clock runs on while the provider is asked something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Waiting {
    #[default]
    Runs,
    Pauses,
}

/// How a version is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VersionScheme {
    #[default]
    Any,
    /// major.minor.revision, then perhaps `-age` (EMI).
    MajorMinorRevision,
}

/// What a community says about one state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StateRule {
    /// The community's word for it.
    #[serde(default)]
    pub label: Option<String>,
    /// How long a ticket may stay.
    #[serde(default)]
    pub limit: Option<Limit>,
    /// Whose turn it is.
    #[serde(default)]
    pub actor: Option<String>,
    /// What passing the limit obliges the managers to do, in one imperative phrase.
    #[serde(default)]
    pub duty: Option<String>,
    /// Where the limit is written down.
    #[serde(default)]
    pub rule: Option<String>,
}

/// One quality criterion that a verifier judges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Criterion {
    pub id: String,
    pub area: String,
    pub name: String,
    /// A FAIL leads to rejection.
    #[serde(default)]
    pub critical: bool,
    /// When `critical` holds for some products only.
    #[serde(default)]
    pub critical_for: Option<String>,
    /// Results that make sense; empty means any.
    #[serde(default)]
    pub results: Vec<Outcome>,
}

/// What a community asks of a distribution release (DOMAIN.md C4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Distribution {
    /// Where that is written down.
    #[serde(default)]
    pub rule: Option<String>,
    /// How long before the release its date stands.
    #[serde(default)]
    pub date_freeze: Option<Limit>,
    /// How long before the release its contents stand.
    #[serde(default)]
    pub contents_freeze: Option<Limit>,
    /// Release candidates that have to be built.
    #[serde(default)]
    pub min_candidates: u32,
    /// What an emergency release may go without; notes, sign-off and a consistent
    /// production repository cannot be named here.
    #[serde(default)]
    pub emergency_skips: Vec<Skip>,
    /// What makes a release of each kind.
    #[serde(default)]
    pub kind: BTreeMap<ReleaseKind, String>,
    /// What each ground of an emergency means.
    #[serde(default)]
    pub ground: BTreeMap<Ground, String>,
}

/// One action of the countdown to a release (DOMAIN.md E9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CountdownItem {
    pub no: String,
    pub action: String,
    /// Who answers for it.
    pub role: String,
    /// By when: `release - 7 days`.
    pub due: String,
    /// The actions that are signed before it.
    #[serde(default)]
    pub needs: Vec<String>,
    /// How far the release must have come.
    #[serde(default)]
    pub after: Option<ReleaseState>,
    /// Where it is written down.
    #[serde(default)]
    pub rule: Option<String>,
}

/// One thing that a rollout site needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SiteCriterion {
    pub id: String,
    pub name: String,
    /// A site outside production lacks it, whatever is ticked.
    #[serde(default)]
    pub production: bool,
}

/// A pattern of milestones that a new cycle starts from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MilestoneTemplate {
    pub name: String,
    #[serde(default)]
    pub title: String,
    /// The code of the milestone that is the release.
    #[serde(default)]
    pub release: Option<String>,
    pub milestone: Vec<TemplateMilestone>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TemplateMilestone {
    pub code: String,
    pub name: String,
    pub rule: String,
    #[serde(default)]
    pub committee: Committee,
}

impl Profile {
    pub fn limit(&self, state: State) -> Option<Limit> {
        self.state.get(&state).and_then(|rule| rule.limit)
    }

    /// The community's word for a state, or ours.
    pub fn label(&self, state: State) -> &str {
        self.state
            .get(&state)
            .and_then(|rule| rule.label.as_deref())
            .unwrap_or_else(|| state.word())
    }

    /// A criterion by its id, in any case.
    pub fn criterion(&self, id: &str) -> Option<&Criterion> {
        self.criterion
            .iter()
            .find(|criterion| criterion.id.eq_ignore_ascii_case(id))
    }

    pub fn template(&self, name: &str) -> Option<&MilestoneTemplate> {
        self.milestones
            .iter()
            .find(|template| template.name == name)
    }
}
