//! What a person typed to narrow a pane, and whether a record passes it. Told first by
//! what finds and sorts a record, and only where that leaves it open by the record itself.
//! Never an error: what is half typed or unknown is said in a note and does not count.

use crate::domain::field::{self, Edit, Field, Seen, fields};
use crate::domain::filter::{Filter, How};
use crate::domain::kind::Kind;
use crate::store::Brief;

/// A filter, ready to be asked.
#[derive(Debug, Default)]
pub(super) struct Sieve {
    words: Vec<Word>,
    terms: Vec<Term>,
    /// A whole expression of the shell's list (`state=delayed or overdue`), read for each
    /// kind that has its fields.
    wholes: Vec<(Kind, Filter)>,
    pub(super) note: Option<String>,
}

/// A text that has to be found, in any case.
#[derive(Debug)]
struct Word(String);

/// An expression on one field.
#[derive(Debug)]
pub(super) struct Term {
    pub(super) field: String,
    pub(super) filter: Filter,
    /// What the field has to say, and how.
    how: How,
    with: String,
    /// The kinds that have this field; a record of another kind does not pass.
    kinds: Vec<Kind>,
}

/// What a record's row says of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Yes,
    No,
    /// Only the record itself can tell.
    Open,
}

impl Sieve {
    /// Reads a filter for a pane of these kinds; `own` are fields that the rows
    /// themselves have.
    pub(super) fn new(text: &str, kinds: &[Kind], own: &[&str]) -> Self {
        let mut sieve = Self {
            wholes: wholes(text, kinds),
            ..Self::default()
        };
        if !sieve.wholes.is_empty() {
            return sieve;
        }
        for piece in pieces(text) {
            match piece.expression() {
                Some(expression) => match Term::new(&expression, kinds, own) {
                    Ok(term) => sieve.terms.push(term),
                    Err(note) => sieve.note = sieve.note.or(Some(note)),
                },
                None => sieve.words.extend(Word::new(&piece.text)),
            }
        }
        sieve
    }

    /// Nothing was asked for that counts.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.terms.is_empty() && self.wholes.is_empty()
    }

    pub(super) fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Whether every word is found in one of the texts.
    pub(super) fn finds(&self, texts: [&str; 3]) -> bool {
        !self.lets_go(texts.map(str::as_bytes))
    }

    /// Whether some word is in none of the texts.
    pub(super) fn lets_go(&self, texts: [&[u8]; 3]) -> bool {
        self.words
            .iter()
            .any(|word| !texts.iter().any(|text| word.is_in(text)))
    }

    /// What the row of a record that has all the words tells.
    pub(super) fn brief(&self, brief: &Brief<'_>) -> Verdict {
        if !self.wholes.is_empty() {
            return Verdict::Open;
        }
        let mut all = Verdict::Yes;
        for term in &self.terms {
            match term.brief(brief) {
                Verdict::Yes => {}
                Verdict::No => return Verdict::No,
                Verdict::Open => all = Verdict::Open,
            }
        }
        all
    }

    /// Whether the record itself passes what its row left open.
    pub(super) fn record(&self, brief: &Brief<'_>, seen: &Seen<'_>) -> bool {
        let kind = seen.noun.kind();
        if let Some((_, whole)) = self.wholes.iter().find(|(it, _)| *it == kind) {
            return whole.passes(&field::object(seen, |_| true));
        }
        self.wholes.is_empty()
            && self.terms.iter().all(|term| match term.brief(brief) {
                Verdict::Yes => true,
                Verdict::No => false,
                Verdict::Open => term.record(seen),
            })
    }
}

