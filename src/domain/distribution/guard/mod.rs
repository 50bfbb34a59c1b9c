//! What may not be done to a distribution release, each refusal with its reason and its
//! remedy (DOMAIN.md C4). Changes nothing; the use case, `why` and the list of what can
//! be done ask the same functions.

use chrono::NaiveDate;

use super::countdown::{self, Planned};
use super::facts::Facts;
use super::release::{Release, ReleaseState, Skip};
use crate::domain::attention::quoted;
use crate::domain::calendar::spoken;
use crate::domain::people::Person;
use crate::domain::profile::Profile;
use crate::domain::queue::guard::{Refused, RefusedKind, stands};
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::Ticket;

/// What is done to a release after it was planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    FreezeDate,
    Compose,
    Freeze,
    Candidate,
    Sign,
    Publish,
    Recall,
}

impl Step {
    pub const ALL: [Self; 7] = [
        Self::FreezeDate,
        Self::Compose,
        Self::Freeze,
        Self::Candidate,
        Self::Sign,
        Self::Publish,
        Self::Recall,
    ];

    /// The word after `relmate release`.
    pub fn word(self) -> &'static str {
        match self {
            Self::FreezeDate => "freeze-date",
            Self::Compose => "compose",
            Self::Freeze => "freeze",
            Self::Candidate => "rc",
            Self::Sign => "sign",
            Self::Publish => "publish",
            Self::Recall => "recall",
        }
    }

    /// What it needs besides the release, in words.
    pub fn needs(self) -> &'static str {
        match self {
            Self::FreezeDate => "a date that is not past",
            Self::Compose => "tickets, or --all of those that are ready",
            Self::Freeze => "a ready ticket",
            Self::Candidate => "perhaps the sites that installed it",
            Self::Sign => "the number of an action",
            Self::Publish => "nothing more",
            Self::Recall => "a reason",
        }
    }

    /// The whole command line, with what it needs.
    pub fn command(self, name: &str) -> String {
        let more = match self {
            Self::FreezeDate | Self::Freeze | Self::Candidate | Self::Publish => "",
            Self::Compose => " --all",
            Self::Sign => " NO",
            Self::Recall => " --reason R",
        };
        format!("relmate release {} {}{more}", self.word(), quoted(name))
    }

    /// Where it is open.
    fn is_open(self, release: &Release) -> bool {
        let state = release.standing.state;
        match self {
            Self::FreezeDate | Self::Compose => {
                matches!(state, ReleaseState::Planned | ReleaseState::DateFrozen)
            }
            Self::Freeze => {
                state == ReleaseState::DateFrozen
                    || (state == ReleaseState::Planned && release.skips(Skip::DateFreeze))
            }
            Self::Candidate | Self::Publish => state.is_frozen(),
            Self::Sign => state.is_open(),
            Self::Recall => state == ReleaseState::Published,
        }
    }
}

/// Everything a step is asked with.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub release: &'a Release,
    pub profile: &'a Profile,
    pub planned: &'a [Planned],
    pub facts: &'a Facts,
    /// Who acts.
    pub person: &'a Person,
    pub today: NaiveDate,
    /// Two managers changed the release at once and nobody has settled it.
    pub contested: bool,
}

/// One thing that stands between a release and its publication, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    pub what: String,
    pub who: String,
    /// What would help.
    pub hint: String,
}

const MANAGER: &str = "release manager";

pub(super) fn rule(message: String, hint: String) -> Refused {
    Refused {
        kind: RefusedKind::Rule,
        message,
        hint: Some(hint),
    }
}

/// Says whether a step may be taken as things are, whatever it is given besides.
pub fn refuse(step: Step, request: &Request) -> Result<(), Refused> {
    place(step, request)?;
    if step != Step::Sign {
        by_a_manager(step, request)?;
    }
    match step {
        Step::FreezeDate | Step::Compose | Step::Freeze | Step::Candidate | Step::Recall => Ok(()),
        Step::Sign => match countdown::next(request.release, request.planned) {
            Some(_) => Ok(()),
            None => Err(nothing_to_sign(request)),
        },
        Step::Publish => publishable(request),
    }
}

fn place(step: Step, request: &Request) -> Result<(), Refused> {
    let release = request.release;
    let name = &release.name;
    if request.contested {
        return Err(Refused {
            kind: RefusedKind::Contested,
            message: format!("{name} is contested: two managers changed it differently."),
            hint: Some(format!(
                "`relmate resolve {}` settles it; nothing else is open until then.",
                quoted(name)
            )),
        });
    }
    if step.is_open(release) {
        return Ok(());
    }
    let open: Vec<&str> = Step::ALL
        .into_iter()
        .filter(|it| it.is_open(release))
        .map(Step::word)
        .collect();
    let hint = if open.is_empty() {
        "Nothing is open from there.".to_owned()
    } else {
        format!("Open from there: {}.", open.join(", "))
    };
    Err(Refused {
        kind: RefusedKind::NotOpen,
        message: format!(
            "{name} is {}, where `release {}` is not open.",
            state(release),
            step.word()
        ),
        hint: Some(hint),
    })
}

