//! The names of files on the share (SYNC.md 3.4): lower-case ASCII, at most 90 characters, fit
//! for every file system. Refuses to say what a file is: a name is a hint, and whatever has one
//! of our suffixes anywhere in its name is looked at.

use super::frame::Kind;
use super::pack::MAX_COMMITS;
use crate::ledger::mutant::{self, Mutant};
use crate::ledger::{Hash, ReplicaId};

/// The longest name of ours, with its folders.
pub const LONGEST: usize = 90;
pub const README: &str = "README.txt";
pub const ATTRIBUTES: &str = ".gitattributes";

/// For whoever finds the folder.
pub const README_TEXT: &str = "\
This folder is how two relmate desks exchange what their release managers did.

Nothing in it is edited by hand, and no file in it ever changes: new ones are added, and old
ones are taken away by relmate itself. A copy, a conflict copy or a renamed file does no harm.
If files are lost, or the whole folder is, nothing is lost: `relmate sync --refill` writes them
again from either desk.

Whoever can read this folder can read the desk. Whoever can write to it cannot write to the
desk: every file is signed.
";

/// So that git keeps every byte as it is.
pub const ATTRIBUTES_TEXT: &str = "* -text -diff -merge\n";

/// What a name hints at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// To be read; most likely this kind.
    Examine(Kind),
    /// The README and the settings for git, at the top.
    Text,
    /// Being written, by us or by what carries the folder.
    Temporary,
    Foreign,
}

const PACK: &str = ".pk";
/// A request to join, by its name.
pub const REQUEST: Hint = Hint::Examine(Kind::Request);

const SUFFIXES: [(&str, Kind); 4] = [
    (PACK, Kind::Pack),
    (".hd", Kind::Head),
    (".ge", Kind::Genesis),
    (".mb", Kind::Request),
];

/// Numbers in names have eight digits. One that needs more is cut: the hash keeps names apart.
const MOST: u64 = 99_999_999;

/// The folder in which only this replica writes, with its `/`.
pub fn folder(replica: &ReplicaId) -> String {
    format!("d/{replica}/")
}

/// A pack in the folder of who publishes it. `again` counts the names that were taken by
/// something that does not verify.
pub fn pack(by: &ReplicaId, origin: &ReplicaId, run: (u64, u64), tip: &Hash, again: u16) -> String {
    let (lo, hi) = (run.0.min(MOST), run.1.min(MOST));
    let origin = head_of(&origin.to_string(), 8);
    let name = format!("pk-{origin}-{lo:08}-{hi:08}-{}", short(tip));
    format!("{}{name}{}.pk", folder(by), repeated(again))
}

/// The first digits of the last commit that a pack holds, as its name has them.
pub fn tip_of(name: &str) -> Option<&str> {
    let run = last(name).strip_prefix("pk-")?;
    let tip = run.split(['-', '.']).nth(3)?;
    let is_hex = |tip: &&str| tip.len() == SHORT && tip.bytes().all(|it| it.is_ascii_hexdigit());
    Some(tip).filter(is_hex)
}

/// A head file; `hash` is of its bytes.
pub fn head(replica: &ReplicaId, counter: u64, hash: &Hash, again: u16) -> String {
    let counter = counter.min(MOST);
    let name = format!("hd-{counter:08}-{}", short(hash));
    format!("{}{name}{}.hd", folder(replica), repeated(again))
}

/// A request to join; `hash` is of its bytes.
pub fn request(replica: &ReplicaId, number: u16, hash: &Hash, again: u16) -> String {
    let name = format!("mb-{:04}-{}", number.min(9999), short(hash));
    format!("{}{name}{}.mb", folder(replica), repeated(again))
}

/// The genesis, at the top; `hash` is the workspace's.
pub fn genesis(hash: &Hash, again: u16) -> String {
    format!("genesis-{}{}.ge", short(hash), repeated(again))
}

/// How many digits of a hash stand in a name.
const SHORT: usize = 16;

/// From how many commits on a pack is hardly ever made part of a larger one.
/// Tests have short histories.
const LASTS: u64 = if cfg!(test) { 4 } else { MAX_COMMITS as u64 };

