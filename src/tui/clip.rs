//! What `y` copies: a record as an id, a link, a line, or Markdown. Makes texts; the
//! terminal copies them.

use crate::workspace::look::board::rows::{Cells, Key, Row};

/// What is copied of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Id,
    Link,
    Line,
    Letter,
    Markdown,
}

/// A row as one line of text.
pub(super) fn line(row: &Row) -> String {
    let parts: Vec<&str> = match &row.cells {
        Cells::Duty(duty) => vec![&duty.title, &duty.what, &duty.days, &duty.who, &duty.step],
        Cells::Milestone(gate) => vec![&gate.code, &gate.name, &gate.date, &gate.note],
        Cells::Ticket(ticket) => vec![&ticket.title, &ticket.state, &ticket.clock, &ticket.owner],
        Cells::Site(site) => vec![&site.country, &site.sla],
        Cells::Record(it) => vec![&it.title, &it.state, &it.who, &it.day],
        Cells::Note(note) => vec![&note.text, &note.who, &note.tail],
    };
    let mut text = row.key.id.clone();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        text.push_str(", ");
        text.push_str(part);
    }
    text
}

/// A line as an item of a Markdown list, with its link if it has one.
pub(super) fn markdown(key: &Key, text: &str, link: Option<&str>) -> String {
    let rest = text.strip_prefix(key.id.as_str()).unwrap_or(text);
    let rest: String = rest.chars().flat_map(escaped).collect();
    match link {
        Some(link) => format!("- [{}](<{link}>){rest}", key.id),
        None => format!("- **{}**{rest}", key.id),
    }
}

/// A letter as Markdown takes it for itself.
fn escaped(letter: char) -> impl Iterator<Item = char> {
    let special = matches!(
        letter,
        '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|'
    );
    special.then_some('\\').into_iter().chain([letter])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kind::Kind;

    #[test]
    fn markdown_keeps_its_signs_to_itself() {
        let key = Key {
            kind: Kind::Ticket,
            id: "T-1".to_owned(),
        };
        assert_eq!(
            markdown(&key, "T-1, a*b_c [x]", None),
            "- **T-1**, a\\*b\\_c \\[x\\]"
        );
        assert_eq!(
            markdown(&key, "T-1, ARC", Some("https://a.org/b c")),
            "- [T-1](<https://a.org/b c>), ARC"
        );
    }
}
