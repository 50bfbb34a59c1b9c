//! A deed as a line of words: what is typed after its name in the palette, and the shell's
//! line that does the same. Reads no file, asks no desk, and leaves what is missing to the
//! form.

use super::{Deed, Entry, Filled, Shape, Value, unknown_word};
use crate::domain::attention::quoted;
use crate::workspace::refusal::Refusal;

/// Reads the words after a deed's name: those without a name by their place, `--name value`,
/// `--name=value`, flags; quotes keep a text together.
pub fn line(deed: &Deed, words: &str) -> Result<Filled, Refusal> {
    let mut filled = Filled::default();
    let mut named = true;
    let mut words = split(words)?.into_iter();
    while let Some(word) = words.next() {
        if named && word == "--" {
            named = false;
        } else if let Some(option) = word.strip_prefix("--").filter(|_| named) {
            let (name, value) = match option.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (option, None),
            };
            let entry = named_entry(deed, name)?;
            match (entry.shape, value) {
                (Shape::Flag, None) => give(&mut filled, entry, "yes".to_owned())?,
                (Shape::Flag, Some(_)) => {
                    return Err(Refusal::usage(
                        format!("--{name} takes no value."),
                        format!("Write --{name} alone."),
                    ));
                }
                (_, Some(value)) => give(&mut filled, entry, value)?,
                (_, None) => give(&mut filled, entry, following(entry, words.next())?)?,
            }
        } else if named && is_dashed(&word) {
            return Err(Refusal::usage(
                format!("{} has no {word}.", deed.name),
                "Write -- before a text that begins with a dash.",
            ));
        } else {
            let entry = next_place(deed, &filled, &word)?;
            give(&mut filled, entry, word)?;
        }
    }
    fit(deed, &filled)?;
    Ok(filled)
}

/// The line of the shell that does the same. A text that was typed goes in by a pipe where
/// the shell takes it from a file.
pub fn command(deed: &Deed, filled: &Filled) -> String {
    let by_place = deed.entries.iter().filter(|it| it.shape == Shape::Place);
    let places: Vec<&String> = by_place.flat_map(|it| filled.many(it.name)).collect();
    let dashed = places.iter().position(|word| is_dashed(word));
    let (plain, dashed) = places.split_at(dashed.unwrap_or(places.len()));
    let mut words = vec!["relmate".to_owned(), deed.name.to_owned()];
    words.extend(plain.iter().map(|word| quoted(word).into_owned()));
    words.extend(deed.entries.iter().flat_map(|it| options(it, filled)));
    if !dashed.is_empty() {
        words.push("--".to_owned());
    }
    words.extend(dashed.iter().map(|word| quoted(word).into_owned()));
    let line = words.join(" ");
    let mut from_files = deed.entries.iter().filter(|it| it.shape == Shape::FromFile);
    match from_files.find_map(|it| filled.one(it.name)) {
        Some(text) => format!("printf %s {} | {line}", quoted(text)),
        None => line,
    }
}

/// What is written of an entry after its name.
fn options(entry: &Entry, filled: &Filled) -> Vec<String> {
    let name = entry.name;
    let values = filled.many(name).iter();
    match (entry.shape, filled.file(name)) {
        (Shape::Flag, _) if filled.yes(name) => vec![format!("--{name}")],
        (Shape::Place | Shape::Flag, _) => Vec::new(),
        (Shape::FromFile, Some(path)) => vec![option(name, path)],
        (Shape::FromFile, None) => values.map(|_| option(name, "-")).collect(),
        (Shape::Named, _) => values.map(|value| option(name, value)).collect(),
    }
}

fn option(name: &str, value: &str) -> String {
    let between = if is_dashed(value) { '=' } else { ' ' };
    format!("--{name}{between}{}", quoted(value))
}

/// Whether the shell takes a word for an option.
fn is_dashed(word: &str) -> bool {
    word.len() > 1 && word.starts_with('-')
}

fn named_entry(deed: &Deed, name: &str) -> Result<&'static Entry, Refusal> {
    let named = || deed.entries.iter().filter(|it| it.shape != Shape::Place);
    named().find(|it| it.name == name).ok_or_else(|| {
        let known: Vec<String> = named().map(written).collect();
        let hint = if known.is_empty() {
            "It takes nothing by name.".to_owned()
        } else {
            format!("It takes {}.", known.join(", "))
        };
        Refusal::usage(format!("{} has no --{name}.", deed.name), hint)
    })
}

/// The place that a word without a name takes.
fn next_place(deed: &Deed, filled: &Filled, word: &str) -> Result<&'static Entry, Refusal> {
    let free = |it: &&Entry| it.shape == Shape::Place && (it.many || !filled.is_given(it.name));
    deed.entries.iter().find(free).ok_or_else(|| {
        Refusal::usage(
            format!("{word:?} is one word too many."),
            "Put a text of several words in quotes.",
        )
    })
}

