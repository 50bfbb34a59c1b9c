//! A command that somebody wrote into a variable, in words: blanks part them, quotes
//! keep them together. No shell, so nothing else in it means anything.

/// The words of a command; none if a quote is not closed.
pub(super) fn words(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = command.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            (_, Some(open)) if letter == open => quote = None,
            ('"' | '\'', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            // Elsewhere a backslash parts folders and must stay what it is.
            ('\\', None | Some('"')) if cfg!(unix) => {
                word.get_or_insert_default().push(letters.next()?);
            }
            (_, None) if letter.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(command: &str, expected: &[&str]) {
        assert_eq!(words(command).unwrap(), expected, "{command}");
    }

    #[test]
    fn blanks_part_words_and_quotes_keep_them_together() {
        check("vi", &["vi"]);
        check("  code\t--wait ", &["code", "--wait"]);
        check("'/my editors/e' -x", &["/my editors/e", "-x"]);
        check(
            r#"e "a 'b' c" 'd "e"' f"g"'h'"#,
            &["e", "a 'b' c", "d \"e\"", "fgh"],
        );
        check("e '' \"\"", &["e", "", ""]);
        check(
            "e $HOME; rm `x` | y > z",
            &["e", "$HOME;", "rm", "`x`", "|", "y", ">", "z"],
        );
        check("", &[]);
    }

    #[test]
    #[cfg(unix)]
    fn a_backslash_takes_the_next_letter_as_it_is() {
        check(r"/my\ editors/e", &["/my editors/e"]);
        check(r#"e "a\"b" 'c\d'"#, &["e", "a\"b", r"c\d"]);
        assert_eq!(words("e \\"), None);
    }

    #[test]
    fn a_quote_that_is_not_closed_is_no_command() {
        assert_eq!(words("e 'a"), None);
        assert_eq!(words("e \"a"), None);
    }
}
