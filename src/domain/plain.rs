//! Text from a desk as a terminal may have it: nothing in it moves the cursor,
//! colours a line or turns its reading order. Refuses nothing and never fails.

use std::borrow::Cow;
use std::fmt::Write as _;

/// "A", "A and B", "A, B and C".
pub fn and<T: AsRef<str>>(names: &[T]) -> String {
    let mut text = String::new();
    for (at, name) in names.iter().enumerate() {
        text.push_str(match names.len() - at {
            _ if at == 0 => "",
            1 => " and ",
            _ => ", ",
        });
        text.push_str(name.as_ref());
    }
    text
}

/// The same text with a capital in front.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// One line: line breaks and tabs become spaces, other control characters are
/// shown as their pictures (`␛`), and what turns or hides text is left out.
pub fn plain(text: &str) -> Cow<'_, str> {
    tidy(text, false)
}

/// Like [`plain`] for several lines: `\n` stays, `\r\n` and `\r` become `\n`.
pub fn plain_lines(text: &str) -> Cow<'_, str> {
    tidy(text, true)
}

/// JSON whose texts are harmless where a terminal shows them: what [`plain`] would
/// change is escaped, so that a program still reads every letter.
pub fn plain_json(json: &str) -> Cow<'_, str> {
    let harmless = |letter: char| shown(letter) == Some(letter) || letter == '\n';
    if json.chars().all(harmless) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    for letter in json.chars() {
        if harmless(letter) {
            out.push(letter);
        } else {
            // All of them lie in the first plane.
            // Writing into memory cannot fail.
            let _ = write!(out, "\\u{:04x}", u32::from(letter));
        }
    }
    Cow::Owned(out)
}

fn tidy(text: &str, keep_lines: bool) -> Cow<'_, str> {
    // Most text is plain ASCII, and then bytes tell it faster than letters.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let harmless = |letter: char| shown(letter) == Some(letter) || (keep_lines && letter == '\n');
    if text.chars().all(harmless) {
        return Cow::Borrowed(text);
    }
    let line_break = if keep_lines { '\n' } else { ' ' };
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\r' if letters.peek() == Some(&'\n') => {}
            '\r' | '\n' | '\u{2028}' | '\u{2029}' => out.push(line_break),
            other => out.extend(shown(other)),
        }
    }
    Cow::Owned(out)
}

/// The character that stands for this one; `None` leaves it out. Joiners stay:
/// emoji and several scripts need them.
fn shown(letter: char) -> Option<char> {
    match letter {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => Some(' '),
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(letter)),
        '\u{7f}' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}' => Some(char::REPLACEMENT_CHARACTER),
        '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{206f}'
        | '\u{200b}'
        | '\u{2060}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' => None,
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(plain(text), expected);
    }

    #[test]
    fn an_escape_sequence_is_shown_and_never_obeyed() {
        check("\u{1b}[31mred", "␛[31mred");
        check("\u{9b}2J", "\u{fffd}2J");
        check("bell\u{7}, delete\u{7f}", "bell␇, delete␡");
    }

    #[test]
    fn a_line_stays_one_line() {
        check("two\r\nlines\tand a tab", "two lines and a tab");
        check("a\u{2028}b", "a b");
        assert_eq!(plain_lines("two\r\nlines\rof\ttext"), "two\nlines\nof text");
    }

    #[test]
    fn what_turns_the_reading_order_is_left_out() {
        check("safe\u{202e}gpj.exe\u{2069}", "safegpj.exe");
        check("in\u{200b}visible\u{feff}", "invisible");
    }

    #[test]
    fn ordinary_text_is_not_copied() {
        assert!(matches!(
            plain("Grüße, 日本, 👩\u{200d}🔬"),
            Cow::Borrowed(_)
        ));
        assert!(matches!(plain_lines("one\ntwo"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn nothing_that_a_terminal_obeys_comes_through(text in any::<String>()) {
            prop_assert!(!plain(&text).chars().any(char::is_control));
            prop_assert!(!plain_lines(&text).chars().any(|c| c.is_control() && c != '\n'));
            let once = plain(&text);
            prop_assert_eq!(plain(&once), once.as_ref());
        }
    }
}
