//! Everything a person can do to a desk, one type for the command line, the
//! screen and the palette alike. It is the commit's intent; it does nothing itself.

mod card;
mod member;
mod problem;
mod release;
mod rollout;
mod settle;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::queue::submission::Target;
use crate::domain::queue::ticket::Outcome;
use crate::domain::retro::lesson::LessonKind;
use crate::domain::schedule::milestone::Committee;
use crate::domain::when::When;
use crate::exchange::{Import, Rejected};

pub use card::{ProductCard, SiteCard};
pub use member::MemberAction;
pub use problem::{ErrorAdd, ProblemAction, ProblemClose, ProblemFile, ProblemFix, ProblemTriage};
pub use release::{Compose, ReleaseAction, ReleaseAdd};
pub use rollout::{Agreement, Announce, RolloutAction, Told};
pub use settle::{Resolve, Settle};

/// One action. Dates are resolved already: an intent never says "tomorrow".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Action {
    Init(Init),
    Holidays {
        days: Vec<(chrono::NaiveDate, String)>,
        source: String,
        /// Lines that were not understood; they are told and not kept.
        #[serde(skip)]
        rejected: Vec<Rejected>,
    },
    Profile {
        text: String,
        reason: String,
    },

    /// Where questions go: the address under every text.
    Contact {
        mail: Option<String>,
    },

    PersonAdd {
        name: String,
        mail: Option<String>,
        organisation: Option<String>,
        roles: Vec<String>,
    },
    PersonAway {
        name: String,
        from: chrono::NaiveDate,
        to: chrono::NaiveDate,
        reason: Option<String>,
    },
    Primary {
        name: String,
    },

    CycleAdd(CycleAdd),
    CycleApprove {
        name: String,
        decision: Option<String>,
    },
    CycleClose {
        name: String,
    },
    MilestoneAdd(MilestoneAdd),
    /// Moves a milestone and everything that hangs on it. `milestone move` on a
    /// draft and `slip` on an approved schedule are this one action.
    MilestoneMove {
        id: String,
        to: When,
        reason: Option<String>,
    },
    MilestoneDone {
        id: String,
    },

    ProductAdd(ProductCard),
    ProductEdit(ProductCard),
    Submit(Submit),
    /// Refuses a submission as it came in, or takes it back at the provider's wish.
    SubmissionClose {
        id: String,
        refused: bool,
        reason: Option<String>,
    },
    Inject {
        id: String,
        tracking: BTreeMap<String, String>,
    },

    TicketStart {
        id: String,
        verifier: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        testbed: Option<String>,
    },
    TicketAsk {
        id: String,
        text: String,
    },
    TicketAnswer {
        id: String,
        text: String,
    },
    TicketCheck {
        id: String,
        results: Vec<(String, Outcome)>,
        note: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link: Option<String>,
    },
    TicketVerify {
        id: String,
        #[serde(flatten)]
        ending: VerificationEnd,
    },
    TicketAccept {
        id: String,
        tested_by: Vec<String>,
    },
    TicketReject {
        id: String,
        reason: Option<String>,
    },
    TicketDelay {
        id: String,
        reason: Option<String>,
        promise: Option<When>,
    },
    TicketResume {
        id: String,
        due: Option<When>,
    },
    TicketWithdraw {
        id: String,
        reason: Option<String>,
    },
    TicketPromote {
        id: String,
    },
    TicketRecall {
        id: String,
        reason: Option<String>,
        by: Option<String>,
    },
    TicketInform {
        id: String,
        text: Option<String>,
    },

    Comment {
        id: String,
        text: String,
        private: bool,
    },
    Claim {
        id: String,
        drop: bool,
    },
    Later {
        id: String,
        until: When,
    },
    /// Any editable field of any record.
    Set {
        id: String,
        fields: Vec<(String, String)>,
    },
    Delete {
        id: String,
        reason: Option<String>,
    },
    /// Settles what two managers wrote at once.
    Resolve(Resolve),
    /// Takes a commit back; none named is the actor's last action.
    Undo {
        target: Option<String>,
    },
    /// Takes an undo back.
    Redo {
        target: Option<String>,
    },

    SiteAdd(SiteCard),
    LessonAdd {
        kind: LessonKind,
        text: String,
        about: Option<String>,
    },
    Vote {
        id: String,
    },
    ActionAdd {
        text: String,
        owner: Option<String>,
        due: Option<When>,
        about: Option<String>,
    },
    ActionDone {
        id: String,
    },
    ActionDrop {
        id: String,
        reason: Option<String>,
    },

    OutboxEdit {
        id: String,
        to: Option<Vec<String>>,
        subject: Option<String>,
        body: Option<String>,
    },
    OutboxSent {
        id: String,
    },
    OutboxSkip {
        id: String,
        reason: Option<String>,
    },

    /// A staged rollout: sites, announcements, reports.
    Rollout(RolloutAction),
    /// Problems and known errors.
    Problem(ProblemAction),
    /// Distribution releases.
    Release(ReleaseAction),
    Member(MemberAction),

    /// Records from other people's files, as one step.
    Import(Import),
    /// Several of the others as one step, which one undo takes back whole.
    Batch {
        actions: Vec<Self>,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Init {
    pub name: String,
    pub managers: Vec<String>,
    pub timezone: String,
    /// The profile's TOML, verbatim.
    pub profile: String,
    #[serde(default)]
    pub holidays: Vec<(chrono::NaiveDate, String)>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CycleAdd {
    pub name: String,
    pub start: Option<When>,
    pub release: Option<When>,
    /// A milestone template of the profile.
    pub template: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MilestoneAdd {
    /// None is the one open cycle.
    pub cycle: Option<String>,
    pub code: String,
    pub name: Option<String>,
    pub rule: Option<String>,
    pub date: Option<When>,
    #[serde(default)]
    pub committee: Committee,
    pub owner: Option<String>,
}

/// What is said at the end of a verification.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VerificationEnd {
    /// The certification mark, where it is not the verifier's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certified: Option<String>,
    /// The test behind the mark, where it is not the verification report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_reference: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// What the rollout sites should watch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub watch: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Submit {
    pub product: String,
    pub version: Option<String>,
    pub targets: Vec<Target>,
    pub notes_url: Option<String>,
    pub packages: Vec<String>,
    pub channel_id: Option<String>,
    pub supersedes: Option<String>,
    #[serde(default)]
    pub emergency: bool,
    /// Why it is taken in although a part is missing or not as it should be.
    pub waive: Option<String>,
}

/// Whether a step only told the desk of what was so all along: its founding, its
/// calendar, who and what there is. `--as-of` a day before counts them all the same.
pub fn is_timeless(intent: &serde_json::Value) -> bool {
    match intent["do"].as_str() {
        Some("init" | "holidays" | "person-add" | "product-add" | "site-add") => true,
        Some("batch") => intent["actions"]
            .as_array()
            .is_some_and(|actions| actions.iter().all(is_timeless)),
        _ => false,
    }
}

/// What a step is called, from its intent; a newer version's by the word it is kept under.
pub fn called(intent: &serde_json::Value, name: fn(&Action) -> String) -> String {
    match Action::deserialize(intent) {
        Ok(action) => name(&action),
        Err(_) => intent["do"]
            .as_str()
            .unwrap_or("something newer")
            .replace('-', " "),
    }
}

/// What several steps that are not the same are called.
const SEVERAL: &str = "several steps";

/// The words of steps that are done at once.
fn of_several(actions: &[Action]) -> &'static str {
    match actions.split_first() {
        Some((first, rest)) if rest.iter().all(|it| it.verb() == first.verb()) => first.verb(),
        _ => SEVERAL,
    }
}

impl Action {
    /// The verb, and of several at once how many: `claim (3 records)`.
    pub fn title(&self) -> String {
        let verb = self.verb();
        match self {
            Self::Batch { actions } if actions.len() > 1 => {
                let mut names: Vec<&str> = actions.iter().filter_map(Self::subject).collect();
                let nameless = actions.len() - names.len();
                names.sort_unstable();
                names.dedup();
                match names.len() + nameless {
                    1 => verb.to_owned(),
                    n => format!("{verb} ({n} records)"),
                }
            }
            Self::Member(action) => action.title(),
            _ => verb.to_owned(),
        }
    }

    /// The record it is done to, or the name of the one it makes; none where a number is
    /// yet to be given, or where it is about the desk.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::Init(_)
            | Self::Holidays { .. }
            | Self::Profile { .. }
            | Self::Contact { .. }
            | Self::MilestoneAdd(_)
            | Self::Submit(_)
            | Self::LessonAdd { .. }
            | Self::ActionAdd { .. }
            | Self::Import(_)
            | Self::Batch { .. } => None,
            Self::PersonAdd { name, .. }
            | Self::PersonAway { name, .. }
            | Self::Primary { name }
            | Self::CycleAdd(CycleAdd { name, .. })
            | Self::CycleApprove { name, .. }
            | Self::CycleClose { name }
            | Self::ProductAdd(ProductCard { name, .. })
            | Self::ProductEdit(ProductCard { name, .. })
            | Self::SiteAdd(SiteCard { name, .. }) => Some(name),
            Self::MilestoneMove { id, .. }
            | Self::MilestoneDone { id }
            | Self::SubmissionClose { id, .. }
            | Self::Inject { id, .. }
            | Self::TicketStart { id, .. }
            | Self::TicketAsk { id, .. }
            | Self::TicketAnswer { id, .. }
            | Self::TicketCheck { id, .. }
            | Self::TicketVerify { id, .. }
            | Self::TicketAccept { id, .. }
            | Self::TicketReject { id, .. }
            | Self::TicketDelay { id, .. }
            | Self::TicketResume { id, .. }
            | Self::TicketWithdraw { id, .. }
            | Self::TicketPromote { id }
            | Self::TicketRecall { id, .. }
            | Self::TicketInform { id, .. }
            | Self::Comment { id, .. }
            | Self::Claim { id, .. }
            | Self::Later { id, .. }
            | Self::Set { id, .. }
            | Self::Delete { id, .. }
            | Self::Resolve(Resolve { id, .. })
            | Self::Vote { id }
            | Self::ActionDone { id }
            | Self::ActionDrop { id, .. }
            | Self::OutboxEdit { id, .. }
            | Self::OutboxSent { id }
            | Self::OutboxSkip { id, .. } => Some(id),
            Self::Rollout(action) => action.subject(),
            Self::Problem(action) => action.subject(),
            Self::Release(action) => action.subject(),
            Self::Member(action) => action.subject(),
            Self::Undo { target } | Self::Redo { target } => target.as_deref(),
        }
    }

    /// The steps it is made of: itself, or those that are done at once.
    pub fn parts(&self) -> &[Self] {
        match self {
            Self::Batch { actions } => actions,
            one => std::slice::from_ref(one),
        }
    }

    /// The words of the command line that does this: `ticket delay`.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Init(_) => "init",
            Self::Holidays { .. } => "holidays",
            Self::Profile { .. } => "profile edit",
            Self::Contact { .. } => "contact",
            Self::PersonAdd { .. } => "person add",
            Self::PersonAway { .. } => "person away",
            Self::Primary { .. } => "primary",
            Self::CycleAdd(_) => "cycle add",
            Self::CycleApprove { .. } => "cycle approve",
            Self::CycleClose { .. } => "cycle close",
            Self::MilestoneAdd(_) => "milestone add",
            Self::MilestoneMove { .. } => "milestone move",
            Self::MilestoneDone { .. } => "milestone done",
            Self::ProductAdd(_) => "product add",
            Self::ProductEdit(_) => "product edit",
            Self::Submit(_) => "submit",
            Self::SubmissionClose { refused: true, .. } => "submission refuse",
            Self::SubmissionClose { .. } => "submission withdraw",
            Self::Inject { .. } => "inject",
            Self::TicketStart { .. } => "ticket start",
            Self::TicketAsk { .. } => "ticket ask",
            Self::TicketAnswer { .. } => "ticket answer",
            Self::TicketCheck { .. } => "ticket check",
            Self::TicketVerify { .. } => "ticket verify",
            Self::TicketAccept { .. } => "ticket accept",
            Self::TicketReject { .. } => "ticket reject",
            Self::TicketDelay { .. } => "ticket delay",
            Self::TicketResume { .. } => "ticket resume",
            Self::TicketWithdraw { .. } => "ticket withdraw",
            Self::TicketPromote { .. } => "ticket promote",
            Self::TicketRecall { .. } => "ticket recall",
            Self::TicketInform { .. } => "ticket inform",
            Self::Comment { .. } => "comment",
            Self::Claim { .. } => "claim",
            Self::Later { .. } => "later",
            Self::Set { .. } => "set",
            Self::Delete { .. } => "delete",
            Self::Resolve(_) => "resolve",
            Self::Undo { .. } => "undo",
            Self::Redo { .. } => "redo",
            Self::SiteAdd(_) => "site add",
            Self::LessonAdd { .. } => "lesson",
            Self::Vote { .. } => "vote",
            Self::ActionAdd { .. } => "action add",
            Self::ActionDone { .. } => "action done",
            Self::ActionDrop { .. } => "action drop",
            Self::OutboxEdit { .. } => "outbox edit",
            Self::OutboxSent { .. } => "outbox sent",
            Self::OutboxSkip { .. } => "outbox skip",
            Self::Rollout(action) => action.verb(),
            Self::Problem(action) => action.verb(),
            Self::Release(action) => action.verb(),
            Self::Member(action) => action.verb(),
            Self::Import(_) => "import",
            Self::Batch { actions } => of_several(actions),
        }
    }
}
