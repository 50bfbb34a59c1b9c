//! Pages about the whole desk: its history, what is wrong with its schedule, its process.
//! Says what `log`, `cycle check` and `profile show` say.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::board::rows::{Act, Line, Page};
use super::log::{self, Asked, Change};
use super::{Look, conflicts, release, schedule};
use crate::domain::plain::{plain, plain_lines};
use crate::domain::queue::ticket::Repository;
use crate::store::Store;
use crate::workspace::refusal::Refusal;

/// How many steps a page tells; `relmate log` tells all.
const STEPS: usize = 200;
/// How many changes of a step a page tells, and how many of its records.
const FEW: usize = 4;

/// What can be asked about the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    History,
    Schedule,
    Process,
    Repositories,
    Conflicts,
}

/// Reads one page without leaving a trace on the desk.
pub fn load(path: &Path, topic: Topic, now: DateTime<Utc>) -> Result<Page, Refusal> {
    Store::look(path, &mut |reader| {
        Ok(Look::new(reader, now).and_then(|look| page(&look, topic)))
    })?
}

/// The same on a desk that is open already.
pub fn page(look: &Look<'_>, topic: Topic) -> Result<Page, Refusal> {
    let mut acts = Vec::new();
    let (title, lines) = match topic {
        Topic::History => ("The desk's history".to_owned(), history(look)?),
        Topic::Schedule => problems(look)?,
        Topic::Process => ("The desk's process".to_owned(), process(look)?),
        Topic::Repositories => ("The repositories".to_owned(), repositories(look)?),
        Topic::Conflicts => (
            "What two managers have to settle".to_owned(),
            conflicts(look, &mut acts)?,
        ),
    };
    Ok(Page {
        title,
        lines,
        acts,
        ..Page::default()
    })
}

fn field(label: &str, text: &str) -> Line {
    Line::Field(plain(label).into_owned(), plain(text).into_owned())
}

/// The newest steps first.
fn history(look: &Look<'_>) -> Result<Vec<Line>, Refusal> {
    let asked = Asked {
        limit: Some(STEPS + 1),
        ..Asked::default()
    };
    let steps = log::log(look, &asked)?;
    let mut lines = Vec::new();
    for step in steps.iter().take(STEPS) {
        let ids = few(&step.ids);
        let text = format!("{} {ids}", log::who_did_what(step));
        lines.push(field(&log::moment(look, &step.at), text.trim_end()));
        let told = |change: &&Change| !log::UNTOLD.contains(&change.field.as_str());
        for change in step.changes.iter().filter(told).take(FEW) {
            lines.push(field("", &log::change(change)));
        }
    }
    if steps.is_empty() {
        lines.push(Line::Text("Nothing was recorded yet.".to_owned()));
    }
    if steps.len() > STEPS {
        lines.push(Line::Text("Older ones: `relmate log`.".to_owned()));
    }
    Ok(lines)
}

fn few(ids: &[String]) -> String {
    let shown = ids.len().min(FEW);
    let more = match ids.len() - shown {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", ids[..shown].join(" "))
}

fn problems(look: &Look<'_>) -> Result<(String, Vec<Line>), Refusal> {
    let (cycle, problems) = schedule::problems(look, None)?;
    let mut lines: Vec<Line> = problems
        .iter()
        .map(|problem| field(problem.code.word(), &problem.sentence))
        .collect();
    if lines.is_empty() {
        lines.push(Line::Lead("Nothing is wrong with the schedule.".to_owned()));
    }
    Ok((format!("The schedule of {}", plain(&cycle)), lines))
}

/// What each repository holds, then every promotion.
fn repositories(look: &Look<'_>) -> Result<Vec<Line>, Refusal> {
    let mut lines = Vec::new();
    for repository in [Repository::Beta, Repository::Production] {
        let asked = release::Asked {
            repository: Some(repository),
            log: false,
        };
        let entries = release::repository(look, asked)?;
        let heading = format!("{}, {} releases", repository.word(), entries.len());
        lines.push(Line::Heading(heading));
        for entry in entries.iter().take(STEPS) {
            let [label, since, proof] = release::cells(entry);
            let text = format!("{label}, since {since} by {}: {proof}", entry.by);
            lines.push(field(&entry.ticket, &text));
        }
        if entries.len() > STEPS {
            let all = format!("All of them: `relmate repository {}`.", repository.word());
            lines.push(Line::Text(all));
        }
        lines.push(Line::Gap);
    }
    let log = "How it came there: `relmate repository --log`.";
    lines.push(Line::Text(log.to_owned()));
    Ok(lines)
}

/// Every record with both values, whose, when, and what each had seen.
fn conflicts(look: &Look<'_>, acts: &mut Vec<(usize, Act)>) -> Result<Vec<Line>, Refusal> {
    let all = conflicts::all(look)?;
    let mut lines = Vec::new();
    for conflict in all.iter().take(STEPS) {
        lines.push(Line::Heading(plain(&conflict.title).into_owned()));
        let (told, of) = conflicts::page(conflict, look);
        let from = lines.len();
        acts.extend(of.into_iter().map(|(line, act)| (from + line, act)));
        lines.extend(told);
        lines.push(Line::Gap);
    }
    if all.is_empty() {
        lines.push(Line::Lead(conflicts::NOTHING.to_owned()));
    } else {
        let how = "Mine, theirs, merge, both or later: a key each, for the marked field; its form asks why.";
        lines.push(Line::Text(how.to_owned()));
    }
    Ok(lines)
}

fn process(look: &Look<'_>) -> Result<Vec<Line>, Refusal> {
    let text = look.reader.profile_text()?;
    let lines = plain_lines(&text);
    Ok(lines
        .lines()
        .map(|line| match line {
            "" => Line::Gap,
            line => Line::Text(line.to_owned()),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::example;

    fn now() -> DateTime<Utc> {
        "2026-11-21T09:14:00Z".parse().unwrap()
    }

    fn told(topic: Topic) -> (String, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cmd.relmate");
        example::build(&path, now()).unwrap();
        let page = load(&path, topic, now()).unwrap();
        let lines = page.lines.iter().map(|line| match line {
            Line::Field(label, text) => format!("{label} | {text}"),
            Line::Text(text) | Line::Lead(text) | Line::Heading(text) => text.clone(),
            Line::Gap => String::new(),
        });
        (page.title, lines.collect::<Vec<_>>().join("\n"))
    }

    #[test]
    fn the_history_says_who_did_what_to_which_record_and_what_changed() {
        let (_, text) = told(Topic::History);
        assert!(text.contains("ticket delay T-"), "{text}");
        assert!(text.contains(" → "), "{text}");
        assert!(text.lines().count() > 20, "{text}");
    }

    #[test]
    fn the_schedules_problems_are_those_of_the_check() {
        let (title, text) = told(Topic::Schedule);
        assert!(title.starts_with("The schedule of "), "{title}");
        assert!(!text.is_empty());
    }

    #[test]
    fn the_process_is_the_profile_as_it_is_kept() {
        let (_, text) = told(Topic::Process);
        assert!(text.contains("egi-cmd"), "{text}");
    }
}
