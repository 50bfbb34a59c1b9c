//! Where something is said, word for word: in a field of a record or in a remark on it. Refuses to
//! guess: what is not there in these letters is not found.

use std::ops::ControlFlow;

use serde::Serialize;
use serde_json::Value;

use super::Look;
use super::find::Found;
use crate::domain::field::{self, fields};
use crate::domain::kind::Kind;
use crate::domain::plain::plain;
use crate::store::Saying;
use crate::workspace::refusal::Refusal;

/// How many letters of a text are shown before what was searched for, and of it and what follows.
const BEFORE: usize = 24;
const AFTER: usize = 48;
/// The word for a remark, where a field has its label.
const REMARK: &str = "remark";

/// What is said, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The field, or that it is a remark.
    #[serde(rename = "in")]
    pub place: String,
    /// What stands around it there, on one line.
    pub text: String,
}

/// Adds the records that say all the words in one place, each once, until there are `limit`.
pub(super) fn add(
    look: &Look<'_>,
    wanted: &str,
    (limit, private): (usize, bool),
    found: &mut Vec<Found>,
) -> Result<(), Refusal> {
    let words: Vec<String> = wanted.split_whitespace().map(lower).collect();
    let Some(longest) = words.iter().max_by_key(|word| word.len()) else {
        return Ok(());
    };
    look.reader.saying(longest, &mut |saying| {
        if found.len() >= limit {
            return ControlFlow::Break(());
        }
        let met = |it: &Found| it.kind == saying.kind.word() && it.id == saying.id;
        if saying.kind != Kind::Desk
            && !found.iter().any(met)
            && let Some(said) = place(&saying, &words, private)
        {
            found.push(Found {
                id: saying.id.to_owned(),
                kind: saying.kind.word(),
                title: saying.title.to_owned(),
                open: saying.open,
                said: Some(said),
                score: 0,
            });
        }
        ControlFlow::Continue(())
    })?;
    Ok(())
}

fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// The first field that says all the words, or the remark.
fn place(saying: &Saying<'_>, words: &[String], private: bool) -> Option<Said> {
    let body: Value = serde_json::from_str(saying.body).ok()?;
    if saying.is_remark {
        if body["private"] == true && !private {
            return None;
        }
        return said(REMARK, body["text"].as_str()?, words);
    }
    // Who may see the desk may see these, as `show` has them.
    let mut named = body.as_object()?.iter();
    named.find_map(|(name, value)| said(&label(saying.kind, name), &field::text(value), words))
}

fn label(kind: Kind, name: &str) -> String {
    let known = fields(kind).iter().find(|it| it.name == name);
    known.map_or_else(|| name.replace('_', " "), |it| it.label.to_lowercase())
}

/// What stands around the first of the words in a text that has all of them.
fn said(place: &str, text: &str, words: &[String]) -> Option<Said> {
    let text = plain(text);
    let low = lower(&text);
    if !words.iter().all(|word| low.contains(word.as_str())) {
        return None;
    }
    let first = words
        .iter()
        .filter_map(|word| low.find(word.as_str()))
        .min()?;
    // Letters and not bytes: in lower case there may be more of these.
    let at = low[..first].chars().count();
    let letters: Vec<char> = text.chars().collect();
    let (from, to) = (
        at.saturating_sub(BEFORE).min(letters.len()),
        (at + AFTER).min(letters.len()),
    );
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
        assert_eq!(found(&desk, "walrus", true)[0].0, "T-1");
    }

    #[test]
    fn of_a_long_text_only_what_is_around_it_is_told() {
        let words = [lower("Needle")];
        let long = format!("{}İ needle {}", "ä".repeat(90), "ö".repeat(90));
        let said = said("note", &long, &words).unwrap();
        assert!(said.text.starts_with('…') && said.text.ends_with('…'));
        assert!(said.text.contains("needle") && said.text.chars().count() < 80);
    }
}
