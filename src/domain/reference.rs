//! Which fields name another record by its id. A record that was given two ids is read by one of
//! them there, and nowhere else: a text, a state or a name that looks like an id is none.

/// Fields whose value is an id, or a list of ids, under every kind that has them.
const WHOLE: [&str; 13] = [
    "about",
    "announcement",
    "frozen",
    "known_error",
    "message",
    "problem",
    "reminder",
    "removed",
    "submission",
    "superseded_by",
    "supersedes",
    "ticket",
    "tickets",
];

/// Fields whose value tells more, with the keys in it that hold an id or a list of ids.
const WITHIN: [(&str, &[&str]); 7] = [
    ("closing", &["of"]),
    ("engaged", &["message"]),
    ("halt", &["announcements"]),
    ("moved", &["ticket"]),
    ("successor", &["id"]),
    ("told", &["message"]),
    ("turn", &["message"]),
];

/// Where the value of a field holds ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Nothing,
    Ids,
    Within(&'static [&'static str]),
}

/// Where the value of a field, or of a set, holds ids; `turn:CNAF` as `turn` does.
pub fn of(field: &str) -> Holds {
    let field = field.split_once(':').map_or(field, |(head, _)| head);
    if WHOLE.contains(&field) {
        return Holds::Ids;
    }
    let within = WITHIN.iter().find(|(name, _)| *name == field);
    within.map_or(Holds::Nothing, |(_, keys)| Holds::Within(keys))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_site_was_told_names_a_message_and_a_state_names_nothing() {
        assert_eq!(of("turn:CNAF"), Holds::Within(&["message"]));
        assert_eq!(of("problem:CNAF"), Holds::Ids);
        for field in ["kind", "kind_of", "state", "text", "id", "owner", "release"] {
            assert_eq!(of(field), Holds::Nothing, "{field}");
        }
    }
}
