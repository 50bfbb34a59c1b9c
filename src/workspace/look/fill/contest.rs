//! What the form begins with that settles a contested field: both values above it, and where both
//! are to be made into one, the text that they add up to. Settles nothing.

use super::Subject;
use super::clean;
use crate::domain::plain::plain_lines;
use crate::workspace::action::Settle;
use crate::workspace::deed::Filled;
use crate::workspace::look::conflicts::{self, Contest, Side};
use crate::workspace::look::{Look, conflicts::Conflict};
use crate::workspace::refusal::Refusal;

/// The contested field that is meant: the one that was named, else the only one.
fn meant<'c>(conflict: &'c Conflict, given: &Filled) -> Option<&'c Contest> {
    let fields = &conflict.fields;
    match given.maybe("field") {
        Some(name) => fields.iter().find(|it| it.field == name),
        None => fields.first().filter(|_| fields.len() == 1),
    }
}

/// Both values, whose they are and what stood before; none where no field is meant.
pub(super) fn facts(
    look: &Look<'_>,
    subject: &Subject,
    given: &Filled,
) -> Result<Option<Vec<String>>, Refusal> {
    let conflict = conflicts::of(look.reader, &subject.row)?;
    let Some(contest) = meant(&conflict, given) else {
        return Ok(None);
    };
    let mut facts = vec![format!(
        "Before both: {}",
        conflicts::brief(&contest.base_text)
    )];
    let sides = contest.sides.iter().map(|side| {
        let when = conflicts::moment(look, &side.recorded);
        format!("{}, {when}: {}", side.by, conflicts::brief(&side.text))
    });
    facts.extend(sides);
    let along = contest.goes_along();
    facts.extend(along.map(|along| format!("Goes along: {along}")));
    Ok(Some(facts.iter().map(|fact| clean(fact)).collect()))
}

/// What is known of the answers: the field, and of two long texts what a merge would give.
pub(super) fn known(
    look: &Look<'_>,
    subject: &Subject,
    given: &Filled,
    known: &mut Filled,
) -> Result<(), Refusal> {
    let conflict = conflicts::of(look.reader, &subject.row)?;
    let Some(contest) = meant(&conflict, given) else {
        return Ok(());
    };
    known.put("field", clean(&contest.field));
    let how = given.maybe("how");
    let merges = how.is_none_or(|how| how == Settle::Merge.word());
    if let ([left, right], true) = (contest.sides.as_slice(), merges)
        && let Some(text) = merged(contest, left, right)
    {
        known.put("text", plain_lines(&text));
    }
    Ok(())
}

/// What two long texts add up to; where both changed the same lines, both stand between marks
/// that name who wrote what.
fn merged(contest: &Contest, left: &Side, right: &Side) -> Option<String> {
    let (mine, theirs) = (left.value.as_str()?, right.value.as_str()?);
    if !mine.contains('\n') && !theirs.contains('\n') {
        return None;
    }
    let base = contest.base.as_str().unwrap_or_default();
    let text = conflicts::propose(base, mine, theirs).text;
    let named = |line: &str| match line {
        "<<<<<<< ours" => format!("<<<<<<< {}", left.by),
        "||||||| original" => "||||||| before both".to_owned(),
        ">>>>>>> theirs" => format!(">>>>>>> {}", right.by),
        line => line.to_owned(),
    };
    let lines: Vec<String> = text.lines().map(named).collect();
    Some(lines.join("\n"))
}
