use super::*;

fn asked(pairs: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
    pairs
        .iter()
        .map(|(name, keys)| {
            let keys = keys.iter().map(|keys| (*keys).to_owned()).collect();
            ((*name).to_owned(), keys)
        })
        .collect()
}

const NONE: [&str; 0] = [];

fn said(faults: &[Fault]) -> Vec<&str> {
    faults.iter().map(|fault| fault.sentence.as_str()).collect()
}

fn press(keys: &Keys, text: &str) -> String {
    let scopes = [Scope::Rows, Scope::Global, Scope::Always];
    let mut pending = None;
    for key in text.split(' ') {
        let press = Press::parse(key).unwrap();
        match keys.find(&scopes, pending.take(), press) {
            Found::Command(command) => return command.name.to_owned(),
            Found::Prefix => pending = Some(press),
            Found::Nothing => return String::new(),
        }
    }
    "…".to_owned()
}

#[test]
fn no_key_of_the_table_stands_for_two_things() {
    let (_, faults) = Keys::new(&BTreeMap::new());
    assert_eq!(said(&faults), NONE);
}

#[test]
fn a_key_of_ones_own_takes_the_place_of_the_tables() {
    let (keys, faults) = Keys::new(&asked(&[("undo", &["U"]), ("comment", &["g x"])]));
    assert_eq!(said(&faults), NONE);
    assert_eq!(press(&keys, "U"), "undo");
    assert_eq!(press(&keys, "u"), "");
    assert_eq!(press(&keys, "g x"), "comment");
    assert_eq!(press(&keys, "g"), "…");
}

#[test]
fn an_empty_list_takes_the_keys_away() {
    let (keys, faults) = Keys::new(&asked(&[("delete", &[])]));
    assert_eq!(said(&faults), NONE);
    assert_eq!(press(&keys, "D"), "");
}

#[test]
fn a_clash_is_named_and_the_usual_key_stays() {
    let (keys, faults) = Keys::new(&asked(&[("undo", &["q"])]));
    assert_eq!(
        said(&faults),
        ["The key `q` stands for both `quit` and `undo`; `undo` keeps its usual keys."]
    );
    assert_eq!(press(&keys, "q"), "quit");
    assert_eq!(press(&keys, "u"), "undo");
}

#[test]
fn a_key_hidden_by_a_longer_one_is_a_clash() {
    let (_, faults) = Keys::new(&asked(&[("undo", &["g"]), ("redo", &["#", "# r"])]));
    let expected = [
        "The key `g` of `undo` hides `g g` of `top`; `undo` keeps its usual keys.",
        "The key `#` of `redo` hides `# r` of `redo`; `redo` keeps its usual keys.",
    ];
    for sentence in expected {
        assert!(said(&faults).contains(&sentence), "{faults:?}");
    }
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[test]
fn a_wrong_name_or_key_is_told_with_what_was_meant() {
    let (keys, faults) = Keys::new(&asked(&[
        ("undoo", &["Q"]),
        ("telephone", &["Alice"]),
        ("quit", &["hyper-q"]),
        ("redo", &["ctrl-i"]),
    ]));
    let told = said(&faults).join("\n");
    assert!(told.contains("did you mean `undo`?"), "{told}");
    assert!(
        told.contains("`telephone` to give keys to; `relmate keys` lists"),
        "{told}"
    );
    assert!(
        told.contains("\"hyper-q\" of `quit` cannot be pressed"),
        "{told}"
    );
    assert!(told.contains("a terminal says `tab` for it"), "{told}");
    assert_eq!(faults.len(), 4);
    assert_eq!(press(&keys, "q"), "quit");
    assert_eq!(press(&keys, "ctrl-r"), "redo");
}

#[test]
fn no_letter_is_taken_from_those_who_write() {
    let (_, faults) = Keys::new(&asked(&[
        ("save", &["s"]),
        ("pick", &["g o"]),
        ("suspend", &["Z"]),
        ("previous-entry", &["alt-p"]),
    ]));
    let commands: Vec<&str> = faults.iter().map(|fault| fault.command.as_str()).collect();
    assert_eq!(commands, ["pick", "save", "suspend"]);
}

#[test]
fn no_way_out_is_shut() {
    let ways: Vec<(&str, &[&str])> = WAYS_OUT
        .iter()
        .map(|name| (*name, &[] as &[&str]))
        .collect();
    let (keys, faults) = Keys::new(&asked(&ways));
    assert_eq!(faults.len(), WAYS_OUT.len());
    for name in WAYS_OUT {
        assert_ne!(keys.spoken(name), format!(":{name}"));
    }
}

#[test]
fn two_commands_may_change_places_and_a_key_may_be_written_in_any_case() {
    let (keys, faults) = Keys::new(&asked(&[
        ("undo", &["q"]),
        ("quit", &["u", "u"]),
        ("zoom", &["Ctrl-X", "ctrl-x"]),
    ]));
    assert_eq!(said(&faults), NONE);
    assert_eq!(press(&keys, "q"), "undo");
    assert_eq!(press(&keys, "u"), "quit");
    assert_eq!(press(&keys, "ctrl-x"), "zoom");
    assert_eq!(keys.spoken("zoom"), "ctrl-x");
    assert_eq!(keys.spoken("set"), ":set");
}

proptest::proptest! {
    /// Whatever a configuration says, no key is in doubt and nobody is locked out.
    #[test]
    fn no_keys_of_ones_own_leave_a_key_in_doubt(
        names in proptest::collection::vec(0_usize..200, 0..8),
        keys in proptest::collection::vec(0_usize..16, 8..16),
    ) {
        const KEYS: [&str; 16] = [
            "q", "g", "g g", "esc", "ctrl-c", "enter", "x", "x x", "tab", "U", "ctrl-x", "j",
            "ctrl-x s", "?", "space", "nonsense",
        ];
        let all: Vec<&str> = command::all().map(|command| command.name).collect();
        let asked: BTreeMap<String, Vec<String>> = names
            .iter()
            .enumerate()
            .map(|(place, name)| {
                let keys = keys[place..].iter().take(place % 3);
                let keys = keys.map(|key| KEYS[*key].to_owned()).collect();
                (all[name % all.len()].to_owned(), keys)
            })
            .collect();
        let (keys, _) = Keys::new(&asked);
        assert_eq!(keys.clash(), None);
        for name in WAYS_OUT {
            assert_ne!(keys.spoken(name), format!(":{name}"));
        }
    }
}
