//! How far somebody has looked at a desk on this device: the step of the log that was received
//! last by then. Kept beside what the screen remembers, a line a person. It says what is marked
//! as new and nothing else, so one that cannot be read counts as none.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use super::remembered::Shelf;

const FILE: &str = "looked.json";

/// The form of the file. A newer one is left alone.
const VERSION: u32 = 1;

/// A place in the desk's log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// The step's number, in the order of receipt.
    pub step: i64,
    /// Its hash: a restored desk may have another step of that number.
    pub commit: String,
    /// When that was, in Unix seconds.
    pub at: i64,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Book {
    version: u32,
    /// The desk's file, so that no other desk's is taken for this one's.
    desk: String,
    people: BTreeMap<String, Looked>,
}

fn book(shelf: &Shelf) -> Option<Book> {
    let text = shelf.read(FILE).ok()??;
    let book: Book = serde_json::from_str(&text).ok()?;
    Some(book).filter(|book| book.desk == shelf.desk())
}

/// A person whose name is not known looks under an empty one.
fn name(who: Option<&str>) -> String {
    who.unwrap_or_default().trim().to_lowercase()
}

/// How far somebody has looked, if that is known.
pub fn read(shelf: &Shelf, who: Option<&str>) -> Option<Looked> {
    let book = book(shelf).filter(|book| book.version == VERSION)?;
    book.people.get(&name(who)).cloned()
}

/// Writes it down. Another screen of the same person may have looked further: that stays.
pub fn write(shelf: &Shelf, who: Option<&str>, looked: &Looked) -> Result<(), Refusal> {
    let mut known = book(shelf).unwrap_or_default();
    if known.version > VERSION {
        return Ok(());
    }
    let name = name(who);
    if known.people.get(&name).is_some_and(|it| it.at > looked.at) {
        return Ok(());
    }
    known.version = VERSION;
    shelf.desk().clone_into(&mut known.desk);
    known.people.insert(name, looked.clone());
    // Texts and numbers: there is nothing that JSON cannot say.
    let text = serde_json::to_string_pretty(&known).unwrap_or_default();
    shelf.write(FILE, Some(&text))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn at(step: i64, at: i64) -> Looked {
        Looked {
            step,
            commit: "ab".repeat(32),
            at,
        }
    }

    #[test]
    fn each_person_has_a_place_of_their_own_and_it_never_goes_back() {
        let state = tempfile::tempdir().unwrap();
        let shelf = Shelf::of(state.path(), Path::new("/desks/cmd.relmate"));
        assert_eq!(read(&shelf, Some("Alice")), None);
        write(&shelf, Some("Alice"), &at(7, 100)).unwrap();
        write(&shelf, Some("Bob"), &at(3, 50)).unwrap();
        write(&shelf, Some("alice"), &at(5, 90)).unwrap();
        assert_eq!(read(&shelf, Some("Alice")), Some(at(7, 100)));
        assert_eq!(read(&shelf, Some("bob")), Some(at(3, 50)));
        assert_eq!(read(&shelf, None), None);
    }

    #[test]
    fn what_cannot_be_read_counts_as_none_and_a_newer_one_is_left_alone() {
        let state = tempfile::tempdir().unwrap();
        let shelf = Shelf::of(state.path(), Path::new("/desks/cmd.relmate"));
        shelf.write(FILE, Some("{")).unwrap();
        assert_eq!(read(&shelf, Some("Alice")), None);
        write(&shelf, Some("Alice"), &at(1, 10)).unwrap();
        assert_eq!(read(&shelf, Some("Alice")), Some(at(1, 10)));
        let text = shelf.read(FILE).unwrap().unwrap();
        let newer = text.replace("\"version\": 1", "\"version\": 2");
        shelf.write(FILE, Some(&newer)).unwrap();
        assert_eq!(read(&shelf, Some("Alice")), None);
        write(&shelf, Some("Alice"), &at(2, 20)).unwrap();
        assert_eq!(shelf.read(FILE).unwrap(), Some(newer));
    }
}