fn following(entry: &Entry, word: Option<String>) -> Result<String, Refusal> {
    word.filter(|word| !word.starts_with("--")).ok_or_else(|| {
        Refusal::usage(
            format!("--{} needs a value.", entry.name),
            format!("Write --{} {}.", entry.name, entry.value_name()),
        )
    })
}

fn give(filled: &mut Filled, entry: &Entry, value: String) -> Result<(), Refusal> {
    if filled.is_given(entry.name) && !entry.many {
        return Err(Refusal::usage(
            format!("{} is given twice.", written(entry)),
            "Leave one of them out.",
        ));
    }
    match entry.shape {
        Shape::FromFile => filled.put_file(entry.name, value),
        _ => filled.put(entry.name, value),
    }
    Ok(())
}

/// How an entry is spoken of.
fn written(entry: &Entry) -> String {
    match entry.shape {
        Shape::Place => entry.value_name().to_owned(),
        _ => format!("--{}", entry.name),
    }
}

/// What was given goes together.
fn fit(deed: &Deed, filled: &Filled) -> Result<(), Refusal> {
    let spoken = |name: &str| {
        let entry = deed.entries.iter().find(|it| it.name == name);
        entry.map_or_else(|| name.to_owned(), written)
    };
    for entry in deed.entries.iter().filter(|it| filled.is_given(it.name)) {
        if let Value::Choice(words) = entry.value
            && let Some(other) = filled.one(entry.name).filter(|it| !words.contains(it))
        {
            return Err(unknown_word(other, words));
        }
        if let Some(other) = entry.needs.filter(|other| !filled.is_given(other)) {
            return Err(Refusal::usage(
                format!(
                    "{} means nothing without {}.",
                    written(entry),
                    spoken(other)
                ),
                "Give both, or neither.",
            ));
        }
        if let Some(other) = entry.excludes.filter(|other| filled.is_given(other)) {
            return Err(Refusal::usage(
                format!(
                    "{} cannot be given beside {}.",
                    written(entry),
                    spoken(other)
                ),
                "Give one of them.",
            ));
        }
    }
    Ok(())
}

