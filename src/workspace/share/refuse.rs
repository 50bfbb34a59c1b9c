//! `share refuse`: takes a request to be let in away from the folder, where nobody should answer it:
//! a device that is not theirs, one that asked twice, a stranger. Refuses to promise that it stays
//! away: whoever can write to the folder can ask again, and nobody is let in without the words.

use super::create::requests;
use super::exchange::{self, Exchanged};
use super::here::{FOLDER, Here};
use super::person::{lets_in, this_member};
use super::words;
use crate::domain::attention::quoted;
use crate::domain::listed::listed;
use crate::domain::plain::plain;
use crate::ledger::Key;
use crate::sync::{Folder, Request, Share};
use crate::workspace::receipt::Receipt;
use crate::workspace::refusal::Refusal;

/// Whose request is meant.
#[derive(Clone, Debug, Default)]
pub struct Refusing {
    /// May be left out where one alone asks.
    pub person: Option<String>,
    /// From which of their devices; from every one where it is left out.
    pub device: Option<String>,
}

/// Takes away what somebody asked, of those who ask.
pub fn refuse(
    here: &Here,
    asking: &[Request],
    refusing: &Refusing,
) -> Result<(Receipt, Exchanged), Refusal> {
    let (person, keys) = meant(asking, refusing)?;
    let store = here.open()?;
    let reader = store.reader();
    let own = this_member(&reader)?;
    if !lets_in(&own) {
        return Err(Refusal::rule(
            "An observer answers no requests.",
            "A manager or an owner does.",
        ));
    }
    let folder = reader.own(FOLDER)?.unwrap_or_default();
    let share = Folder::open(folder.as_ref())?;
    let workspace = store.workspace();
    let mut went = 0;
    loop {
        let before = went;
        for file in requests(&share, &workspace)? {
            if keys.contains(&file.what.key) {
                share.delete(&file.name)?;
                went += 1;
            }
        }
        // Of very many only some are read at once.
        if went == before {
            break;
        }
    }
    drop(store);
    if went == 0 {
        return Err(Refusal::not_found(
            format!("What {person} asked is not in the folder any more."),
            "`relmate sync` says who asks now.",
        ));
    }
    let receipt = Receipt {
        said: vec![format!(
            "What {person} asked is taken away: {}. Whoever can write to the folder can ask again.",
            words::files(went)
        )],
        ..Receipt::default()
    };
    Ok((receipt, exchange::once(here)?))
}

/// Who is meant, and with which keys they ask.
fn meant(asking: &[Request], refusing: &Refusing) -> Result<(String, Vec<Key>), Refusal> {
    let mut names: Vec<String> = asking.iter().map(name).collect();
    names.sort_unstable();
    names.dedup();
    let person = match &refusing.person {
        Some(person) => found(&names, person.trim())?,
        None => match names.as_slice() {
            [one] => one.clone(),
            _ => {
                return Err(Refusal::usage(
                    format!("{} ask to be let in.", listed(&names)),
                    "Name one: `relmate share refuse NAME`.",
                ));
            }
        },
    };
    let theirs = asking.iter().filter(|it| name(it) == person);
    let Some(device) = refusing.device.as_deref().map(str::trim) else {
        let keys = theirs.map(|it| it.key).collect();
        return Ok((person, keys));
    };
    let from = |it: &&Request| plain(&it.device).trim().eq_ignore_ascii_case(device);
    let keys: Vec<Key> = theirs.clone().filter(from).map(|it| it.key).collect();
    if keys.is_empty() {
        let devices: Vec<_> = theirs.map(|it| plain(&it.device)).collect();
        return Err(Refusal::not_found(
            format!("{person} does not ask from {}.", quoted(device)),
            format!("They ask from {}.", listed(&devices)),
        ));
    }
    Ok((person, keys))
}

/// The name that was typed: as it is written, else the only one that differs in its capitals alone.
fn found(names: &[String], person: &str) -> Result<String, Refusal> {
    if let Some(same) = names.iter().find(|it| *it == person) {
        return Ok(same.clone());
    }
    let like = names.iter().filter(|it| it.eq_ignore_ascii_case(person));
    match like.collect::<Vec<_>>().as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Refusal::not_found(
            format!("{} does not ask to be let in.", quoted(person)),
            format!("Who asks: {}.", listed(names)),
        )),
        several => Err(Refusal::usage(
            format!("{} ask to be let in.", listed(several)),
            "Write the name with its capitals.",
        )),
    }
}

/// Somebody's name as it is shown, and typed.
fn name(request: &Request) -> String {
    plain(&request.person).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(key: u8, person: &str) -> Request {
        Request {
            key: Key([key; 32]),
            person: person.to_owned(),
            device: "laptop".to_owned(),
            wall: "2026-11-21T09:14:00Z".to_owned(),
        }
    }

    fn of(person: Option<&str>, device: Option<&str>) -> Refusing {
        let [person, device] = [person, device].map(|it| it.map(str::to_owned));
        Refusing { person, device }
    }

    #[test]
    fn who_is_meant_is_named_unless_one_alone_asks_and_all_that_they_asked_goes() {
        let one = [request(1, "Mallory"), request(2, "Mallory")];
        let (person, keys) = meant(&one, &of(None, None)).unwrap();
        assert_eq!(person, "Mallory");
        assert_eq!(keys, [Key([1; 32]), Key([2; 32])]);

        let two = [request(1, "Mallory"), request(2, "Bob\u{1b}[2J")];
        let said = meant(&two, &of(None, None)).unwrap_err();
        assert!(said.message.contains("and Mallory ask"), "{said}");
        let (person, keys) = meant(&two, &of(Some(" mallory "), None)).unwrap();
        assert_eq!((person.as_str(), keys), ("Mallory", vec![Key([1; 32])]));
        let said = meant(&two, &of(Some("Trent"), None)).unwrap_err();
        assert!(said.hint.unwrap().contains("Mallory"));
    }

    #[test]
    fn a_name_in_other_capitals_is_somebody_else_where_both_ask() {
        let both = [request(1, "Bob"), request(2, "bob")];
        let (person, keys) = meant(&both, &of(Some("bob"), None)).unwrap();
        assert_eq!((person.as_str(), keys), ("bob", vec![Key([2; 32])]));
        let said = meant(&both, &of(Some("BOB"), None)).unwrap_err();
        assert!(said.message.contains("Bob and bob"), "{said}");
    }

    #[test]
    fn of_two_who_ask_with_one_name_the_device_tells_whose_goes() {
        let mut both = [request(1, "Bob"), request(2, "Bob")];
        both[1].device = "somebody's phone".to_owned();
        let (_, keys) = meant(&both, &of(Some("Bob"), Some("Somebody's phone"))).unwrap();
        assert_eq!(keys, [Key([2; 32])]);
        let said = meant(&both, &of(None, Some("tablet"))).unwrap_err();
        assert!(said.hint.unwrap().contains("laptop and somebody's phone"));
    }
}
