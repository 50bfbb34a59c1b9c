//! What an exchange came to, as people read it: some lines for the shell, a few words for the
//! footer. Texts of the share pass through `plain` before they get here.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::exchange::{Exchanged, Held};
use super::person::lets_in;
use super::progress::Progress;
use crate::domain::plain::{and, plain};
use crate::domain::zone::Zone;
use crate::sync::names;
use crate::sync::round::{NAMED, Peer};

/// How the desk stands with its folder, in a few words and as a machine reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// "in step, 2 min"
    pub words: String,
    /// The same where there is little room: "in step".
    pub brief: &'static str,
    /// Somebody should look.
    pub trouble: bool,
}

/// A few words for the footer. `now` is the clock that ages are told by.
pub fn standing(done: &Exchanged, now: DateTime<Utc>) -> Standing {
    let (words, brief, trouble) = short(done, now);
    Standing {
        words,
        brief,
        trouble,
    }
}

/// Whose steps came in: "3 steps from Bob, 1 from Carol".
pub fn came(done: &Exchanged) -> Option<String> {
    let mut from: BTreeMap<String, u64> = BTreeMap::new();
    for (replica, steps) in &done.round.pulled {
        *from.entry(done.name_of_replica(replica)).or_default() += steps;
    }
    let mut from: Vec<_> = from.into_iter().filter(|(_, steps)| *steps > 0).collect();
    from.sort_by_key(|(_, steps)| std::cmp::Reverse(*steps));
    let ((first, count), others) = from.split_first()?;
    let mut parts = vec![format!("{} from {}", steps(*count), plain(first))];
    let more = others.iter();
    parts.extend(more.map(|(name, count)| format!("{count} from {}", plain(name))));
    Some(parts.join(", "))
}

/// Words, the same in short, and whether somebody should look.
type Short = (String, &'static str, bool);

fn short(done: &Exchanged, now: DateTime<Utc>) -> Short {
    let round = &done.round;
    if let Some(held) = &done.held {
        return (
            held_words(held, &done.zone, Some(now)),
            held_brief(held),
            true,
        );
    }
    if done.keyless {
        return ("no key on this device".to_owned(), "no key", true);
    }
    match &done.member {
        None => return ("waiting to be let in".to_owned(), "not let in", false),
        Some(member) if member.removed => {
            return ("removed from this desk".to_owned(), "removed", true);
        }
        Some(_) => {}
    }
    if round.peers.iter().any(|peer| peer.alarm) {
        let words = "the desks differ: relmate doctor --rebuild";
        return (words.to_owned(), "desks differ", true);
    }
    if round.unpublished > 0 {
        let words = format!("{} to publish", number(round.unpublished));
        return (words, "to publish", false);
    }
    if !round.newer.is_empty() {
        let words = format!("update relmate to read {}", changes(done));
        return (words, "update relmate", true);
    }
    if let Some(peer) = round.peers.iter().find(|peer| peer.ahead) {
        let name = done.name_of(&peer.key);
        return (format!("waiting for files of {name}"), "waiting", false);
    }
    let unread = unread(done);
    match (since(done), done.last) {
        (Some(since), _) if unread.is_empty() => {
            (format!("in step, {}", age(now, since)), "in step", false)
        }
        (_, Some(last)) => {
            let words = format!("published, {}{unread}", age(now, last));
            (words, "published", false)
        }
        _ => ("nothing exchanged yet".to_owned(), "shared", false),
    }
}

/// The desks of the others: one's own, before it was put back, is nobody's word but one's own.
fn others(done: &Exchanged) -> impl Iterator<Item = &Peer> {
    let own = done.member.as_ref().map(|member| member.key);
    let peers = done.round.peers.iter();
    peers.filter(move |peer| Some(peer.key) != own)
}

/// Since when it is known that everybody has everything: of the last words of each of the others
/// the oldest. A clock that is ahead makes nobody's word younger than it is here.
fn since(done: &Exchanged) -> Option<DateTime<Utc>> {
    let mut latest: BTreeMap<&str, DateTime<Utc>> = BTreeMap::new();
    for peer in others(done).filter(|peer| peer.acknowledged) {
        let member = done.members.iter().find(|it| it.key == peer.key);
        let seen = DateTime::from_timestamp(peer.seen, 0);
        let said = peer.wall.parse::<DateTime<Utc>>().ok();
        if let (Some(member), Some(said)) = (member, said.min(seen).or(seen)) {
            let latest = latest.entry(&member.person).or_insert(said);
            *latest = said.max(*latest);
        }
    }
    latest.into_values().min()
}

/// "Anna's changes", of whose files only a newer version can read.
fn changes(done: &Exchanged) -> String {
    let whose = done.round.newer.iter().filter_map(|name| {
        let replica = names::replica_of(name)?;
        done.owners
            .get(&replica)
            .map(|it| format!("{}'s", plain(&it.person)))
    });
    let mut whose: Vec<_> = whose.collect();
    whose.sort_unstable();
    whose.dedup();
    if whose.is_empty() {
        return "what others wrote".to_owned();
    }
    format!("{} changes", and(&whose))
}

/// Who else belongs to the desk and has not said, from any device, that they have everything.
fn unread(done: &Exchanged) -> String {
    // What a desk said before it was put back counts no more once it has said something since.
    let said = |key| others(done).any(|peer| peer.key == key && peer.acknowledged);
    let own = done.member.as_ref().map(|member| member.person.as_str());
    let others = || {
        let members = done.members.iter().filter(|member| !member.removed);
        members.filter(|member| Some(member.person.as_str()) != own)
    };
    let read = |person: &str| others().any(|it| it.person == person && said(it.key));
    let behind = others().filter(|member| !read(&member.person));
    let mut names: Vec<_> = behind.map(|member| done.name_of(&member.key)).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return String::new();
    }
    format!(", not read by {} yet", and(&names))
}

