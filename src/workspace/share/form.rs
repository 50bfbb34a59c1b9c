//! Sharing, joining and letting in from a form of the screen: what the form begins with, what
//! would follow, and doing it. What is done reads and writes the folder, so it may take as long
//! as the folder does; nothing before that touches it.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::approve::{self, Approving};
use super::join::{self, Joining};
use super::progress::Meter;
use super::refuse::Refusing;
use super::{Here, create, refuse, words};
use crate::domain::plain::plain;
use crate::store::Store;
use crate::workspace::deed::{APPROVE, Deed, Filled, JOIN, REFUSE, SHARE, role_of};
use crate::workspace::founding::Founded;
use crate::workspace::look::fill::Fill;
use crate::workspace::places::Places;
use crate::workspace::plan::Actor;
use crate::workspace::receipt::Receipt;
use crate::workspace::refusal::Refusal;

/// Whether a form is one of these.
pub fn is_ours(deed: &Deed) -> bool {
    [&SHARE, &JOIN, &APPROVE, &REFUSE].contains(&deed)
}

/// Whether a form answers those who ask.
pub fn answers(deed: &Deed) -> bool {
    [&APPROVE, &REFUSE].contains(&deed)
}

/// What a form begins with that answers: who asks stands there, and from which device. The folder is
/// read for it; one that cannot be read says nothing.
pub fn answering(deed: &'static Deed, here: &Here) -> Fill {
    let mut fill = fill(deed, None);
    let mut asking = Vec::new();
    // Whoever opens the form is told by its answer what is with the desk or the folder.
    let looked = Store::look(&here.path, &mut |reader| {
        let zone = reader.zone()?;
        let requests = approve::asking(reader).unwrap_or_default();
        let asks = approve::once_each(&requests).into_iter();
        asking = asks.map(|it| approve::asks(&zone, it)).collect();
        Ok(())
    });
    if looked.is_err() {
        asking.clear();
    }
    asking.append(&mut fill.facts);
    fill.facts = asking;
    fill
}

/// What a form begins with. `who` works here.
pub fn fill(deed: &'static Deed, who: Option<&str>) -> Fill {
    let facts = match deed {
        it if *it == SHARE => {
            "Each manager has a desk of their own; they meet in a folder: a network drive, Syncthing, a git checkout, a stick. Whoever can read the folder can read the desk."
        }
        it if *it == JOIN => {
            "The founder reads six words to you, by telephone or at your desk, not through the folder: they prove whose desk it is. Six words of yours go back the same way."
        }
        it if *it == REFUSE => {
            "The request leaves the folder. Whoever can write there can ask again, and nobody is let in without the words."
        }
        _ => {
            "Whoever joins reads six words to you, by telephone or at your desk. A request in the folder proves nothing: anybody may write one there."
        }
    };
    let mut values = Filled::default();
    if let (true, Some(who)) = (*deed == JOIN, who) {
        values.put("you", who);
    }
    Fill {
        deed,
        subject: None,
        title: String::new(),
        facts: vec![facts.to_owned()],
        letter: Vec::new(),
        version: None,
        values,
        choices: std::collections::BTreeMap::new(),
        without: &[],
        asked: &[],
    }
}

/// What would follow, as far as it can be said without the folder.
pub fn rehearse(deed: &Deed, filled: &Filled) -> Result<Receipt, Refusal> {
    if let Some(phrase) = filled.maybe("words") {
        let count = phrase.split_whitespace().count();
        if count != 6 {
            return Err(Refusal::usage(
                format!("A phrase has six words, and these are {count}."),
                "Four letters of each word are enough.",
            ));
        }
    }
    let said = if *deed == SHARE {
        format!(
            "The desk is put into {}; the page of sharing shows the words that you read to whoever joins.",
            filled.must("folder")?
        )
    } else if *deed == JOIN {
        "A desk of your own is made from the folder. You can look at once, and work as soon as a manager of the desk has let you in.".to_owned()
    } else if *deed == REFUSE {
        match filled.maybe("person") {
            Some(who) => format!("The request of {} leaves the folder.", plain(&who)),
            None => "The request leaves the folder.".to_owned(),
        }
    } else {
        let role = filled.maybe("role").unwrap_or_else(|| "manager".to_owned());
        format!(
            "Whoever asks with these words is let in as {}.",
            super::person::role_word(role_of(&role)?)
        )
    };
    Ok(Receipt {
        said: vec![said],
        ..Receipt::default()
    })
}

