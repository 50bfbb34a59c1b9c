//! What two managers have to settle: each contested field with what both replaced, each side's
//! value, whose it is, when, and what its author had seen of the other; and the rules that their
//! steps broke together (SYNC.md 3.12). Settles nothing.

mod along;
mod gather;
mod merge;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

pub use merge::{Proposal, has_markers, propose};

use self::along::Along;
use super::board::rows::{Act, Key, Line};
use super::{Look, gate, log, resolve};
use crate::domain::attention::quoted;
use crate::domain::kind::Kind;
use crate::domain::listed::listed;
use crate::domain::plain::{plain, plain_lines};
use crate::domain::verdict::{Blocker, NextStep, Why};
use crate::ledger::{EntityId, Hash};
use crate::store::{Reader, RecordRow};
use crate::workspace::action::Settle;
use crate::workspace::refusal::Refusal;

/// One record with everything about it that is open.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conflict {
    pub id: String,
    pub kind: &'static str,
    pub title: String,
    pub fields: Vec<Contest>,
    pub violations: Vec<Broken>,
    #[serde(skip)]
    pub of: Kind,
}

/// One field with values that stand beside each other.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Contest {
    /// Its name as it is typed.
    pub field: String,
    pub label: String,
    /// What both replaced; nothing where both began with an empty field.
    pub base: Value,
    pub base_text: String,
    /// What is shown and judged by until it is settled.
    pub shown: String,
    /// The earliest first.
    pub sides: Vec<Side>,
    /// Who said last that it is settled later, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub put_off: Option<PutOff>,
    /// The ids of records of its kind that the same steps contest in the same field: they are settled
    /// with it, unless somebody says otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub along: Vec<String>,
    /// Whether it is told in a person's own words.
    #[serde(skip)]
    pub words: bool,
    /// The steps whose values stand beside each other.
    #[serde(skip)]
    pub steps: Vec<Hash>,
}

/// A dispute that somebody left as it is, with the reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PutOff {
    pub by: String,
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub on_behalf: Option<String>,
    pub recorded: String,
    pub because: String,
}

impl PutOff {
    /// "Alice, Sat 21 Nov 09:14: ask the provider first"
    pub fn sentence(&self, look: &Look<'_>) -> String {
        let who = log::who(&self.by, self.on_behalf.as_deref());
        format!("{who}, {}: {}", moment(look, &self.recorded), self.because)
    }
}

/// One manager's value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Side {
    pub value: Value,
    pub text: String,
    pub by: String,
    #[serde(rename = "for")]
    pub on_behalf: Option<String>,
    /// The letter that ids of its desk end in; the first digits of its copy of the desk where it
    /// has none.
    pub device: String,
    /// The same for people; empty where nothing has to be told apart.
    #[serde(skip)]
    pub desk: String,
    /// The first digits of the step.
    pub commit: String,
    pub at: String,
    pub recorded: String,
    /// What its author had seen of each other side.
    pub seen: Vec<Knowledge>,
    #[serde(skip)]
    pub hash: Hash,
    /// Every step that wrote this value, that one first.
    #[serde(skip)]
    pub steps: Vec<Hash>,
    /// What settling for this side does.
    #[serde(skip)]
    pub means: Means,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Means {
    /// Its value is written.
    Write,
    /// The record goes off the desk.
    TakeOff,
    /// The record stays.
    Keep,
}

/// How much one author knew of another's work.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Knowledge {
    pub of: String,
    /// The last step of theirs that was known; none where nothing was.
    pub up_to: Option<String>,
    pub recorded: Option<String>,
}

/// A rule that is broken, with the steps by which it came about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Broken {
    pub rule: &'static str,
    pub what: String,
    pub steps: Vec<Step>,
    /// The command that mends it.
    pub mend: String,
    /// Whether the record goes no further until then.
    pub closes: bool,
}

/// A step of somebody, in one line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    pub commit: String,
    pub by: String,
    #[serde(rename = "for")]
    pub on_behalf: Option<String>,
    pub device: String,
    #[serde(skip)]
    pub desk: String,
    pub action: String,
    pub recorded: String,
}

/// Everything that is open on the desk.
pub fn all(look: &Look<'_>) -> Result<Vec<Conflict>, Refusal> {
    let rows = look.reader.disputed()?;
    let along = Along::of(look.reader, &rows)?;
    let each = rows.iter();
    each.map(|row| beside(look.reader, row, &along)).collect()
}

/// What is open about one record, by what was typed.
pub fn named(look: &Look<'_>, id: &str) -> Result<Conflict, Refusal> {
    of(look.reader, &row(look.reader, id)?)
}