/// What was typed as one expression, where it is one: several terms with a word between
/// them, or a field that is yes or no.
fn wholes(text: &str, kinds: &[Kind]) -> Vec<(Kind, Filter)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let joined = words.iter().any(|word| {
        ["or", "and", "not"].contains(&word.to_lowercase().as_str()) || word.starts_with('(')
    });
    let is_flag = |kind: Kind| {
        let flag = |it: &&Field| {
            matches!(it.edit, Edit::Yes | Edit::YesNo) || matches!(it.name, "overdue" | "can_move")
        };
        let mut flags = fields(kind).iter().filter(flag);
        words.len() == 1
            && flags.any(|field| words[0].replace('-', "_").eq_ignore_ascii_case(field.name))
    };
    let asks = text.contains(['=', '<', '>', '~']);
    let read = |kind: &Kind| {
        let names: Vec<&str> = fields(*kind).iter().map(|field| field.name).collect();
        let meant = (joined && asks) || is_flag(*kind);
        let filter = Filter::parse(text, &names).ok().filter(|_| meant)?;
        Some((*kind, filter))
    };
    kinds.iter().filter_map(read).collect()
}

impl Word {
    fn new(text: &str) -> Option<Self> {
        let text = text.to_lowercase();
        (!text.is_empty()).then_some(Self(text))
    }

    fn is_in(&self, text: &[u8]) -> bool {
        if self.0.is_ascii() {
            return found(text, self.0.as_bytes());
        }
        let letters = || str::from_utf8(text).unwrap_or_default();
        !text.is_ascii() && letters().to_lowercase().contains(&self.0)
    }
}

/// Whether a small-letter ASCII word stands in a text, in any case.
fn found(text: &[u8], word: &[u8]) -> bool {
    let Some(first) = word.first() else {
        return true;
    };
    let Some(last) = text.len().checked_sub(word.len()) else {
        return false;
    };
    (0..=last).any(|at| {
        text[at].to_ascii_lowercase() == *first
            && text[at..at + word.len()].eq_ignore_ascii_case(word)
    })
}

/// A piece of what was typed: up to a space, or up to its closing quotation mark.
struct Piece {
    text: String,
    /// The first comparing sign that is not quoted: its place and its length.
    sign: Option<(usize, usize)>,
    /// Something was quoted, so that even nothing is meant.
    quoted: bool,
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut piece = Piece {
        text: String::new(),
        sign: None,
        quoted: false,
    };
    let mut inside = false;
    for letter in text.chars().chain([' ']) {
        match letter {
            '"' => {
                inside = !inside;
                piece.quoted = true;
            }
            letter if letter.is_whitespace() && !inside => {
                let next = Piece {
                    text: String::new(),
                    sign: None,
                    quoted: false,
                };
                pieces.push(std::mem::replace(&mut piece, next));
            }
            letter => piece.push(letter, inside),
        }
    }
    // A quotation mark that is still open closes where the typing ends.
    piece.text.truncate(piece.text.trim_end().len());
    pieces.push(piece);
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

/// A field's name, the sign after it and what it is compared with.
struct Expression<'p> {
    name: &'p str,
    sign: &'p str,
    with: &'p str,
    quoted: bool,
}

impl Piece {
    fn push(&mut self, letter: char, inside: bool) {
        let at = self.text.len();
        match self.sign {
            None if !inside && "=!<>~".contains(letter) => self.sign = Some((at, 1)),
            Some((start, 1))
                if start + 1 == at && letter == '=' && self.text.ends_with(['!', '<', '>']) =>
            {
                self.sign = Some((start, 2));
            }
            _ => {}
        }
        self.text.push(letter);
    }

    /// The piece as an expression, if it looks like one: a name and a sign.
    fn expression(&self) -> Option<Expression<'_>> {
        let (at, length) = self.sign?;
        let name = &self.text[..at];
        let named = name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name
                .chars()
                .all(|letter| letter.is_ascii_alphabetic() || matches!(letter, '_' | '-'));
        named.then(|| Expression {
            name,
            sign: &self.text[at..at + length],
            with: &self.text[at + length..],
            quoted: self.quoted,
        })
    }
}

