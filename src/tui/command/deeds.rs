//! Keys for what is done to the desk. What it asks for and what it means is the deed's.

use super::{Command, Do, Scope};
use crate::workspace::deed::Deed;

/// Deeds with keys of their own; all others are in the palette and in the record's menu.
#[rustfmt::skip]
const KEYS: &[(&str, &[&str], &str)] = &[
    ("undo",               &["u"],   "undo"),
    ("redo",               &["ctrl-r"], ""),
    ("resolve",            &["R"],   ""),
    ("comment",            &["c"],   "comment"),
    ("later",              &["l"],   "later"),
    ("claim",              &["b"],   ""),
    ("delete",             &["D"],   ""),
    ("cycle add",          &["a c"], ""),
    ("milestone add",      &["a m"], ""),
    ("product add",        &["a p"], ""),
    ("submit",             &["a s"], ""),
    ("action add",         &["a a"], ""),
    ("lesson",             &["a l"], ""),
    ("site add",           &["a t"], ""),
    ("person add",         &["a e"], ""),
    ("announce",           &["a n"], ""),
    ("site report",        &["a r"], ""),
    ("problem file",       &["a b"], ""),
    ("inject",             &["s i"], ""),
    ("submission refuse",  &["s r"], ""),
    ("submission withdraw",&["s w"], ""),
    ("ticket start",       &["t s"], ""),
    ("ticket ask",         &["t a"], ""),
    ("ticket answer",      &["t n"], ""),
    ("ticket check",       &["t c"], ""),
    ("ticket verify",      &["t v"], ""),
    ("ticket accept",      &["t p"], ""),
    ("ticket reject",      &["t r"], ""),
    ("ticket delay",       &["t d"], ""),
    ("ticket resume",      &["t u"], ""),
    ("ticket withdraw",    &["t w"], ""),
    ("ticket promote",     &["t o"], ""),
    ("ticket recall",      &["t x"], ""),
    ("ticket inform",      &["t i"], ""),
    ("milestone move",     &["p m"], ""),
    ("milestone done",     &["p d"], ""),
    ("cycle approve",      &["p a"], ""),
    ("cycle close",        &["p c"], ""),
    ("outbox sent",        &["x s"], ""),
    ("outbox skip",        &["x k"], ""),
    ("outbox edit",        &["x e"], ""),
    ("vote",               &["a v"], ""),
    ("action done",        &["a d"], ""),
];

/// Deeds that do what further commands of the shell do.
const ALSO: &[(&str, &[&str])] = &[
    // Its form says what is wrong with a profile before anything is recorded.
    ("profile edit", &["profile edit", "profile test"]),
];

/// What the first key of a chord stands for, for the list that follows it.
pub const PREFIXES: &[(&str, &str)] = &[
    ("a", "add"),
    ("g", "go to"),
    ("p", "plan"),
    ("s", "submission"),
    ("t", "ticket"),
    ("x", "outbox"),
    ("y", "copy"),
];

/// A deed as a command.
pub(super) fn row(deed: &'static Deed) -> Command {
    let also = ALSO.iter().find(|(name, _)| *name == deed.name);
    let known = KEYS.iter().find(|(name, _, _)| *name == deed.name);
    let (keys, short): (&[&str], &str) = known.map_or((&[], ""), |(_, keys, short)| (keys, short));
    Command {
        name: deed.name,
        scope: Scope::Global,
        keys,
        short,
        help: deed.about,
        verbs: also.map_or(std::slice::from_ref(&deed.name), |(_, verbs)| *verbs),
        run: Do::Deed(deed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_prefix_of_two_keys_says_what_it_stands_for() {
        for keys in super::super::all().flat_map(|command| command.keys) {
            if let Some((first, _)) = keys.split_once(' ') {
                assert!(PREFIXES.iter().any(|(key, _)| *key == first), "{keys}");
            }
        }
    }
}