/// How a sentence says where a release stands.
pub fn state(release: &Release) -> &'static str {
    match release.standing.state {
        ReleaseState::Planned => "planned",
        ReleaseState::DateFrozen => "frozen in its date",
        ReleaseState::ContentsFrozen => "frozen in its contents",
        ReleaseState::Candidate => "a release candidate",
        ReleaseState::Published => "published",
        ReleaseState::Recalled => "recalled",
    }
}

fn by_a_manager(step: Step, request: &Request) -> Result<(), Refused> {
    if request.person.is_manager() {
        return Ok(());
    }
    Err(rule(
        format!(
            "Only a release manager does that to {}, and {} is none.",
            request.release.name, request.person.name
        ),
        format!(
            "A manager writes `{}`.",
            step.command(&request.release.name)
        ),
    ))
}

/// A date to freeze is never past.
pub fn not_past(name: &str, date: NaiveDate, today: NaiveDate) -> Result<(), Refused> {
    if date >= today {
        return Ok(());
    }
    Err(rule(
        format!(
            "{name} cannot be planned for {}: today is {}.",
            spoken(date),
            spoken(today)
        ),
        "Give today or a later day.".to_owned(),
    ))
}

/// Whether a ticket may be composed into a release; `elsewhere` is another open release
/// that it is in.
pub fn composable(
    release: &Release,
    ticket: &Ticket,
    profile: &Profile,
    elsewhere: Option<&str>,
) -> Result<(), Refused> {
    let (name, id) = (&release.name, &ticket.id);
    if !ticket.standing.state.is_open() {
        return Err(rule(
            format!(
                "{id} is {} and goes into no release.",
                stands(ticket, profile)
            ),
            "Compose tickets that are ready or on their way.".to_owned(),
        ));
    }
    match elsewhere {
        Some(other) if other != name => Err(rule(
            format!("{id} is in {other} and was to go into {name}."),
            format!(
                "Take it out first: `relmate release compose {} --out {id}`.",
                quoted(other)
            ),
        )),
        _ => Ok(()),
    }
}

/// Whether a ticket may be taken out: before the freeze freely, afterwards with a reason.
pub fn removable(release: &Release, id: &str, reason: Option<&str>) -> Result<(), Refused> {
    let name = &release.name;
    // What was composed while the other manager froze is in the list and not in the contents.
    if !release.has(id) && !release.tickets.iter().any(|it| it == id) {
        return Err(rule(
            format!("{id} is not in {name}."),
            format!("`relmate show {}` lists what is.", quoted(name)),
        ));
    }
    if !release.standing.state.is_open() && release.has(id) {
        return Err(rule(
            format!("{id} left with {name}, which is {}.", state(release)),
            format!("Recall it: `relmate ticket recall {id} --reason R`."),
        ));
    }
    let explained = reason.is_some_and(|reason| !reason.trim().is_empty());
    if release.standing.state.is_frozen() && !explained {
        return Err(Refused {
            kind: RefusedKind::MissingArgument,
            message: format!("The contents of {name} are frozen; taking {id} out needs a reason."),
            hint: Some(format!(
                "Write `relmate release compose {} --out {id} --reason R`.",
                quoted(name)
            )),
        });
    }
    Ok(())
}

/// Whether a person may sign an action of the countdown now.
pub fn signable(item: &Planned, request: &Request) -> Result<(), Refused> {
    let release = request.release;
    let (name, no, person) = (&release.name, &item.no, request.person);
    if let Some(signature) = release.signed.get(no) {
        return Err(rule(
            format!("{} has signed {no} of {name} already.", signature.by),
            format!("`relmate release countdown {}` shows it.", quoted(name)),
        ));
    }
    if let Some(what) = countdown::waits_for(item, release) {
        return Err(rule(
            format!("{no} of {name} cannot be signed yet: {what}."),
            format!(
                "`relmate release countdown {}` shows the order.",
                quoted(name)
            ),
        ));
    }
    let has_role = person
        .roles
        .iter()
        .any(|role| role.trim().eq_ignore_ascii_case(item.role.trim()));
    if person.is_manager() || has_role {
        return Ok(());
    }
    Err(rule(
        format!(
            "{no} of {name} is for the {}, and {} is none.",
            item.role, person.name
        ),
        format!("A manager or the {} signs it.", item.role),
    ))
}

fn nothing_to_sign(request: &Request) -> Refused {
    let name = &request.release.name;
    let unsigned = countdown::unsigned(request.release, request.planned);
    let message = match unsigned.first() {
        None if request.planned.is_empty() => format!("{name} has no countdown."),
        None => format!("Everything of the countdown of {name} is signed."),
        Some(item) => {
            let what = countdown::waits_for(item, request.release);
            format!(
                "{} of {name} cannot be signed yet: {}.",
                item.no,
                what.unwrap_or_default()
            )
        }
    };
    rule(
        message,
        format!("`relmate release countdown {}` shows it.", quoted(name)),
    )
}

