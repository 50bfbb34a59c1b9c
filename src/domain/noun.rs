//! Any record of the desk, typed: read from its fields, summed up in one row.
//! The only place that knows which kind is which struct.

use chrono::{Datelike, NaiveDate};
use serde_json::Value;

use super::calendar::Calendar;
use super::desk::Desk;
use super::distribution::release::Release;
use super::kind::Kind;
use super::message::{Message, MessageState};
use super::people::Person;
use super::problem::known_error::{ErrorState, KnownError};
use super::problem::report::Problem;
use super::problem::walk;
use super::profile::Profile;
use super::queue::clocks;
use super::queue::product::Product;
use super::queue::submission::Submission;
use super::queue::ticket::Ticket;
use super::retro::action_item::{ActionItem, ActionState};
use super::retro::lesson::Lesson;
use super::rollout::announcement::Announcement;
use super::rollout::site::Site;
use super::schedule::cycle::{Cycle, CycleState};
use super::schedule::milestone::Milestone;
use super::zone::Zone;

/// A record of any kind that this version keeps.
#[derive(Clone, Debug, PartialEq)]
pub enum Noun {
    Desk(Box<Desk>),
    Cycle(Cycle),
    Milestone(Milestone),
    Submission(Box<Submission>),
    Ticket(Box<Ticket>),
    Product(Product),
    Site(Box<Site>),
    Announcement(Box<Announcement>),
    Problem(Box<Problem>),
    KnownError(Box<KnownError>),
    Release(Box<Release>),
    Person(Person),
    Lesson(Lesson),
    Action(ActionItem),
    Message(Message),
}

/// What a record is judged by, besides itself.
pub struct Setting<'a> {
    pub profile: &'a Profile,
    pub calendar: &'a Calendar,
    pub zone: &'a Zone,
}

/// What is searched, sorted and counted of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    pub id: String,
    /// Somebody still has something to do.
    pub open: bool,
    pub state: String,
    pub owner: Option<String>,
    /// The record it belongs to: a milestone's cycle, a ticket's submission.
    pub parent: Option<String>,
    /// The last day in time.
    pub due_on: Option<NaiveDate>,
    /// Sorts a kind's open records by urgency: the due day, then the id's number.
    pub sort: String,
    /// What a row shows.
    pub title: String,
    /// What `find` looks at besides.
    pub words: String,
    /// Taken back or deleted: not listed any more.
    pub gone: bool,
}

impl Noun {
    /// Reads a record's fields; an error says which field is not as expected.
    pub fn read(kind: Kind, body: Value) -> Result<Option<Self>, serde_json::Error> {
        use serde_json::from_value as read;
        Ok(Some(match kind {
            Kind::Desk => Self::Desk(Box::new(read(body)?)),
            Kind::Cycle => Self::Cycle(read(body)?),
            Kind::Milestone => Self::Milestone(read(body)?),
            Kind::Submission => Self::Submission(Box::new(read(body)?)),
            Kind::Ticket => Self::Ticket(Box::new(read(body)?)),
            Kind::Product => Self::Product(read(body)?),
            Kind::Site => Self::Site(Box::new(read(body)?)),
            Kind::Announcement => {
                let announcement: Announcement = read(body)?;
                Self::Announcement(Box::new(announcement.settled()))
            }
            Kind::Problem => Self::Problem(Box::new(read(body)?)),
            Kind::KnownError => Self::KnownError(Box::new(read(body)?)),
            Kind::Release => {
                let release: Release = read(body)?;
                Self::Release(Box::new(release.with_what_holds()))
            }
            Kind::Person => Self::Person(read(body)?),
            Kind::Lesson => Self::Lesson(read(body)?),
            Kind::Action => Self::Action(read(body)?),
            Kind::Message => Self::Message(read(body)?),
            Kind::ReleasePackage | Kind::Decision | Kind::Meeting => return Ok(None),
        }))
    }