/// What holds the exchange up, as short as it gets.
pub const fn held_brief(held: &Held) -> &'static str {
    match held {
        Held::Away { .. } => "unreachable",
        Held::Unrecognised => "not recognised",
        Held::Paused { .. } => "paused",
        Held::Full => "share full",
        Held::ReadOnly => "share read-only",
        Held::Other { .. } => "not exchanged",
    }
}

/// `now` leaves the day out where it is today's.
fn held_words(held: &Held, zone: &Zone, now: Option<DateTime<Utc>>) -> String {
    match held {
        Held::Away { since } => {
            let since = since.parse::<DateTime<Utc>>().map_or_else(
                |_| String::new(),
                |since| {
                    let today = now.is_some_and(|now| zone.day(since) == zone.day(now));
                    let how = if today {
                        " since %H:%M"
                    } else {
                        " since %a %-d %b %H:%M"
                    };
                    zone.local(since).format(how).to_string()
                },
            );
            format!("share not reachable{since}")
        }
        Held::Unrecognised => "share not recognised".to_owned(),
        Held::Paused { why } => format!("paused: {}", plain(why)),
        Held::Full => "the share is full".to_owned(),
        Held::ReadOnly => "the share is read-only".to_owned(),
        Held::Other { why } => plain(why).into_owned(),
    }
}

/// "now", "2 min", "3 h", "5 days"
pub fn age(now: DateTime<Utc>, then: DateTime<Utc>) -> String {
    let minutes = (now - then).num_minutes();
    match minutes {
        ..=0 => "now".to_owned(),
        1..=59 => format!("{minutes} min"),
        60..=1439 => format!("{} h", minutes / 60),
        1440..=2879 => "1 day".to_owned(),
        _ => format!("{} days", minutes / 1440),
    }
}