fn publishable(request: &Request) -> Result<(), Refused> {
    let missing = missing(request);
    let Some(first) = missing.first() else {
        return Ok(());
    };
    let more = match missing.len() - 1 {
        0 => String::new(),
        1 => ", and one thing more is missing".to_owned(),
        more => format!(", and {more} things more are missing"),
    };
    let name = &request.release.name;
    Err(rule(
        format!("{name} cannot be published: {}{more}.", first.what),
        if more.is_empty() {
            first.hint.clone()
        } else {
            format!("{} `relmate why {}` lists all.", first.hint, quoted(name))
        },
    ))
}

/// All that stands between a release and its publication, in the order of the process.
pub fn missing(request: &Request) -> Vec<Missing> {
    let mut missing = Vec::new();
    frozen(request, &mut missing);
    contents(request, &mut missing);
    texts_and_signatures(request, &mut missing);
    missing
}

fn by(who: &str, what: String, hint: String) -> Missing {
    Missing {
        what,
        who: who.to_owned(),
        hint,
    }
}

/// Freezes and candidates.
fn frozen(request: &Request, missing: &mut Vec<Missing>) {
    let release = request.release;
    let name = &release.name;
    let hint = |step: Step| format!("Write `{}`.", step.command(name));
    if !countdown::reached(release, ReleaseState::DateFrozen) {
        let what = match release.date {
            Some(date) => format!("its date, {}, is not frozen", spoken(date)),
            None => "it has no date".to_owned(),
        };
        missing.push(by(MANAGER, what, hint(Step::FreezeDate)));
    }
    if !countdown::reached(release, ReleaseState::ContentsFrozen) {
        let what = "its contents are not frozen".to_owned();
        missing.push(by(MANAGER, what, hint(Step::Freeze)));
    }
    let needed = request.profile.distribution.min_candidates as usize;
    if release.candidates.len() < needed && !release.skips(Skip::Candidate) {
        let what = format!(
            "{} of {needed} release candidates built",
            release.candidates.len()
        );
        missing.push(by(MANAGER, what, hint(Step::Candidate)));
    }
}

/// What is in it can go into production as it is.
fn contents(request: &Request, missing: &mut Vec<Missing>) {
    let (facts, name) = (request.facts, quoted(&request.release.name));
    let out =
        |id: &str| format!("Take it out: `relmate release compose {name} --out {id} --reason R`.");
    for id in &facts.lost {
        missing.push(by(
            MANAGER,
            format!("{id} is not on the desk any more"),
            out(id),
        ));
    }
    for ticket in &facts.tickets {
        let id = &ticket.id;
        if facts.contested.contains(id) {
            let hint = format!("`relmate resolve {id}` settles it.");
            missing.push(by("either manager", format!("{id} is contested"), hint));
        } else if facts.held.contains(id) && ticket.standing.state != State::Released {
            let hint =
                format!("`relmate conflicts` shows which, and `relmate why {id}` what mends it.");
            missing.push(by("either manager", format!("{id} breaks a rule"), hint));
        } else if !matches!(ticket.standing.state, State::Ready | State::Released) {
            let what = format!("{id} is {}, not ready", stands(ticket, request.profile));
            missing.push(by(MANAGER, what, out(id)));
        }
        for (problem, why) in facts.holding(ticket) {
            let what = format!("{} on {id} is open and {why}", problem.id);
            let who = problem.who().unwrap_or(MANAGER);
            missing.push(by(
                who,
                what,
                format!("`relmate why {}` says how it ends.", problem.id),
            ));
        }
    }
    let version = |ticket: &Ticket| ticket.version.clone().unwrap_or_default();
    if let Some((one, other)) = facts.doubled() {
        let what = format!(
            "it has {} {} as {} and {} as {}",
            one.product,
            version(one),
            one.id,
            version(other),
            other.id
        );
        missing.push(by(MANAGER, what, out(&one.id)));
    }
    if let Some((new, old)) = facts.lowered() {
        let what = format!(
            "{} has {} {}, and production has {} as {}",
            new.id,
            new.product,
            version(new),
            version(old),
            old.id
        );
        missing.push(by(MANAGER, what, out(&new.id)));
    }
}

/// Notes and signatures, which nothing goes without.
fn texts_and_signatures(request: &Request, missing: &mut Vec<Missing>) {
    let release = request.release;
    let name = quoted(&release.name);
    if release
        .notes
        .as_deref()
        .is_none_or(|it| it.trim().is_empty())
    {
        missing.push(by(
            MANAGER,
            "it has no release notes".to_owned(),
            format!(
                "Write `relmate set {name} notes=TEXT`; `relmate release notes {name}` shows them."
            ),
        ));
    }
    for item in countdown::unsigned(release, request.planned) {
        let what = format!("{} is not signed: {}", item.no, item.action);
        let hint = format!("Write `relmate release sign {name} {}`.", item.no);
        missing.push(by(&item.role, what, hint));
    }
}

#[cfg(test)]
mod tests;
