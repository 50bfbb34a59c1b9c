//! `drafts.json`: what was typed in forms and not saved, as a text and back, and what one
//! screen changed of it. Knows no file.

use serde::{Deserialize, Serialize};

use crate::domain::kind::Kind;
use crate::tui::overlay::form::draft::{Draft, Drafts, MOST};
use crate::workspace::deed::{APART, Deed};
use crate::workspace::look::board::rows::Key;

/// The form of the file. A newer one is left alone.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    /// The desk's file, so that nothing is written into another desk's form.
    desk: String,
    drafts: Vec<Kept>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    deed: String,
    /// Kind and id of the records it was opened on.
    subjects: Vec<(String, String)>,
    /// Line and text.
    texts: Vec<(String, String)>,
    at: String,
}

/// The whole text; none where nothing is kept.
pub fn write(drafts: &[Draft], desk: &str) -> Option<String> {
    let kept = |draft: &Draft| Kept {
        deed: draft.deed.to_owned(),
        subjects: draft
            .subjects
            .iter()
            .map(|key| (key.kind.word().to_owned(), key.id.clone()))
            .collect(),
        texts: draft.texts.clone(),
        at: draft.at.clone(),
    };
    if drafts.is_empty() {
        return None;
    }
    let file = File {
        version: VERSION,
        desk: desk.to_owned(),
        drafts: drafts.iter().map(kept).collect(),
    };
    serde_json::to_string_pretty(&file).ok()
}

/// Reads the drafts of this desk and what of them has no form here, a sentence each; or
/// says why none can be read, as a clause.
pub fn read(text: &str, desk: &str) -> Result<(Vec<Draft>, Vec<String>), String> {
    let damaged = |error: serde_json::Error| format!("the file is damaged, {error}");
    let value: serde_json::Value = serde_json::from_str(text).map_err(damaged)?;
    match value["version"].as_u64() {
        Some(version) if version == u64::from(VERSION) => {}
        Some(version) => return Err(format!("the file is of version {version}")),
        None => return Err("it is no such file".to_owned()),
    }
    let file: File = serde_json::from_value(value).map_err(damaged)?;
    if file.desk != desk {
        return Err("the file is of another desk".to_owned());
    }
    let mut drafts = Vec::new();
    let mut unknown = Vec::new();
    for kept in file.drafts {
        let subjects: Option<Vec<Key>> = kept
            .subjects
            .iter()
            .map(|(kind, id)| {
                let kind = Kind::from_word(kind)?;
                Some(Key {
                    kind,
                    id: id.clone(),
                })
            })
            .collect();
        let apart = APART.into_iter().find(|deed| deed.name == kept.deed);
        if let (Some(deed), Some(subjects)) = (Deed::named(&kept.deed).or(apart), subjects) {
            drafts.push(Draft {
                deed: deed.name,
                subjects,
                texts: kept.texts,
                at: kept.at,
            });
        } else {
            let texts = kept.texts.iter().map(|(_, text)| text.as_str());
            unknown.push(format!(
                "There is no form `{}` any more; in it stood: {}",
                kept.deed,
                texts.collect::<Vec<_>>().join(" / ")
            ));
        }
    }
    Ok((drafts, unknown))
}

/// What one screen wrote and forgot in one form. Another screen on the same desk has its
/// own, so that only this may be changed in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    deed: &'static str,
    subjects: Vec<Key>,
    at: String,
    /// The lines by their names; a text, or that there is none any more.
    lines: Vec<(String, Option<String>)>,
}

/// What became of the drafts, the form that was written last behind the others.
pub fn changes(before: &[Draft], now: &[Draft]) -> Vec<Change> {
    let gone = before
        .iter()
        .filter(|old| !now.iter().any(|it| it.is_like(old)));
    let gone = gone.map(|old| (old, None));
    let there = now.iter().map(|new| (new, Some(new)));
    gone.chain(there)
        .filter_map(|(draft, now)| {
            let old = before.iter().find(|it| it.is_like(draft));
            let old = old.map_or(&[][..], |it| &it.texts);
            let new = now.map_or(&[][..], |it| &it.texts);
            let lost = old
                .iter()
                .filter(|(name, _)| !new.iter().any(|it| it.0 == *name));
            let lost = lost.map(|(name, _)| (name.clone(), None));
            let written = new.iter().filter(|line| !old.contains(line));
            let written = written.map(|(name, text)| (name.clone(), Some(text.clone())));
            let lines: Vec<_> = lost.chain(written).collect();
            (!lines.is_empty()).then(|| Change {
                deed: draft.deed,
                subjects: draft.subjects.clone(),
                at: draft.at.clone(),
                lines,
            })
        })
        .collect()
}

/// Makes the changes of one screen in what the file holds.
pub fn change(drafts: &mut Vec<Draft>, changes: &[Change]) {
    for change in changes {
        let mut draft = Draft {
            deed: change.deed,
            subjects: change.subjects.clone(),
            texts: Vec::new(),
            at: change.at.clone(),
        };
        if let Some(place) = drafts.iter().position(|it| it.is_like(&draft)) {
            draft.texts = drafts.remove(place).texts;
        }
        for (name, text) in &change.lines {
            draft.texts.retain(|(known, _)| known != name);
            draft
                .texts
                .extend(text.clone().map(|text| (name.clone(), text)));
        }
        if !draft.texts.is_empty() {
            drafts.push(draft);
        }
    }
    let over = drafts.len().saturating_sub(MOST);
    drafts.drain(..over);
}

/// What is said of them at the start, so that nobody writes anew what is there.
pub fn said(drafts: &Drafts) -> Option<String> {
    let name = |draft: &Draft| {
        let ids: Vec<&str> = draft.subjects.iter().map(|key| key.id.as_str()).collect();
        format!("{} {}", draft.deed, ids.join(" "))
            .trim_end()
            .to_owned()
    };
    let names: Vec<String> = drafts.all().iter().rev().map(name).collect();
    if names.is_empty() {
        return None;
    }
    Some(format!(
        "What you typed and did not save comes back with its form: {}.",
        names.join(", ")
    ))
}