/// A record by what was typed; `desk` is the desk itself.
pub fn row(reader: &Reader<'_>, id: &str) -> Result<RecordRow, Refusal> {
    let desk = reader.desk()?.name;
    if id.trim().eq_ignore_ascii_case("desk")
        && let Some(row) = reader.record(Some(Kind::Desk), &desk)?
    {
        return Ok(row);
    }
    resolve::any(reader, id)
}

/// What is open about one record.
pub fn of(reader: &Reader<'_>, row: &RecordRow) -> Result<Conflict, Refusal> {
    let along = if row.contested {
        let mut rows = reader.disputed()?;
        rows.retain(|it| it.kind == row.kind);
        Along::of(reader, &rows)?
    } else {
        Along::default()
    };
    beside(reader, row, &along)
}

/// The same, without what goes along with it.
pub fn alone(reader: &Reader<'_>, row: &RecordRow) -> Result<Conflict, Refusal> {
    beside(reader, row, &Along::default())
}

fn beside(reader: &Reader<'_>, row: &RecordRow, along: &Along) -> Result<Conflict, Refusal> {
    let mut conflict = Conflict {
        id: if row.kind == Kind::Desk {
            "desk".to_owned()
        } else {
            row.id.clone()
        },
        kind: row.kind.word(),
        title: super::card::title(row),
        fields: Vec::new(),
        violations: Vec::new(),
        of: row.kind,
    };
    if let Some(gathered) = gather::Gather::of(reader, row)? {
        conflict.fields = gathered.contests()?;
        along.tell((row.kind, &row.id), &mut conflict.fields);
        conflict.violations = gathered.broken()?;
    }
    Ok(conflict)
}

/// The entity of a record that is on the desk.
pub fn entity(reader: &Reader<'_>, row: &RecordRow) -> Result<Option<EntityId>, Refusal> {
    Ok(reader.entity(row.kind, &row.id)?.map(|(_, entity)| entity))
}

impl Contest {
    /// The values of one person here.
    pub fn of_person<'a>(&'a self, person: &'a str) -> impl Iterator<Item = &'a Side> {
        self.sides.iter().filter(move |side| side.by == person)
    }

    /// "M-6 and M-7, which the same steps wrote", where something goes along with it.
    pub fn goes_along(&self) -> Option<String> {
        let along = listed(&self.along);
        (!along.is_empty()).then(|| format!("{along}, which the same steps wrote"))
    }

    /// Whether its values can stand one after the other: lists, and texts of more than a word.
    pub fn may_both_stand(&self) -> bool {
        let values = self.sides.iter().map(|side| &side.value);
        let values: Vec<_> = values.filter(|it| !it.is_null()).collect();
        let all = |is: fn(&Value) -> bool| values.iter().all(|it| is(it));
        !values.is_empty() && (all(Value::is_array) || self.words && all(is_prose))
    }

    /// What may become of it: two texts may be merged, two texts or lists may both stand.
    pub fn ways(&self) -> Vec<Settle> {
        let mut values = self.sides.iter().map(|side| &side.value);
        let mut ways = vec![Settle::Mine, Settle::Theirs];
        if self.words && values.clone().all(Value::is_string) && values.any(is_prose) {
            ways.push(Settle::Merge);
        }
        if self.may_both_stand() {
            ways.push(Settle::Both);
        }
        ways.push(Settle::Later);
        ways
    }

    /// "state: delayed (Alice, 1a2b3c4d), ready (Bob, 5e6f7a8b)"
    pub fn sentence(&self) -> String {
        let sides: Vec<String> = self
            .sides
            .iter()
            .map(|side| format!("{} ({}, {})", brief(&side.text), side.by, side.commit))
            .collect();
        format!("{}: {}", self.field, sides.join(" against "))
    }
}

/// A text of more than a word; a name, a day or a link is none.
fn is_prose(value: &Value) -> bool {
    let text = value.as_str();
    text.is_some_and(|text| text.contains(char::is_whitespace))
}

impl Broken {
    /// "Bob is its release manager and its verifier (Alice 1a2b3c4d, Bob 5e6f7a8b)"
    pub fn sentence(&self) -> String {
        let steps: Vec<String> = self
            .steps
            .iter()
            .map(|step| format!("{} {}", step.by, step.commit))
            .collect();
        match steps.as_slice() {
            [] => self.what.clone(),
            steps => format!("{} ({})", self.what, steps.join(", ")),
        }
    }
}

/// What is said where there is no conflict.
pub const NOTHING: &str =
    "Nothing is in dispute. What two managers write at once is listed here, with both values.";

impl Knowledge {
    /// "had seen Bob's steps up to 1a2b3c4d, Sat 21 Nov 09:14"
    pub fn sentence(&self, look: &Look<'_>) -> String {
        match (&self.up_to, &self.recorded) {
            (Some(commit), Some(at)) => format!(
                "had seen {}'s steps up to {commit}, {}",
                self.of,
                moment(look, at)
            ),
            _ => format!("had seen no step of {}", self.of),
        }
    }
}