/// What happened, a sentence each.
pub fn said(done: &Exchanged) -> Vec<String> {
    let mut said = Vec::new();
    let round = &done.round;
    if done.reborn {
        said.push(
            "This desk was put back or copied: it goes on as a new replica, and what it had published comes back from the share."
                .to_owned(),
        );
    }
    let pulled = done.pulled();
    if pulled > 0 {
        said.push(format!("{} received.", steps(pulled)));
    }
    if round.published > 0 {
        said.push(format!("{} published.", steps(round.published)));
    }
    if round.relayed > 0 {
        said.push(format!(
            "{} of others put back on the share.",
            steps(round.relayed)
        ));
    }
    if said.is_empty() && done.held.is_none() {
        said.push("Nothing new.".to_owned());
    }
    said
}

/// "1 step", "12,400 steps"
pub fn steps(count: u64) -> String {
    match count {
        1 => "1 step".to_owned(),
        _ => format!("{} steps", number(count)),
    }
}

/// "12,400"
pub fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut told = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    told
}

/// What an exchange is doing.
pub fn progress(progress: Progress) -> String {
    match progress {
        Progress::Looking => "looking into the folder".to_owned(),
        Progress::Reading { file, of } => {
            format!("reading file {} of {}", number(file), number(of))
        }
        Progress::Received(count) => format!("{} received", steps(count)),
        Progress::Showing => "showing what came".to_owned(),
        Progress::Published { steps: done, of } => {
            format!("{} of {} published", number(done), steps(of))
        }
    }
}

/// Who asks to be let in, for the footer of somebody who can let in.
pub fn asks(done: &Exchanged) -> Option<Standing> {
    let answers = done.member.as_ref().is_some_and(lets_in);
    let asking = done.who_asks();
    let first = asking.first().filter(|_| answers && done.held.is_none())?;
    let words = match asking.len() {
        1 => format!("{} asks to be let in", plain(first)),
        many => format!("{many} ask to be let in"),
    };
    Some(Standing {
        words,
        brief: "somebody asks to join",
        trouble: true,
    })
}

/// What somebody should look at, a sentence each.
pub fn warned(done: &Exchanged) -> Vec<String> {
    let mut warned = Vec::new();
    let round = &done.round;
    if let Some(held) = &done.held {
        warned.push(held_sentence(held, &done.zone));
    }
    if done.keyless {
        warned.push(
            "The key of this desk is not on this device: `relmate share join FOLDER` asks to be let in with a new one."
                .to_owned(),
        );
    }
    match &done.member {
        None if done.unasked && !done.keyless => warned.push(
            "This device has not been let in, and its request does not lie in the folder: `relmate share join FOLDER` asks again."
                .to_owned(),
        ),
        None if !done.keyless => warned.push(
            "This device has not been let in yet: a manager of the desk runs `relmate share approve`."
                .to_owned(),
        ),
        Some(member) if member.removed => {
            warned.push(format!(
                "{} was removed from this desk.",
                plain(&member.person)
            ));
        }
        _ => {}
    }
    warned.extend(super::aside::said(&done.aside));
    if round.peers.iter().any(|peer| peer.alarm) {
        warned.push(
            "The desks hold the same steps and show different things: run `relmate doctor --rebuild` on both.".to_owned(),
        );
    }
    let answers = done.member.as_ref().is_some_and(lets_in);
    for person in done.who_asks().into_iter().filter(|_| answers) {
        warned.push(format!(
            "{} asks to be let in: `relmate share approve`.",
            plain(person)
        ));
    }
    warned.extend(done.clocks.clone());
    warned.extend(waits(done));
    warned.extend(to_settle(done.conflicts));
    warned.extend(put_back(done));
    for replica in &round.forked_now {
        let name = done.name_of_replica(replica);
        warned.push(format!("Of {name}'s desk {FORKED}."));
    }
    if round.uncertain {
        warned.push("The folder cannot promise that files outlive a power cut; the next exchange checks them.".to_owned());
    }
    warned
}

/// What became of a desk, after its owner's name.
pub const FORKED: &str = "two histories go on from one step: it was put back without noticing; both are kept, and it goes on as a new replica";

