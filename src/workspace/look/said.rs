//! Where something is said, word for word: in a field of a record or in a remark on it. Refuses to
//! guess: what is not there in these letters is not found.

use std::collections::HashSet;

use serde::Serialize;

use super::find::Found;
use super::{Judged, Look, card, record};
use crate::domain::field::{self, Seen};
use crate::domain::kind::Kind;
use crate::domain::plain::plain;
use crate::store::{RecordRow, told_by_pattern};
use crate::workspace::refusal::Refusal;

/// How many letters of a text are shown before what was searched for, and of it and what follows.
const BEFORE: usize = 24;
const AFTER: usize = 48;

/// What is said, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The field, or that it is a remark and whether it is a private one.
    #[serde(rename = "in")]
    pub place: String,
    /// What stands around it there, on one line.
    pub text: String,
}

/// The words that are searched for, in any order and any case.
pub(super) struct Words {
    folded: Vec<String>,
    /// The one that leaves out the most.
    rarest: String,
}

impl Words {
    /// None if there is no word.
    pub(super) fn of(wanted: &str) -> Option<Self> {
        let rarest = wanted
            .split_whitespace()
            .max_by_key(|word| told_by_pattern(word))?;
        Some(Self {
            folded: wanted
                .split_whitespace()
                .map(|word| Folded::of(word).text)
                .collect(),
            rarest: rarest.to_owned(),
        })
    }

    /// Whether a text has all of them.
    pub(super) fn are_in(&self, text: &str) -> bool {
        self.first_in(&Folded::of(text)).is_some()
    }

    /// Where the first of them begins in a text that has all of them.
    fn first_in(&self, text: &Folded) -> Option<usize> {
        let places = self.folded.iter().map(|word| text.text.find(word.as_str()));
        places.collect::<Option<Vec<_>>>()?.into_iter().min()
    }
}

/// A text with no difference between large and small letters.
struct Folded {
    text: String,
    /// Where each of its letters begins there: one letter may become several.
    begins: Vec<usize>,
}

impl Folded {
    fn of(text: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(text.len()),
            begins: Vec::with_capacity(text.len()),
        };
        for letter in text.chars() {
            folded.begins.push(folded.text.len());
            // Sigma has two small letters.
            let small = letter.to_lowercase().map(|it| match it {
                'ς' => 'σ',
                other => other,
            });
            folded.text.extend(small);
        }
        folded
    }
}

/// The records that say all the words in one place, each once, at most `limit`; none of those that
/// are known.
pub(super) fn records(
    look: &Look<'_>,
    words: &Words,
    (limit, private): (usize, bool),
    known: &HashSet<(&str, &str)>,
) -> Result<Vec<Found>, Refusal> {
    let mut found = Vec::new();
    if limit == 0 {
        return Ok(found);
    }
    let judged = look.judged()?;
    let mut last = None;
    for saying in look.reader.saying(&words.rarest)? {
        if found.len() >= limit {
            break;
        }
        if last == Some(saying.record) {
            continue;
        }
        let Some(row) = look.reader.by_num(saying.record)? else {
            continue;
        };
        if row.kind == Kind::Desk || known.contains(&(row.kind.word(), row.id.as_str())) {
            continue;
        }
        let said = match saying.remark {
            Some(at) => {
                let remark = look.reader.remark(saying.record, at)?;
                let is_private = remark["private"] == true;
                let place = if is_private {
                    "private remark"
                } else {
                    "remark"
                };
                let text = field::text(&remark["text"]);
                let told = (private || !is_private).then(|| said(place, &text, words));
                told.flatten()
            }
            None => in_fields(look, &judged, &row, words)?,
        };
        if let Some(said) = said {
            last = Some(saying.record);
            found.push(Found {
                kind: row.kind.word(),
                title: row.title,
                open: row.open,
                id: row.id,
                said: Some(said),
                score: 0,
            });
        }
    }
    Ok(found)
}

/// The first field that says all the words, as `show` has the fields: who may see the desk may see
/// those.
fn in_fields(
    look: &Look<'_>,
    judged: &Judged,
    row: &RecordRow,
    words: &Words,
) -> Result<Option<Said>, Refusal> {
    let noun = record::noun(row)?;
    let setting = look.setting(judged);
    // Figures and whether it can move on are no texts, and other records would be read for them.
    let seen = Seen::new(&noun, &setting, look.now);
    let mut fields = card::fields(row, &seen);
    Ok(fields.find_map(|field| said(&field.label.to_lowercase(), &field.text, words)))
}