    pub fn kind(&self) -> Kind {
        match self {
            Self::Desk(_) => Kind::Desk,
            Self::Cycle(_) => Kind::Cycle,
            Self::Milestone(_) => Kind::Milestone,
            Self::Submission(_) => Kind::Submission,
            Self::Ticket(_) => Kind::Ticket,
            Self::Product(_) => Kind::Product,
            Self::Site(_) => Kind::Site,
            Self::Announcement(_) => Kind::Announcement,
            Self::Problem(_) => Kind::Problem,
            Self::KnownError(_) => Kind::KnownError,
            Self::Release(_) => Kind::Release,
            Self::Person(_) => Kind::Person,
            Self::Lesson(_) => Kind::Lesson,
            Self::Action(_) => Kind::Action,
            Self::Message(_) => Kind::Message,
        }
    }

    /// The row of this record.
    pub fn summary(&self, setting: &Setting<'_>) -> Summary {
        match self {
            Self::Desk(desk) => named(&desk.name, "open", desk.name.clone(), false),
            Self::Cycle(cycle) => Summary {
                open: cycle.standing.state != CycleState::Closed,
                due_on: cycle.release.as_ref().map(|when| when.day(setting.zone)),
                ..named(
                    &cycle.name,
                    cycle.standing.state.word(),
                    cycle.name.clone(),
                    cycle.deleted,
                )
            },
            Self::Milestone(milestone) => milestone_summary(milestone, setting),
            Self::Submission(submission) => submission_summary(submission, setting),
            Self::Ticket(ticket) => ticket_summary(ticket, setting),
            Self::Product(product) => Summary {
                words: product.provider.clone().unwrap_or_default(),
                ..named(&product.name, "open", product.name.clone(), product.deleted)
            },
            Self::Site(site) => Summary {
                words: site.country.clone().unwrap_or_default(),
                ..named(&site.name, "open", site.name.clone(), site.deleted)
            },
            Self::Announcement(announcement) => announcement_summary(announcement),
            Self::Problem(problem) => problem_summary(problem, setting),
            Self::KnownError(error) => error_summary(error, setting),
            Self::Release(release) => release_summary(release),
            Self::Person(person) => Summary {
                words: person.organisation.clone().unwrap_or_default(),
                ..named(&person.name, "open", person.name.clone(), person.deleted)
            },
            Self::Lesson(lesson) => numbered(
                &lesson.id,
                true,
                lesson.kind.word(),
                lesson.text.clone(),
                lesson.deleted,
            ),
            Self::Action(action) => Summary {
                owner: action.claimed_by.clone().or_else(|| action.owner.clone()),
                ..numbered(
                    &action.id,
                    action.standing.state == ActionState::Open,
                    action.standing.state.word(),
                    action.text.clone(),
                    action.deleted,
                )
            }
            .due(action.due),
            Self::Message(message) => Summary {
                owner: message.claimed_by.clone().or_else(|| message.owner.clone()),
                ..numbered(
                    &message.id,
                    message.standing.state == MessageState::Drafted,
                    message.standing.state.word(),
                    message.subject.clone(),
                    message.deleted,
                )
            },
        }
    }
}

fn milestone_summary(milestone: &Milestone, setting: &Setting<'_>) -> Summary {
    let done = milestone.actual.is_some();
    let when = milestone.actual.as_ref().or(milestone.due.as_ref());
    Summary {
        owner: milestone
            .claimed_by
            .clone()
            .or_else(|| milestone.owner.clone()),
        parent: Some(milestone.cycle.clone()),
        ..numbered(
            &milestone.id,
            !done && !milestone.never_reached,
            match (done, milestone.never_reached) {
                (true, _) => "done",
                (false, true) => "never reached",
                (false, false) => "planned",
            },
            format!("{} {}", milestone.code, milestone.name),
            milestone.deleted,
        )
    }
    .due(when.map(|when| when.day(setting.zone)))
}