impl Term {
    fn new(expression: &Expression<'_>, kinds: &[Kind], own: &[&str]) -> Result<Self, String> {
        let Expression {
            name, sign, with, ..
        } = expression;
        let name = name.to_lowercase().replace('-', "_");
        let mut names = own.to_vec();
        names.extend(
            kinds
                .iter()
                .flat_map(|kind| fields(*kind).iter().map(|field| field.name)),
        );
        if !names.contains(&name.as_str()) {
            return Err(unknown(&name, &names));
        }
        if *sign == "!" || (with.is_empty() && !expression.quoted) {
            return Err(format!("{name}{sign} waits for a value."));
        }
        let text = format!("{name}{sign}\"{with}\"");
        let filter = Filter::parse(&text, &names).map_err(|error| error.message)?;
        let Filter::Compare { field, how, with } = filter.clone() else {
            return Err(format!("{name}{sign} cannot be understood."));
        };
        Ok(Self {
            kinds: kinds
                .iter()
                .copied()
                .filter(|kind| fields(*kind).iter().any(|field| field.name == name))
                .collect(),
            field,
            filter,
            how,
            with,
        })
    }

    /// What the columns of a record's row tell.
    fn brief(&self, brief: &Brief<'_>) -> Verdict {
        if !self.kinds.contains(&brief.kind) {
            return Verdict::No;
        }
        match told(brief, &self.field) {
            Told::Is(text) => self.verdict(&text.into()),
            Told::NotSo => self.verdict(&false.into()),
            Told::Within(text) => {
                let sought = matches!(self.how, How::Is | How::Has) && !self.with.is_empty();
                let lies_within = || text.to_lowercase().contains(&self.with.to_lowercase());
                if sought && !lies_within() {
                    Verdict::No
                } else {
                    Verdict::Open
                }
            }
            Told::Nothing => Verdict::Open,
        }
    }

    fn verdict(&self, value: &serde_json::Value) -> Verdict {
        if self.filter.passes_value(value) {
            Verdict::Yes
        } else {
            Verdict::No
        }
    }

    /// Whether a record passes, asked for this one field only.
    pub(super) fn record(&self, seen: &Seen<'_>) -> bool {
        fields(seen.noun.kind())
            .iter()
            .find(|field| field.name == self.field)
            .is_some_and(|field| self.filter.passes_value(&(field.get)(seen)))
    }
}

/// Names what there is, beginning with what it may become.
fn unknown(name: &str, names: &[&str]) -> String {
    let mut all: Vec<&str> = Vec::new();
    for known in names {
        if !all.contains(known) {
            all.push(known);
        }
    }
    let near = |known: &&str| known.starts_with(name);
    let (lead, shown) = if all.iter().any(near) {
        all.retain(near);
        ("perhaps", all.join(", "))
    } else {
        ("there are", all.join(", "))
    };
    format!("There is no field {name}; {lead} {shown}.")
}

