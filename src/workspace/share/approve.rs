//! `share approve`: who asks to be let in, and letting in whose words were read aloud. A request
//! proves nothing by itself: anybody may write one into the folder.

use super::create::requests;
use super::exchange::{self, Exchanged};
use super::here::{FOLDER, Here};
use super::page::moment;
use super::person::own_key;
use crate::domain::attention::quoted;
use crate::domain::plain::plain;
use crate::domain::zone::Zone;
use crate::ledger::{Key, Member, Role};
use crate::store::{Reader, Store};
use crate::sync::{Folder, Request, founder_phrase, joiner_phrase};
use crate::workspace::action::{Action, MemberAction};
use crate::workspace::perform;
use crate::workspace::plan::{Actor, Time};
use crate::workspace::receipt::Receipt;
use crate::workspace::refusal::Refusal;

/// Somebody to let in.
#[derive(Clone, Debug)]
pub struct Approving {
    /// The six words that the joiner read aloud.
    pub phrase: String,
    pub role: Role,
    /// Another name than the one that was asked with.
    pub person: Option<String>,
}

impl Approving {
    /// What the joiner does next, and what that opens to them.
    pub const fn what_next(&self) -> &'static str {
        match self.role {
            Role::Observer => "Next: the joiner runs `relmate sync` and sees the desk.",
            Role::Owner | Role::Manager => "Next: the joiner runs `relmate sync` and can work.",
        }
    }
}

/// Who asks and is not in, as the folder says now.
pub fn asking(reader: &Reader<'_>) -> Result<Vec<Request>, Refusal> {
    let Some(folder) = reader.own(FOLDER)? else {
        return Ok(Vec::new());
    };
    let share = Folder::open(folder.as_ref())?;
    let workspace = reader.workspace()?;
    let requests = requests(&share, &workspace)?.into_iter().map(|it| it.what);
    Ok(unanswered(requests, &reader.members()?, own_key(reader)?))
}

/// Of these requests those of keys that are not in, the latest of each.
pub(super) fn unanswered(
    requests: impl IntoIterator<Item = Request>,
    members: &[Member],
    own: Option<Key>,
) -> Vec<Request> {
    let mut asking: Vec<Request> = Vec::new();
    for request in requests {
        // Who was removed asks again with a key of a new device.
        let known = members.iter().any(|member| member.key == request.key);
        if known || Some(request.key) == own {
            continue;
        }
        // Who has no name that could be shown or typed is nobody.
        if plain(&request.person).trim().is_empty() {
            continue;
        }
        match asking.iter_mut().find(|it| it.key == request.key) {
            Some(earlier) if earlier.wall < request.wall => *earlier = request,
            Some(_) => {}
            None => asking.push(request),
        }
    }
    asking.sort_by(|one, other| one.wall.cmp(&other.wall));
    asking
}

/// Those to tell people of: who asked again from the same device asks once.
pub fn once_each(asking: &[Request]) -> Vec<&Request> {
    let later =
        |at: usize, it: &Request| asking[at + 1..].iter().any(|other| other.is_from_where(it));
    let each = asking.iter().enumerate();
    each.filter(|(at, it)| !later(*at, it))
        .map(|(_, it)| it)
        .collect()
}

/// "Bob asks from his laptop since Sat 21 Nov 2026 09:14."
pub fn asks(zone: &Zone, request: &Request) -> String {
    let (name, device) = (plain(&request.person), plain(&request.device));
    let since = moment(zone, &request.wall);
    format!("{name} asks from {device} since {since}.")
}

/// There is no request.
fn nobody_asks() -> Refusal {
    Refusal::not_found(
        "Nobody asks to be let in.",
        "The other manager runs `relmate share join FOLDER` first; the request may still be on its way.",
    )
}

/// Who asks, once the requests and admissions of others have come in.
pub fn gather(here: &Here) -> Result<Vec<Request>, Refusal> {
    let done = exchange::once(here)?;
    let asking = match done.held {
        None => done.asking,
        // What could be read of the folder, or why it cannot be.
        Some(_) => asking(&here.open()?.reader())?,
    };
    if asking.is_empty() {
        return Err(nobody_asks());
    }
    Ok(asking)
}

/// Lets in whose words were typed, of those who ask, and publishes it.
pub fn approve(
    here: &Here,
    actor: &Actor,
    asking: Vec<Request>,
    approving: &Approving,
) -> Result<(Receipt, Exchanged), Refusal> {
    let mut store = here.open()?;
    let workspace = store.workspace();
    let mut meant = None;
    for request in asking {
        let same = joiner_phrase(&workspace, &request.key).matches(&approving.phrase);
        let same = same.map_err(|error| {
            Refusal::usage(
                super::here::sentence(&error.to_string()),
                "The joiner reads six words from `relmate share status`.",
            )
        })?;
        if same {
            meant = Some(request);
            break;
        }
    }
    let request = meant.ok_or_else(|| not_theirs(&store, approving))?;
    let action = Action::Member(MemberAction::Admit {
        key: request.key,
        person: approving.person.clone().unwrap_or(request.person),
        role: approving.role,
        device: request.device,
    });
    let time = Time {
        now: here.now,
        at: None,
    };
    let receipt = perform::perform(&mut store, &action, actor, &time)?;
    drop(store);
    Ok((receipt, exchange::once(here)?))
}

/// Says to the only owner that there should be a second one.
pub fn second_owner(done: &Exchanged) -> Option<String> {
    let owns = |it: &&Member| it.role == Role::Owner && !it.removed;
    let owners = done.members.iter().filter(owns).count();
    let other = done
        .members
        .iter()
        .rfind(|it| it.role == Role::Manager && !it.removed)?;
    let alone = owners == 1 && done.member.as_ref().is_some_and(|it| owns(&it));
    alone.then(|| {
        format!(
            "You are the only owner: `relmate share role {} owner` makes another, so that a lost device does not leave the desk without one.",
            quoted(&plain(&other.person))
        )
    })
}

/// Nobody who asks has these words. The likeliest mistake is to type one's own.
fn not_theirs(store: &Store, approving: &Approving) -> Refusal {
    let own = || {
        let founder = store.reader().founder().ok()??;
        let genesis = store.reader().genesis().ok()?;
        founder_phrase(&genesis, &founder)
            .matches(&approving.phrase)
            .ok()
    };
    if own() == Some(true) {
        return Refusal::rule(
            "These are the words that are read to whoever joins.",
            "Type the six others, which the joiner reads back: `relmate share join` and `relmate share status` show them there.",
        );
    }
    Refusal::rule(
        "These are the words of nobody who asks.",
        "Ask the joiner to read them again from `relmate share status`. If they are right, somebody else wrote the request; `relmate share refuse` takes it away.",
    )
}