/// Whether a file is one of ours, by its name, that stays as it is for good: a full pack.
pub fn lasts(name: &str) -> bool {
    let run = || {
        let run = last(name).strip_prefix("pk-")?.strip_suffix(PACK)?;
        let mut parts = run.split('-').skip(1);
        let (lo, hi): (u64, u64) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        hi.checked_sub(lo)
    };
    run().is_some_and(|more| more >= LASTS - 1) && may_be_written(name)
}

/// A file that is being written.
pub(super) fn temporary(random: u64) -> String {
    format!("~{random:016x}.tmp")
}

/// Whether this is such a file of ours, and not one of another program.
pub(super) fn is_own_temporary(name: &str) -> bool {
    let inner = last(name)
        .strip_prefix('~')
        .and_then(|it| it.strip_suffix(".tmp"));
    inner.is_some_and(|it| {
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        it.len() == 16 && it.bytes().all(hex)
    })
}

/// Says what a name hints at. Conflict copies keep the suffix somewhere in their name.
pub fn hint(name: &str) -> Hint {
    let file = last(name);
    // Nearly everything that lies there, and the same as below.
    if file.ends_with(PACK) && !file.starts_with(['~', '.']) {
        return Hint::Examine(Kind::Pack);
    }
    if is_temporary(file) {
        return Hint::Temporary;
    }
    if is_being_written(file) {
        return Hint::Examine(Kind::Pack);
    }
    if name == README || name == ATTRIBUTES {
        return Hint::Text;
    }
    // The last one: a pack of which somebody made "x.pk.hd" is told apart by its content anyway.
    let mut dots = memchr::memrchr_iter(b'.', file.as_bytes());
    let found = dots.find_map(|at| kind_at(&file[at..]));
    found.map_or(Hint::Foreign, Hint::Examine)
}

/// Whether a file is being written, by us or by what carries the folder; `file` is the last part of
/// its name.
pub(super) fn is_temporary(file: &str) -> bool {
    let starts = |with: &str| begins(file, with).is_some();
    if is_being_written(file) {
        return !mutant::is(Mutant::TemporaryCounts);
    }
    file.starts_with(['~', '.']) && (starts(".nfs") || starts(".~") || starts("~$"))
}

fn is_being_written(file: &str) -> bool {
    let starts = |with: &str| begins(file, with).is_some();
    file.starts_with(['~', '.']) && (starts("~") || starts(".syncthing.")) && ends(file, ".tmp")
}

/// Whose folder a file lies in.
pub fn replica_of(name: &str) -> Option<ReplicaId> {
    let (replica, _) = name.strip_prefix("d/")?.split_once('/')?;
    replica.parse().ok()
}

/// Whether a folder is one in which a desk writes, or leads to those.
pub(super) fn leads_to_ours(folder: &str) -> bool {
    folder == "d" || (replica_of(&format!("{folder}/")).is_some() && last(folder).len() == 32)
}

/// Whether a file is called as ours are, or as a copy of one that somebody put aside. What is not is
/// looked at as well, within bounds.
pub fn is_like_ours(name: &str) -> bool {
    const OURS: [&str; 4] = ["pk-", "hd-", "mb-", "genesis-"];
    let name = last(name);
    // Nearly everything that lies there; every round asks of all of it.
    OURS.iter().any(|ours| name.starts_with(ours)) || {
        let name = name.to_ascii_lowercase();
        OURS.iter().any(|ours| name.contains(ours))
    }
}

/// Whether a name can be looked for below the share's folder without leaving it.
pub(super) fn stays_inside(name: &str) -> bool {
    name.split('/').all(is_part) && !has_drive(name)
}

/// The same for one part of a name, below a folder.
pub(super) fn is_part(part: &str) -> bool {
    let bytes = part.as_bytes();
    !part.is_empty()
        && part != "."
        && part != ".."
        && memchr::memchr3(b'/', b'\\', 0, bytes).is_none()
}

/// Whether a name may be written: one that every file system keeps as it is.
pub(super) fn may_be_written(name: &str) -> bool {
    let plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-./".contains(&byte);
    let hidden = name.split('/').any(|part| part.starts_with('.'));
    let ours = name.bytes().all(plain) && !hidden || name == README || name == ATTRIBUTES;
    ours && stays_inside(name) && name.len() <= LONGEST
}