/// Words as a shell splits them: '…' keeps all as it is, "…" and what is bare take a
/// backslash before what would end them.
fn split(text: &str) -> Result<Vec<String>, Refusal> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (None, space) if space.is_whitespace() => words.extend(word.take()),
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (Some(open), _) if open == letter => quote = None,
            (None, '\\') => word.get_or_insert_default().extend(letters.next()),
            (Some('"'), '\\') if matches!(letters.peek(), Some('"' | '\\')) => {
                word.get_or_insert_default().extend(letters.next());
            }
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    match quote {
        None => Ok(words),
        Some(quote) => Err(Refusal::usage(
            format!("A quote is open: {quote} has no second one."),
            "Close it; around a text with an apostrophe write \"…\".",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answers that a line gives, a line each.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let (deed, words) = Deed::of_command(text).unwrap();
        let filled = line(deed, words).unwrap_or_else(|refusal| panic!("{text}: {refusal}"));
        let given = filled
            .iter()
            .flat_map(|(name, values)| values.iter().map(move |value| format!("{name}={value}")));
        let files = deed.entries.iter().filter_map(|entry| {
            let path = filled.file(entry.name)?;
            Some(format!("{} from {path}", entry.name))
        });
        assert_eq!(given.chain(files).collect::<Vec<_>>(), expected, "{text}");
    }

    #[track_caller]
    fn refuses(text: &str, message: &str, hint: &str) {
        let (deed, words) = Deed::of_command(text).unwrap();
        let refusal = line(deed, words).unwrap_err();
        assert_eq!(refusal.message, message, "{text}");
        assert_eq!(refusal.hint.as_deref(), Some(hint), "{text}");
    }

    #[test]
    fn words_go_by_their_place_and_after_their_name_in_any_order() {
        check("ticket delay T-12", &["id=T-12"]);
        check("ticket delay", &[]);
        check(
            "ticket delay --reason late T-12 --promise=+5bd",
            &["id=T-12", "promise=+5bd", "reason=late"],
        );
        check("later T-1 --until -2w", &["id=T-1", "until=-2w"]);
        check(
            "comment T-1 so --private",
            &["id=T-1", "private=yes", "text=so"],
        );
        check(
            "set T-1 version=7.0.4 owner=Bob",
            &["fields=version=7.0.4", "fields=owner=Bob", "id=T-1"],
        );
        check(
            "submit --product ARC --platform al9 --platform el9 --packages list.txt",
            &[
                "platform=al9",
                "platform=el9",
                "product=ARC",
                "packages from list.txt",
            ],
        );
    }

    #[test]
    fn quotes_keep_a_text_together_and_a_backslash_keeps_a_quote() {
        check("comment T-1 'two words'", &["id=T-1", "text=two words"]);
        check(r#"comment T-1 "don't""#, &["id=T-1", "text=don't"]);
        check(r"comment T-1 'don'\''t'", &["id=T-1", "text=don't"]);
        check(
            r#"comment T-1 "say \"so\" in C:\dir""#,
            &["id=T-1", r#"text=say "so" in C:\dir"#],
        );
        check(r"comment T-1 two\ words", &["id=T-1", "text=two words"]);
        check("product edit ARC --contact ''", &["contact=", "name=ARC"]);
        check("comment T-1 -- '- done'", &["id=T-1", "text=- done"]);
        check(
            "comment T-1 a=b --private",
            &["id=T-1", "private=yes", "text=a=b"],
        );
    }

    #[test]
    fn what_cannot_be_read_is_said_in_a_sentence_and_a_hint() {
        refuses(
            "ticket delay T-1 --reson x",
            "ticket delay has no --reson.",
            "It takes --reason, --promise.",
        );
        refuses(
            "vote L-1 --up",
            "vote has no --up.",
            "It takes nothing by name.",
        );
        refuses(
            "comment T-1 two words",
            "\"words\" is one word too many.",
            "Put a text of several words in quotes.",
        );
        refuses(
            "ticket delay T-1 --reason --promise fri",
            "--reason needs a value.",
            "Write --reason R.",
        );
        refuses(
            "comment T-1 so --private=yes",
            "--private takes no value.",
            "Write --private alone.",
        );
        refuses(
            "later T-1 --until fri --until mon",
            "--until is given twice.",
            "Leave one of them out.",
        );
        refuses(
            "comment T-1 don't",
            "A quote is open: ' has no second one.",
            "Close it; around a text with an apostrophe write \"…\".",
        );
        refuses(
            "comment T-1 -y",
            "comment has no -y.",
            "Write -- before a text that begins with a dash.",
        );
        refuses(
            "lesson great text",
            "\"great\" is no choice here.",
            "Write one of went-well, improve, puzzle.",
        );
    }

    #[test]
    fn what_does_not_go_together_is_refused_as_in_the_shell() {
        refuses(
            "ticket check T-1 QC_ACC_1",
            "CRITERION means nothing without RESULT.",
            "Give both, or neither.",
        );
        refuses(
            "ticket check T-1 QC_ACC_1 OK --all OK",
            "CRITERION cannot be given beside --all.",
            "Give one of them.",
        );
        refuses(
            "ticket check T-1 --except QC_ACC_1=NA",
            "--except means nothing without --all.",
            "Give both, or neither.",
        );
    }

    #[test]
    fn a_command_is_written_as_the_shell_takes_it() {
        let command = |name: &str, filled: &Filled| command(Deed::named(name).unwrap(), filled);
        let delay = Filled::default()
            .with("id", "T-12")
            .with("reason", "it's late")
            .with("promise", "-2w");
        assert_eq!(
            command("ticket delay", &delay),
            r"relmate ticket delay T-12 --reason 'it'\''s late' --promise=-2w"
        );
        let comment = Filled::default()
            .with("id", "T-1")
            .with("text", "- done")
            .with("private", "yes");
        assert_eq!(
            command("comment", &comment),
            "relmate comment T-1 --private -- '- done'"
        );
        assert_eq!(command("undo", &Filled::default()), "relmate undo");
    }

    #[test]
    fn a_text_that_the_shell_takes_from_a_file_goes_in_by_a_pipe() {
        let deed = Deed::named("outbox edit").unwrap();
        let mut filled = Filled::default()
            .with("id", "X-1")
            .with("body", "Dear all,\nit is late.");
        assert_eq!(
            command(deed, &filled),
            "printf %s 'Dear all,\nit is late.' | relmate outbox edit X-1 --body -"
        );
        filled.put_file("body", "my letter.txt");
        assert_eq!(
            command(deed, &filled),
            "relmate outbox edit X-1 --body 'my letter.txt'"
        );
    }

    #[test]
    fn every_deeds_command_is_read_back_as_it_was() {
        for text in [
            "plain",
            "",
            "two words",
            "it's",
            "\"x\" \\ y",
            "-2w",
            "--all",
            "- x",
            "a=b",
            "é\n$HOME",
        ] {
            for deed in super::super::all() {
                let mut filled = Filled::default();
                for entry in deed.entries {
                    let value = match entry.value {
                        Value::Choice(words) => words[0],
                        Value::Yes => "yes",
                        _ => text,
                    };
                    let apart = entry.excludes.is_some() || entry.needs.is_some();
                    match entry.shape {
                        Shape::FromFile => filled.put_file(entry.name, value),
                        // One that hangs on another is checked above.
                        _ if apart || entry.name == "result" => {}
                        _ => filled.put(entry.name, value),
                    }
                    if entry.many && !apart {
                        filled.put(entry.name, value);
                    }
                }
                let command = command(deed, &filled);
                let (found, words) = Deed::of_command(&command).unwrap();
                assert_eq!(found.name, deed.name);
                assert_eq!(line(deed, words).unwrap(), filled, "{command}");
            }
        }
    }
}