/// What a record's row knows of one of its fields.
enum Told<'b> {
    Is(&'b str),
    /// A yes-or-no field that says no.
    NotSo,
    /// The field's text is a part of this one.
    Within(&'b str),
    Nothing,
}

/// Only what is sure: a row's owner is who is asked first, and is meant by the field of
/// that name, because that is what a pane shows.
fn told<'b>(brief: &Brief<'b>, field: &str) -> Told<'b> {
    use Kind::{
        Action, Cycle, Lesson, Message, Milestone, Person, Product, Site, Submission, Ticket,
    };
    match (brief.kind, field) {
        (Product | Site | Person | Cycle, "name") | (_, "id") => Told::Is(brief.id),
        (Ticket | Submission | Action | Message | Cycle, "state") | (Lesson, "kind") => {
            Told::Is(brief.state)
        }
        (Ticket | Submission | Action | Message | Milestone, "owner") => {
            Told::Is(brief.owner.unwrap_or_default())
        }
        (Action | Lesson, "text") | (Message, "subject") => Told::Is(brief.title),
        (Site, "country") | (Product, "provider") | (Person, "organisation") => {
            Told::Is(brief.words)
        }
        (Ticket, "due" | "days_left") if !brief.open => Told::Is(""),
        (Ticket, "overdue") if !brief.open || brief.state == "delayed" => Told::NotSo,
        (Submission | Action, "overdue") if !brief.open => Told::NotSo,
        (Ticket, "product" | "version" | "platform")
        | (Submission, "product" | "version")
        | (Milestone, "code" | "name") => Told::Within(brief.title),
        (Ticket, "arch" | "provider" | "channel_id" | "tracking_id")
        | (Submission, "provider" | "channel_id") => Told::Within(brief.words),
        _ => Told::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brief() -> Brief<'static> {
        Brief {
            num: 1,
            kind: Kind::Ticket,
            id: "T-12",
            open: true,
            state: "verification",
            owner: Some("Alice"),
            due_on: None,
            sort: "1",
            title: "ARC CE 7.0.3 Ål9",
            words: "x86_64 NorduGrid",
        }
    }

    #[track_caller]
    fn check(typed: &str, verdict: Verdict, note: &str) {
        let sieve = Sieve::new(typed, &[Kind::Ticket], &[]);
        let found = if sieve.finds([brief().title, brief().id, brief().words]) {
            sieve.brief(&brief())
        } else {
            Verdict::No
        };
        assert_eq!(found, verdict, "{typed}");
        let said = sieve.note.unwrap_or_default();
        assert!(
            said.contains(note) && said.is_empty() == note.is_empty(),
            "{typed}: {said}"
        );
    }

    #[test]
    fn words_are_all_to_be_found_in_any_case_and_any_place() {
        check("", Verdict::Yes, "");
        check("arc nordu", Verdict::Yes, "");
        check("t-1 X86", Verdict::Yes, "");
        check("ÅL9", Verdict::Yes, "");
        check("arc dcache", Verdict::No, "");
        check("\"ce 7.0\"", Verdict::Yes, "");
        check("\"arc 7.0\"", Verdict::No, "");
        check("alice", Verdict::No, "");
    }

    #[test]
    fn an_expression_is_told_by_the_row_where_that_can_tell() {
        check("state=Verification", Verdict::Yes, "");
        check("state!=verification", Verdict::No, "");
        check("state~veri arc", Verdict::Yes, "");
        check("owner=alice", Verdict::Yes, "");
        check("owner=bob", Verdict::No, "");
        check("id=t-12", Verdict::Yes, "");
        check("product=dCache", Verdict::No, "");
        check("product=\"arc ce\"", Verdict::Open, "");
        check("product!=dCache", Verdict::Open, "");
        check("overdue=yes", Verdict::Open, "");
        check("overdue=yes state=ready", Verdict::No, "");
        check("days-left<3", Verdict::Open, "");
    }

    #[test]
    fn what_is_half_typed_is_said_and_does_not_count() {
        check("state= arc", Verdict::Yes, "state= waits for a value");
        check("state! arc", Verdict::Yes, "waits");
        check("stat=x arc", Verdict::Yes, "perhaps state, state_label");
        check("colour=red dcache", Verdict::No, "there are id, submission");
        check("product=\"arc", Verdict::Open, "");
        check("verifier=\"\"", Verdict::Open, "");
        check("https://x?a=b", Verdict::No, "");
        check("<5", Verdict::No, "");
    }

    #[test]
    fn what_is_over_is_never_late() {
        let over = Brief {
            open: false,
            state: "released",
            ..brief()
        };
        for (typed, verdict) in [
            ("overdue=yes", Verdict::No),
            ("overdue=no", Verdict::Yes),
            ("due<2026-12-01", Verdict::No),
        ] {
            let sieve = Sieve::new(typed, &[Kind::Ticket], &[]);
            assert_eq!(sieve.brief(&over), verdict, "{typed}");
        }
    }
}