/// `c:` at the start means another place on Windows.
fn has_drive(name: &str) -> bool {
    name.as_bytes().get(1) == Some(&b':')
}

/// What comes after a beginning, in whatever case it is written.
fn begins<'t>(text: &'t str, with: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(with.len())?;
    start.eq_ignore_ascii_case(with).then_some(rest)
}

fn ends(text: &str, with: &str) -> bool {
    let at = text.len().checked_sub(with.len());
    let end = at.and_then(|at| text.get(at..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(with))
}

fn last(name: &str) -> &str {
    let after = memchr::memrchr(b'/', name.as_bytes()).map_or(0, |at| at + 1);
    &name[after..]
}

/// The kind that a suffix tells where it stands as one, and not as the start of a longer word.
fn kind_at(text: &str) -> Option<Kind> {
    let ends = |after: &str| !after.chars().next().is_some_and(char::is_alphanumeric);
    let found = SUFFIXES
        .iter()
        .find(|(suffix, _)| begins(text, suffix).is_some_and(ends));
    found.map(|(_, kind)| *kind)
}

fn short(hash: &Hash) -> String {
    head_of(&hash.to_string(), SHORT)
}

fn head_of(text: &str, count: usize) -> String {
    text.chars().take(count).collect()
}

/// How often a file had been written under other names before, by its own.
pub fn again(name: &str) -> u16 {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let told = stem
        .rsplit_once("-r")
        .and_then(|(_, told)| told.parse().ok());
    told.unwrap_or_default()
}

fn repeated(again: u16) -> String {
    match again {
        0 => String::new(),
        again => format!("-r{}", again.min(9999)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_those_of_the_format() {
        let replica = ReplicaId([0xab; 16]);
        let hash = Hash([0xcd; 32]);
        let own = "d/abababababababababababababababab/";
        assert_eq!(
            pack(&replica, &ReplicaId([1; 16]), (1, 42), &hash, 0),
            format!("{own}pk-01010101-00000001-00000042-cdcdcdcdcdcdcdcd.pk")
        );
        assert_eq!(
            pack(&replica, &replica, (7, 7), &hash, 2),
            format!("{own}pk-abababab-00000007-00000007-cdcdcdcdcdcdcdcd-r2.pk")
        );
        for again in [0, 2] {
            let pack = pack(&replica, &replica, (7, 7), &hash, again);
            assert_eq!(tip_of(&pack), Some("cdcdcdcdcdcdcdcd"));
        }
        assert_eq!(tip_of("pk-01010101-00000001-00000042-cdcd.pk"), None);
        assert_eq!(tip_of(&head(&replica, 3, &hash, 0)), None);
        assert_eq!(again(&pack(&replica, &replica, (7, 7), &hash, 2)), 2);
        assert_eq!(again(&pack(&replica, &replica, (7, 7), &hash, 0)), 0);
        assert_eq!(
            head(&replica, 3, &hash, 0),
            format!("{own}hd-00000003-cdcdcdcdcdcdcdcd.hd")
        );
        assert_eq!(
            request(&replica, 1, &hash, 0),
            format!("{own}mb-0001-cdcdcdcdcdcdcdcd.mb")
        );
        assert_eq!(genesis(&hash, 0), "genesis-cdcdcdcdcdcdcdcd.ge");
        assert_eq!(replica_of(&head(&replica, 3, &hash, 0)), Some(replica));
        assert_eq!(replica_of("d/AB/x.pk"), None);
    }

    #[test]
    fn a_conflict_copy_is_looked_at_whoever_made_it() {
        for name in [
            "d/x/pk-a.pk",
            "d/x/PK-A.PK",
            "pk-a.sync-conflict-20260101-120000-ABCDEFG.pk",
            "d/x/pk-a (conflicted copy 2026-01-01 120000).pk",
            "d/x/pk-a (Anna's conflicted copy 2026-01-01).pk",
            "d/x/pk-a (1).pk",
            "d/x/pk-a.pk.orig",
            "d/x/pk-a.pk (2)",
            "d/x/pk-a.pk~",
            "d/x/pk-a.pk_BACKUP_123",
            "pk-a.pk;1",
            "x.pkg.pk",
        ] {
            let expected = if name.ends_with("_123") {
                Hint::Examine(Kind::Pack)
            } else {
                hint("x.pk")
            };
            assert_eq!(hint(name), expected, "{name}");
        }
        assert_eq!(hint("hd-1.hd.orig"), Hint::Examine(Kind::Head));
        assert_eq!(hint("genesis-1.ge"), Hint::Examine(Kind::Genesis));
        assert_eq!(hint("mb-1.mb"), Hint::Examine(Kind::Request));
    }

    #[test]
    fn a_full_pack_lasts_by_the_name_that_we_give_it_and_by_no_other() {
        let (by, tip) = (ReplicaId([1; 16]), Hash([2; 32]));
        let named = |run| pack(&by, &by, run, &tip, 0);
        let full = named((10, 9 + LASTS));
        assert!(lasts(&full) && lasts(&pack(&by, &by, (1, LASTS), &tip, 3)));
        for other in [
            named((10, 8 + LASTS)),
            named((MOST, MOST + LASTS)),
            full.replace(".pk", " (conflicted copy).pk"),
            full.replace(".pk", ".hd"),
            full.replace("pk-", "Pk-"),
            format!("{full}\n"),
            "pk-1-9-1-a.pk".to_owned(),
            "pk-1-2-18446744073709551616-a.pk".to_owned(),
            "pk-.pk".to_owned(),
            String::new(),
        ] {
            assert!(!lasts(&other), "{other}");
        }
        assert!(!full.contains(' '));
    }

    #[test]
    fn what_is_being_written_is_left_alone_and_the_rest_is_foreign() {
        for name in [
            "d/x/~0123456789abcdef.tmp",
            "d/x/.syncthing.pk-a.pk.tmp",
            "d/x/~syncthing~pk-a.pk.tmp",
            ".nfs000000000001.pk",
            ".~lock.pk-a.pk#",
            "~$pk-a.pk",
        ] {
            assert_eq!(hint(name), Hint::Temporary, "{name}");
        }
        for name in [
            "notes.txt",
            "x.pkg",
            "pk",
            "d/x.pk/notes",
            "",
            "/",
            "README (1).txt",
        ] {
            assert_eq!(hint(name), Hint::Foreign, "{name}");
        }
        assert_eq!(hint(README), Hint::Text);
        assert_eq!(hint("d/README.txt"), Hint::Foreign);
        assert!(is_own_temporary(&format!("d/x/{}", temporary(7))));
        assert!(!is_own_temporary("~WRL0001.tmp"));
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        for name in [
            "",
            "/etc/x.pk",
            "../x.pk",
            "d/../../x.pk",
            "d//x.pk",
            "./x.pk",
            "d/",
            "c:x.pk",
            "d\\x.pk",
            "x\0.pk",
        ] {
            assert!(!stays_inside(name), "{name:?}");
            assert!(!may_be_written(name), "{name:?}");
        }
        for name in ["d/x (1).pk", "d/Ä.pk"] {
            assert!(stays_inside(name) && !may_be_written(name), "{name}");
        }
        assert!(may_be_written(README) && may_be_written(ATTRIBUTES));
        assert!(!may_be_written(".hidden"));
    }

    proptest! {
        #[test]
        fn every_name_of_ours_is_fit_for_every_file_system(
            by: [u8; 16], origin: [u8; 16], hash: [u8; 32],
            lo: u64, hi: u64, number: u16, again: u16,
        ) {
            let (by, origin, hash) = (ReplicaId(by), ReplicaId(origin), Hash(hash));
            for (name, kind) in [
                (pack(&by, &origin, (lo, hi), &hash, again), Kind::Pack),
                (head(&by, lo, &hash, again), Kind::Head),
                (request(&by, number, &hash, again), Kind::Request),
                (genesis(&hash, again), Kind::Genesis),
            ] {
                prop_assert!(may_be_written(&name), "{}", name);
                prop_assert!(name.len() <= LONGEST && name.is_ascii());
                prop_assert_eq!(hint(&name), Hint::Examine(kind));
            }
        }

        #[test]
        fn no_name_makes_it_stumble(name in ".{0,60}") {
            let _ = (hint(&name), replica_of(&name), stays_inside(&name), may_be_written(&name));
        }
    }
}