/// How much two managers have to settle.
fn to_settle(conflicts: u64) -> Option<String> {
    match conflicts {
        0 => None,
        1 => Some("1 record has to be settled: `relmate conflicts`.".to_owned()),
        many => Some(format!(
            "{many} records have to be settled: `relmate conflicts`."
        )),
    }
}

/// What the folder had lost and has again.
fn put_back(done: &Exchanged) -> Option<String> {
    let round = &done.round;
    if done.refilled {
        return None;
    }
    if !round.rolled_back.is_empty() && round.published + round.relayed > 0 {
        let told = "The folder was put back to an earlier state; what it lost is there again.";
        return Some(told.to_owned());
    }
    match round.again {
        0 => None,
        1 => Some(
            "1 file of this desk had gone from the folder; what was in it is there again."
                .to_owned(),
        ),
        many => Some(format!(
            "{} files of this desk had gone from the folder; what was in them is there again.",
            number(many)
        )),
    }
}

/// What has not arrived, what waits, and what is not of this desk.
fn waits(done: &Exchanged) -> Vec<String> {
    let round = &done.round;
    let mut warned = Vec::new();
    for peer in round.peers.iter().filter(|peer| peer.ahead) {
        warned.push(format!(
            "{} has steps whose files have not arrived here.",
            done.name_of(&peer.key)
        ));
    }
    if !round.waiting.is_empty() {
        warned.push(format!(
            "{} in the folder could not be used yet: `relmate share status` names them.",
            files(round.waiting.len())
        ));
    }
    if !round.newer.is_empty() {
        let were = match round.newer.len() {
            1 => "1 file in the folder was".to_owned(),
            many => format!("{} in the folder were", files(many)),
        };
        warned.push(format!(
            "{were} written by a newer relmate: update this one to read {}. Until then they wait, and nothing is lost.",
            changes(done)
        ));
    }
    if !round.foreign.is_empty() {
        warned.push(format!(
            "{} not used: damaged or not of this desk. `relmate share status` names them; nothing is lost by it.",
            files_are(round.foreign.len())
        ));
    }
    warned
}

/// "1 file", "2,000 files"
pub fn files(count: usize) -> String {
    match count {
        1 => "1 file".to_owned(),
        _ => format!("{} files", number(count as u64)),
    }
}

fn files_are(count: usize) -> String {
    match count {
        1 => "1 file in the folder is".to_owned(),
        // More are not counted.
        _ if count >= NAMED => format!("At least {} files in the folder are", number(NAMED as u64)),
        _ => format!("{count} files in the folder are"),
    }
}

/// A folder that can be looked into and does not know this desk.
pub const UNRECOGNISED: &str = "The folder is there and does not hold this desk: it may not be mounted, or be another one. `relmate sync --refill` puts everything there on purpose.";

/// How a folder refused to be written to when that was last tried.
pub(super) fn refused(how: &str) -> Option<&'static str> {
    match how {
        "read-only" => Some(READ_ONLY),
        "full" => Some(FULL),
        _ => None,
    }
}

const READ_ONLY: &str = "The share is read-only: what others publish comes in, yours waits here.";
const FULL: &str = "The share is full; your steps are kept here and go there when there is room.";

/// What holds the exchange up, and what becomes of the steps meanwhile.
pub fn held_sentence(held: &Held, zone: &Zone) -> String {
    match held {
        Held::Away { .. } => format!(
            "{}; your steps are kept and go there when it is back.",
            super::here::sentence(&held_words(held, zone, None)).trim_end_matches('.')
        ),
        Held::Unrecognised => format!("{UNRECOGNISED} Nothing was written."),
        Held::Paused { why } => format!("Nothing was exchanged: {}.", plain(why)),
        Held::Full => FULL.to_owned(),
        Held::ReadOnly => READ_ONLY.to_owned(),
        Held::Other { why } => super::here::sentence(why),
    }
}