/// What is open about a record, as a page shows it, and what can be done with some of its lines.
pub fn page(conflict: &Conflict, look: &Look<'_>) -> (Vec<Line>, Vec<(usize, Act)>) {
    let (mut lines, mut acts) = (Vec::new(), Vec::new());
    let key = || Key {
        kind: conflict.of,
        id: conflict.id.clone(),
    };
    for contest in &conflict.fields {
        acts.push((
            lines.len(),
            Act::Contest(key(), contest.field.clone(), contest.ways()),
        ));
        tell(contest, look, &mut lines);
    }
    for broken in &conflict.violations {
        acts.push((lines.len(), Act::Record(key())));
        field(&mut lines, "breaks a rule", &broken.sentence());
        field(&mut lines, "", &format!("`{}` mends it", broken.mend));
    }
    (lines, acts)
}

fn field(lines: &mut Vec<Line>, label: &str, text: &str) {
    let (label, text) = (plain(label).into_owned(), plain_lines(text));
    let mut rest = text.lines();
    let first = rest.next().unwrap_or("nothing").to_owned();
    lines.push(Line::Field(label, first));
    lines.extend(rest.map(|line| Line::Field(String::new(), line.to_owned())));
}

/// "step 1f2e3d4c on desk b": where a side comes from.
pub fn step(commit: &str, desk: &str) -> String {
    format!("step {commit} {desk}").trim_end().to_owned()
}

/// One contested field: what stood before both, and each side.
fn tell(contest: &Contest, look: &Look<'_>, lines: &mut Vec<Line>) {
    let shown = format!("contested, shown as {}", brief(&contest.shown));
    field(lines, &contest.label, &shown);
    field(lines, "before both", &contest.base_text);
    if let Some(put_off) = &contest.put_off {
        field(lines, "put off", &put_off.sentence(look));
    }
    for side in &contest.sides {
        let who = log::who(&side.by, side.on_behalf.as_deref());
        field(lines, &who, &side.text);
        let when = moment(look, &side.recorded);
        let step = step(&side.commit, &side.desk);
        field(lines, "", &format!("{when}, {step}"));
        for seen in &side.seen {
            field(lines, "", &seen.sentence(look));
        }
    }
    if let Some(along) = contest.goes_along() {
        field(lines, "goes along", &along);
    }
}

/// A text in a few words.
pub fn brief(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None if line.is_empty() => "nothing".to_owned(),
        None => line,
    }
}

/// Says in a record's `why`, before anything else, what two managers have to settle.
pub fn explain(look: &Look<'_>, row: &RecordRow, answer: &mut Why) -> Result<(), Refusal> {
    let mut blockers = Vec::new();
    let mut next = Vec::new();
    let mut tell = |what: String, command: String, needs: &str| {
        blockers.push(Blocker {
            what,
            who: "either manager".to_owned(),
        });
        next.push(NextStep {
            command,
            needs: needs.to_owned(),
            refused: None,
        });
    };
    if row.contested || row.broken {
        let conflict = of(look.reader, row)?;
        for contest in &conflict.fields {
            let command = format!("relmate resolve {} {}", quoted(&conflict.id), contest.field);
            let ways: Vec<&str> = contest.ways().iter().map(|way| way.word()).collect();
            let needs = format!("{}; --because WHY", ways.join(", "));
            tell(contest.sentence(), command, &needs);
        }
        for broken in &conflict.violations {
            tell(
                broken.sentence(),
                broken.mend.clone(),
                "one of the two mended",
            );
        }
    }
    for other in gate::beside(look.reader, row)? {
        let what = format!("{} is contested, and {} waits for it", other.id, row.id);
        tell(
            what,
            format!("relmate resolve {}", quoted(&other.id)),
            "one of the two changes",
        );
    }
    if look.desk.disputed && row.kind == Kind::Ticket {
        let what = "the profile is contested, and every gate waits for it".to_owned();
        tell(
            what,
            "relmate resolve desk profile".to_owned(),
            "one of the two profiles",
        );
    }
    if row.contested {
        // What was said in general is said with both values here.
        answer
            .blockers
            .retain(|it| it.what != "two managers changed it at once");
        answer.next.clear();
    }
    blockers.append(&mut answer.blockers);
    next.append(&mut answer.next);
    (answer.blockers, answer.next) = (blockers, next);
    Ok(())
}

/// An instant as a line shows it: "Sat 21 Nov 09:14".
pub fn moment(look: &Look<'_>, recorded: &str) -> String {
    recorded.parse::<DateTime<Utc>>().map_or_else(
        |_| recorded.to_owned(),
        |at| look.zone.local(at).format("%a %-d %b %H:%M").to_string(),
    )
}