/// What stands around the first of the words in a text that has all of them.
fn said(place: &str, text: &str, words: &Words) -> Option<Said> {
    let text = plain(text);
    let folded = Folded::of(&text);
    let first = words.first_in(&folded)?;
    let at = folded.begins.partition_point(|begin| *begin <= first) - 1;
    let letters: Vec<char> = text.chars().collect();
    let (from, to) = (at.saturating_sub(BEFORE), (at + AFTER).min(letters.len()));
    let mut around = String::new();
    around.extend((from > 0).then_some('…'));
    around.extend(&letters[from..to]);
    around.extend((to < letters.len()).then_some('…'));
    Some(Said {
        place: place.to_owned(),
        text: around,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::action::Action;
    use crate::workspace::fixture::Desk;
    use crate::workspace::look::find::find;

    fn remark(id: &str, text: &str, private: bool) -> Action {
        let step = serde_json::json!({"do": "comment", "id": id, "text": text, "private": private});
        serde_json::from_value(step).unwrap()
    }

    fn found(desk: &Desk, wanted: &str, private: bool) -> Vec<(String, Option<Said>)> {
        let found = desk.look(|look| find(look, wanted, 5, private)).unwrap();
        found.into_iter().map(|it| (it.id, it.said)).collect()
    }

    #[test]
    fn what_is_said_in_a_remark_or_a_field_is_found_after_the_titles() {
        let mut desk = Desk::with_tickets();
        desk.act(remark(
            "T-2",
            "Zürich waits for the Walrus\nof CREAM",
            false,
        ));
        desk.act(remark("T-2", "another walrus", false));
        let said = |place: &str, text: &str| {
            Some(Said {
                place: place.to_owned(),
                text: text.to_owned(),
            })
        };
        let all = [("T-2".to_owned(), said("remark", "another walrus"))];
        assert_eq!(found(&desk, "walrus", false), all);
        // All the words in one place, in any case and order.
        let both = said("remark", "Zürich waits for the Walrus of CREAM");
        assert_eq!(found(&desk, "WALRUS zürich", false)[0].1, both);
        assert!(found(&desk, "walrus another zürich", false).is_empty());
        // A title has it first, and each record is there once.
        let cream = found(&desk, "cream", false);
        assert_eq!((cream[0].0.as_str(), &cream[0].1), ("CREAM", &None));
        assert_eq!(cream.iter().filter(|it| it.0 == "T-2").count(), 1);
        let mail = found(&desk, "arc@example", false);
        let contact = ("ARC".to_owned(), said("contact", "arc@example.org"));
        assert!(mail.contains(&contact), "{mail:?}");
    }

    #[test]
    fn what_is_for_the_managers_alone_is_found_when_it_is_asked_for() {
        let mut desk = Desk::with_tickets();
        desk.act(remark("T-1", "a secret walrus", true));
        assert!(found(&desk, "walrus", false).is_empty());
        let private = &found(&desk, "walrus", true)[0];
        assert_eq!(private.0, "T-1");
        assert_eq!(private.1.as_ref().unwrap().place, "private remark");
    }

    #[test]
    fn of_a_long_text_only_what_is_around_it_is_told() {
        let words = Words::of("Needle").unwrap();
        // A letter that becomes two in lower case moves nothing.
        for before in ["ä", "İ"] {
            let long = format!("{} needle {}", before.repeat(90), "ö".repeat(90));
            let said = said("note", &long, &words).unwrap();
            assert!(said.text.starts_with('…') && said.text.ends_with('…'));
            assert!(said.text.contains("needle") && said.text.chars().count() < 80);
        }
    }

    #[test]
    fn letters_of_any_alphabet_are_found_in_either_case() {
        let mut desk = Desk::with_tickets();
        let text = "İstanbul and ΟΔΟΣ wait for 300 Kelvin";
        desk.act(remark("T-1", text, false));
        for wanted in ["İstanbul", "οδος", "KELVIN", "kelvin", "Οδοσ wait"] {
            assert_eq!(found(&desk, wanted, false)[0].0, "T-1", "{wanted}");
        }
    }

    #[test]
    fn what_only_the_program_writes_is_not_said() {
        let mut desk = Desk::with_tickets();
        desk.act(remark("T-1", "was entered by hand", false));
        let said = found(&desk, "entered", false);
        let all: Vec<_> = said.iter().filter(|it| it.1.is_some()).collect();
        assert_eq!(all.len(), 1, "{all:?}");
        assert_eq!(all[0].0, "T-1");
    }

    #[test]
    fn what_is_said_comes_before_titles_that_have_the_letters_apart() {
        let mut desk = Desk::with_tickets();
        let all = |desk: &Desk, limit| desk.look(|look| find(look, "rc9", limit, false)).unwrap();
        assert_eq!(all(&desk, 1)[0].said, None);
        desk.act(remark("T-2", "rc9 waits for the hall", false));
        let said = all(&desk, 2);
        assert_eq!((said[0].id.as_str(), said[0].said.is_some()), ("T-2", true));
        // Neither of them leaves no room for the other.
        assert_eq!((said.len(), &said[1].said), (2, &None));
        assert!(all(&desk, 0).is_empty());
    }
}
