//! Where something is said: the fields and the remarks of records that may hold a text. Refuses to
//! judge whether they do: it leaves out what certainly does not.

use std::ops::ControlFlow;

use super::StoreError;
use super::query::{Reader, shown, text_of};
use crate::domain::kind::Kind;

/// A record, or one remark on it, that may hold the text.
#[derive(Clone, Copy, Debug)]
pub struct Saying<'r> {
    pub kind: Kind,
    pub id: &'r str,
    pub title: &'r str,
    pub open: bool,
    pub is_remark: bool,
    /// The record's fields, or the remark, as JSON.
    pub body: &'r str,
}

impl Reader<'_> {
    /// Tells of records that may say a word, open ones first and the newest first, each before the
    /// remarks on it; `each` says whether to go on.
    pub fn saying(
        &self,
        word: &str,
        each: &mut dyn FnMut(Saying<'_>) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn().prepare_cached(
            "SELECT kind, id, title, open, 0 AS remark, body, entity, 0 AS log FROM record
             WHERE body LIKE ?1 ESCAPE '\\'
             UNION ALL
             SELECT r.kind, r.id, r.title, r.open, 1, e.body, r.entity, e.log
             FROM event e JOIN record r ON r.entity = e.entity
             WHERE e.kind = 'comment' AND e.body LIKE ?1 ESCAPE '\\'
             ORDER BY open DESC, entity DESC, remark, log DESC",
        )?;
        let mut rows = statement.query([pattern(word)])?;
        while let Some(row) = rows.next()? {
            let kind = Kind::from_code(row.get(0)?).unwrap_or(Kind::Desk);
            let saying = Saying {
                kind,
                id: shown(kind, text_of(row, 1)?),
                title: text_of(row, 2)?,
                open: row.get(3)?,
                is_remark: row.get(4)?,
                body: text_of(row, 5)?,
            };
            if each(saying).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// How much of a word is looked for: a pattern that is too long is refused.
const MOST: usize = 100;

/// What the JSON of a text that holds a word is like: `LIKE` knows the case of ASCII alone, and JSON
/// writes some letters otherwise.
fn pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for letter in word.chars().take(MOST) {
        match letter {
            '"' | '\\' => pattern.push('%'),
            '%' | '_' => pattern.extend(['\\', letter]),
            // In another case it may be another letter, or several.
            _ if letter.is_control() || !letter.is_ascii() => pattern.push('%'),
            _ => pattern.push(letter),
        }
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_like_would_read_and_json_would_write_otherwise_is_left_open() {
        assert_eq!(pattern("100%"), r"%100\%%");
        assert_eq!(pattern("a_b"), r"%a\_b%");
        assert_eq!(pattern("\"no\\"), "%%no%%");
        assert_eq!(pattern("Zürich"), "%Z%rich%");
        assert_eq!(pattern(&"a".repeat(60_000)).len(), MOST + 2);
    }
}
