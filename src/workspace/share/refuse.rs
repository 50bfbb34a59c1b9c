//! `share refuse`: takes a request to be let in away from the folder, where nobody should answer it:
//! a device that is not theirs, one that asked twice, a stranger. Refuses to promise that it stays
//! away: whoever can write to the folder can ask again, and nobody is let in without the words.

use super::create::named;
use super::exchange::{self, Exchanged};
use super::here::{FOLDER, Here};
use super::person::this_member;
use super::words;
use crate::domain::attention::quoted;
use crate::domain::listed::listed;
use crate::domain::plain::plain;
use crate::ledger::{Key, Role};
use crate::sync::{Folder, Kind, Request, Share};
use crate::workspace::receipt::Receipt;
use crate::workspace::refusal::Refusal;

/// Takes away what somebody asked, of those who ask; `person` is who, where more than one does.
pub fn refuse(
    here: &Here,
    asking: &[Request],
    person: Option<&str>,
) -> Result<(Receipt, Exchanged), Refusal> {
    let (person, keys) = meant(asking, person)?;
    let store = here.open()?;
    let reader = store.reader();
    if this_member(&reader)?.role == Role::Observer {
        return Err(Refusal::rule(
            "An observer answers no requests.",
            "A manager or an owner does.",
        ));
    }
    let folder = reader.own(FOLDER)?.unwrap_or_default();
    let share = Folder::open(folder.as_ref())?;
    let workspace = store.workspace();
    let mut went = 0;
    for (name, bytes) in named(&share, Kind::Request)? {
        if Request::read(&bytes, &workspace).is_ok_and(|it| keys.contains(&it.key)) {
            share.delete(&name)?;
            went += 1;
        }
    }
    drop(store);
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
fn meant(asking: &[Request], person: Option<&str>) -> Result<(String, Vec<Key>), Refusal> {
    let mut names: Vec<String> = asking.iter().map(name).collect();
    names.sort_unstable();
    names.dedup();
    let found = match (person, names.as_slice()) {
        (None, [one]) => Some(one.clone()),
        (None, _) => {
            return Err(Refusal::usage(
                format!("{} ask to be let in.", listed(&names)),
                "Name one: `relmate share refuse NAME`.",
            ));
        }
        (Some(person), _) => names
            .iter()
            .find(|it| it.eq_ignore_ascii_case(person.trim()))
            .cloned(),
    };
    let Some(found) = found else {
        let person = person.unwrap_or_default();
        return Err(Refusal::not_found(
            format!("{} does not ask to be let in.", quoted(person)),
            format!("Who asks: {}.", listed(&names)),
        ));
    };
    let theirs = asking.iter().filter(|it| name(it) == found);
    let keys = theirs.map(|it| it.key).collect();
    Ok((found, keys))
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

    #[test]
    fn who_is_meant_is_named_unless_one_alone_asks_and_all_that_they_asked_goes() {
        let one = [request(1, "Mallory"), request(2, "Mallory")];
        let both = (Key([1; 32]), Key([2; 32]));
        let (person, keys) = meant(&one, None).unwrap();
        assert_eq!((person.as_str(), keys), ("Mallory", vec![both.0, both.1]));

        let two = [request(1, "Mallory"), request(2, "Bob\u{1b}[2J")];
        let said = meant(&two, None).unwrap_err();
        assert!(said.message.contains("and Mallory ask"), "{said}");
        let (person, keys) = meant(&two, Some(" mallory ")).unwrap();
        assert_eq!((person.as_str(), keys), ("Mallory", vec![both.0]));
        let said = meant(&two, Some("Trent")).unwrap_err();
        assert!(said.hint.unwrap().contains("Mallory"));
        assert!(!said.message.contains('\u{1b}'));
    }
}