fn submission_summary(submission: &Submission, setting: &Setting<'_>) -> Summary {
    Summary {
        owner: submission.who().map(str::to_owned),
        parent: Some(submission.product.clone()),
        words: spaced([
            submission.provider.as_deref(),
            submission.channel_id.as_deref(),
        ]),
        ..numbered(
            &submission.id,
            submission.standing.state.is_open(),
            submission.standing.state.word(),
            submission.label(),
            submission.deleted,
        )
    }
    .due(clocks::submission_due(submission, setting))
}

fn ticket_summary(ticket: &Ticket, setting: &Setting<'_>) -> Summary {
    Summary {
        owner: ticket.who().map(str::to_owned),
        parent: ticket.submission.clone(),
        words: spaced([
            Some(ticket.arch.as_str()),
            ticket.provider.as_deref(),
            ticket.channel_id.as_deref(),
            ticket.tracking_id.as_deref(),
        ]),
        ..numbered(
            &ticket.id,
            ticket.standing.state.is_open(),
            ticket.standing.state.word(),
            ticket.label(),
            ticket.deleted,
        )
    }
    .due(clocks::ticket_due(ticket, setting))
}

fn announcement_summary(announcement: &Announcement) -> Summary {
    Summary {
        owner: announcement.who().map(str::to_owned),
        parent: Some(announcement.ticket.clone()),
        words: announcement
            .turn
            .keys()
            .cloned()
            .collect::<Vec<_>>()
            .join(" "),
        ..numbered(
            &announcement.id,
            announcement.standing.state.is_open(),
            announcement.standing.state.word(),
            announcement.label(),
            announcement.deleted,
        )
    }
}

fn problem_summary(problem: &Problem, setting: &Setting<'_>) -> Summary {
    Summary {
        owner: problem.who().map(str::to_owned),
        parent: problem.ticket.clone(),
        words: spaced([
            Some(problem.channel_id.as_str()),
            problem.site.as_deref(),
            Some(problem.text.as_str()),
        ]),
        ..numbered(
            &problem.id,
            problem.is_open(),
            problem.standing.state.word(),
            problem.label(),
            problem.deleted,
        )
    }
    .due(walk::most_urgent(problem, setting).and_then(|(_, due)| due))
}

fn error_summary(error: &KnownError, setting: &Setting<'_>) -> Summary {
    Summary {
        owner: error.owner.clone(),
        parent: error.problem.clone(),
        words: error.symptom.clone(),
        ..numbered(
            &error.id,
            error.standing.state == ErrorState::Open,
            error.standing.state.word(),
            error.label(),
            error.deleted,
        )
    }
    .due(walk::error_due(error, setting))
}

fn release_summary(release: &Release) -> Summary {
    Summary {
        open: release.standing.state.is_open(),
        owner: release.who().map(str::to_owned),
        parent: release.cycle.clone(),
        words: spaced([Some(release.kind.word()), release.notes.as_deref()]),
        ..named(
            &release.name,
            release.standing.state.word(),
            release.name.clone(),
            release.deleted,
        )
    }
    .due(release.date)
}

fn spaced<const N: usize>(parts: [Option<&str>; N]) -> String {
    let parts: Vec<&str> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}

fn named(name: &str, state: &str, title: String, gone: bool) -> Summary {
    Summary {
        id: name.to_owned(),
        open: true,
        state: state.to_owned(),
        owner: None,
        parent: None,
        due_on: None,
        sort: name.to_lowercase(),
        title,
        words: String::new(),
        gone,
    }
}

fn numbered(id: &str, open: bool, state: &str, title: String, gone: bool) -> Summary {
    Summary {
        open,
        sort: sort_key(None, id),
        ..named(id, state, title, gone)
    }
}

impl Summary {
    fn due(mut self, due_on: Option<NaiveDate>) -> Self {
        self.due_on = due_on;
        self.sort = sort_key(due_on, &self.id);
        self
    }
}

/// Records without a due day come after those with one; `T-9` before `T-10`.
fn sort_key(due_on: Option<NaiveDate>, id: &str) -> String {
    let day = due_on.map_or(9_999_999, |day| day.num_days_from_ce());
    let digits: String = id.chars().filter(char::is_ascii_digit).collect();
    format!("{day:07} {digits:0>8} {id}")
}