/// Shares the desk, or answers somebody, and exchanges.
pub fn run(deed: &Deed, filled: &Filled, here: &Here, actor: &Actor) -> Result<Receipt, Refusal> {
    let (mut receipt, done) = if *deed == SHARE {
        let created = create::create(here, actor, &PathBuf::from(filled.must("folder")?))?;
        let receipt = Receipt {
            said: vec![created.said(), created.next()],
            ..Receipt::default()
        };
        (receipt, created.done)
    } else if *deed == REFUSE {
        let asking = approve::gather(here)?;
        refuse::refuse(here, &asking, &refusing(filled))?
    } else {
        let (mut receipt, done) =
            approve::approve(here, actor, approve::gather(here)?, &approving(filled)?)?;
        receipt.said.extend(approve::second_owner(&done));
        (receipt, done)
    };
    receipt.warnings.extend(words::warned(&done));
    Ok(receipt)
}

/// Whose request the answers mean.
pub fn refusing(filled: &Filled) -> Refusing {
    Refusing {
        person: filled.maybe("person"),
        device: filled.maybe("device"),
    }
}

/// Whom the answers let in, and as what.
pub fn approving(filled: &Filled) -> Result<Approving, Refusal> {
    let role = filled.maybe("role").unwrap_or_else(|| "manager".to_owned());
    Ok(Approving {
        phrase: filled.must("words")?,
        role: role_of(&role)?,
        person: filled.maybe("person"),
    })
}

/// Makes a desk that belongs to a shared one.
pub fn join(
    filled: &Filled,
    places: &Places,
    (now, meter): (DateTime<Utc>, Meter),
) -> Result<Founded, Refusal> {
    let folder = PathBuf::from(filled.must("folder")?);
    let who = filled.must("you")?;
    let path = join::place(places, &folder)?;
    let here = Here {
        meter,
        ..Here::new(&path, places, now)
    };
    let joining = Joining {
        folder,
        person: who.clone(),
        device: filled.maybe("device").unwrap_or_else(join::this_device),
        phrase: filled.must("words")?,
    };
    let joined = join::join(&here, &joining)?;
    Ok(Founded {
        path: joined.path,
        who,
        said: vec![
            format!("{} came with the desk.", words::steps(joined.done.pulled())),
            format!(
                "Read these words to a manager of the desk: {}",
                joined.phrase
            ),
        ],
        joined: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::example;
    use crate::workspace::share::status;

    #[test]
    fn the_form_of_letting_in_says_who_asks_and_from_which_device() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| {
            let place = folder.path().join(name);
            std::fs::create_dir_all(&place).unwrap();
            place
        };
        let now = "2026-11-21T09:14:00Z".parse().unwrap();
        let path = place("alice").join("cmd.relmate");
        example::build(&path, now).unwrap();
        let here = Here {
            keys: place("alice").join("keys"),
            path,
            now,
            meter: Meter::default(),
        };
        let shared = place("share").to_string_lossy().into_owned();
        let filled = Filled::default().with("folder", shared.clone());
        let actor = Actor::resolve(Some(example::PERSON), None).unwrap();
        run(&SHARE, &filled, &here, &actor).unwrap();
        let words = status::status(&here).unwrap().founder_words.unwrap();
        let bob = Places {
            config: place("bob"),
            data: place("bob"),
            state: place("bob"),
        };
        let filled = Filled::default()
            .with("folder", shared)
            .with("you", "Bob")
            .with("device", "his laptop")
            .with("words", words);
        join(&filled, &bob, (now, Meter::default())).unwrap();
        let facts = answering(&APPROVE, &here).facts;
        assert!(
            facts[0].starts_with("Bob asks from his laptop since "),
            "{facts:?}"
        );
        assert!(facts.len() > 1, "a request proves nothing: {facts:?}");
    }
}
