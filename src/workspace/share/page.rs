//! `share status` as a page of the screen. Says what the shell says and reads what it reads: the
//! folder as well, so it may take as long as the folder does.

use super::here::{FOLDER, Here};
use super::listed::{self, File};
use super::person::role_word;
use super::status::{self, Person, Status};
use super::words;
use crate::domain::plain::plain;
use crate::domain::zone::Zone;
use crate::store::Store;
use crate::sync::OWN;
use crate::workspace::look::board::rows::{Line, Page, spoken_time};
use crate::workspace::look::gate;
use crate::workspace::refusal::Refusal;

/// The page's title.
pub const TITLE: &str = "Sharing";
/// The most files that are named because something is with them; `--files` names all.
const FILES: usize = 100;

/// Which files are named one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// Those with which something is; the others are counted.
    Troubled,
    All,
}

/// Looks at who shares the desk and at the folder.
pub fn page(here: &Here) -> Result<Page, Refusal> {
    let mut shared = false;
    Store::look(&here.path, &mut |reader| {
        shared = reader.own(FOLDER)?.is_some();
        Ok(())
    })?;
    if !shared {
        return Ok(told(unshared()));
    }
    let status = status::status(here)?;
    of(here, status, Naming::Troubled)
}

/// What was seen, as a page.
pub fn of(here: &Here, status: Status, naming: Naming) -> Result<Page, Refusal> {
    Ok(told(lines(status, &here.zone()?, naming)))
}

/// The clocks of the status, to be said in the desk's own zone.
fn moments(status: &mut Status) -> impl Iterator<Item = &mut String> {
    let heads = status.members.iter_mut().filter_map(|it| it.head.as_mut());
    let asking = status.asking.iter_mut().map(|it| &mut it.since);
    let files = status.files.iter_mut().filter_map(|it| it.at.as_mut());
    let synced = status.synced.iter_mut();
    synced.chain(heads).chain(asking).chain(files)
}

/// A clock's word in the desk's own days; what is no clock's word stands as it is.
pub fn moment(zone: &Zone, at: &str) -> String {
    at.parse()
        .map_or_else(|_| at.to_owned(), |at| spoken_time(zone, at))
}

/// What stands there until the folder has been looked at.
pub fn waiting() -> Page {
    told(vec![text("The folder is being looked at.")])
}

fn told(lines: Vec<Line>) -> Page {
    Page {
        title: TITLE.to_owned(),
        lines,
        ..Page::default()
    }
}

fn text(text: &str) -> Line {
    Line::Text(text.to_owned())
}

fn field(label: &str, text: &str) -> Line {
    Line::Field(plain(label).into_owned(), plain(text).into_owned())
}

fn unshared() -> Vec<Line> {
    vec![
        Line::Lead("This desk is not shared.".to_owned()),
        text(
            "Two managers keep one desk in step through a folder that both can reach: a network drive, Syncthing, a git checkout, a stick. Each has a desk of their own; nobody needs a server.",
        ),
        Line::Gap,
        field("Share it", "relmate share create FOLDER"),
        field("Join another's", "relmate share join FOLDER --as NAME"),
        Line::Gap,
        text(
            "`:share create` does the first here as well, and where there is no desk yet the screen offers to join one. The screen begins to exchange as soon as the desk is shared.",
        ),
    ]
}

fn lines(mut status: Status, zone: &Zone, naming: Naming) -> Vec<Line> {
    for at in moments(&mut status) {
        *at = moment(zone, at);
    }
    let status = &status;
    let mut lines = Vec::new();
    if let Some(trouble) = &status.trouble {
        lines.push(Line::Lead(plain(trouble).into_owned()));
    }
    let refused = status.refused.as_deref().and_then(words::refused);
    if let Some(refused) = refused.filter(|_| status.trouble.is_none()) {
        lines.push(Line::Lead(refused.to_owned()));
    }
    if status.unrecognised {
        lines.push(Line::Lead(words::UNRECOGNISED.to_owned()));
    }
    lines.push(field("Through", &status.folder));
    let synced = status.synced.as_deref().unwrap_or("never");
    let steps = format!(
        "{} here, {} to publish; last exchanged {synced}",
        words::number(status.commits),
        words::number(status.to_publish)
    );
    lines.push(field("Steps", &steps));
    lines.push(field("Equal desks say", &status.desk_words));
    phrases(status, &mut lines);
    lines.push(Line::Gap);
    lines.push(Line::Heading("Who shares it".to_owned()));
    lines.extend(status.members.iter().map(member));
    lines.extend(status.disputed.iter().map(|name| {
        let told = "managers said different things of them; the more cautious stands until an owner says it again with `share role`";
        field(name, told)
    }));
    let forked = status.forked.iter();
    lines.extend(forked.map(|name| field(name, words::FORKED)));
    asking(status, &mut lines);
    if status.trouble.is_none() {
        in_folder(status, naming, &mut lines);
    }
    aside(status, &mut lines);
    lines
}

/// What lies in the folder.
fn in_folder(status: &Status, naming: Naming, lines: &mut Vec<Line>) {
    lines.push(Line::Gap);
    let heading = format!(
        "In the folder, {}",
        words::files(status.files.len() + status.unnamed)
    );
    lines.push(Line::Heading(heading));
    let told = match naming {
        Naming::Troubled => folder(status),
        Naming::All => {
            let troubled = status.files.iter().filter(|file| !file.is_well());
            let well = status.files.iter().filter(|file| file.is_well());
            troubled.chain(well).map(one).collect()
        }
    };
    lines.extend(told.iter().map(|(label, text)| field(label, text)));
    if status.beside > 0 {
        let told = match status.beside {
            1 => "1 other thing lies in the shared folder beside relmate's own; it is never read.",
            _ => &format!(
                "{} other things lie in the shared folder beside relmate's own; they are never read.",
                words::number(status.beside as u64)
            ),
        };
        lines.push(text(told));
    }
    if !status.files.is_empty() && naming == Naming::Troubled {
        lines.push(text("Each by itself: `relmate share status --files`."));
    }
}

/// The phrases that are read aloud.
fn phrases(status: &Status, lines: &mut Vec<Line>) {
    if let Some(words) = &status.founder_words {
        lines.push(Line::Gap);
        lines.push(text("Read these words to whoever joins:"));
        lines.push(Line::Lead(words.clone()));
    }
    if let Some(words) = &status.own_words {
        lines.push(Line::Gap);
        lines.push(text(
            "This device waits to be let in. Read these words to a manager of the desk:",
        ));
        lines.push(Line::Lead(words.clone()));
    }
}

fn member(person: &Person) -> Line {
    // Who was removed may do nothing, whatever they might before.
    let role = if person.removed {
        "removed"
    } else {
        role_word(person.role)
    };
    let mut told = vec![role.to_owned()];
    if !person.letter.is_empty() {
        told.push(format!("ids end in {}", person.letter));
    }
    if person.this_device {
        told.push("this device".to_owned());
    }
    let mut parts = vec![told.join(", "), words::steps(person.commits)];
    if !person.this_device && !person.removed {
        parts.push(match (&person.head, person.in_step) {
            (Some(at), true) => format!("had all of this at {at}"),
            (Some(at), false) => format!("has not all of this, as of {at}"),
            (None, _) => "nothing heard yet".to_owned(),
        });
    }
    field(&person.name, &parts.join("; "))
}

fn asking(status: &Status, lines: &mut Vec<Line>) {
    if status.asking.is_empty() {
        return;
    }
    lines.push(Line::Gap);
    lines.push(Line::Heading("Who asks to be let in".to_owned()));
    for it in &status.asking {
        lines.push(field(
            &it.name,
            &format!("from {} since {}", it.device, it.since),
        ));
    }
    lines.push(text(
        "They read six words to you; `share approve` takes them. Who cannot read them is somebody else, and `share refuse` takes their request away.",
    ));
}

/// A file by itself.
fn one(file: &File) -> (String, String) {
    let at = file.at.as_ref().map(|at| format!(" at {at}"));
    let name = format!("{OWN}/{}", file.name);
    let what = format!("{}{} ({name})", file.what, at.unwrap_or_default());
    (file.is.to_owned(), what)
}

/// What lies in the folder in a few lines: whatever something is with by itself, the rest counted.
pub fn folder(status: &Status) -> Vec<(String, String)> {
    let of = |is: &'static str| status.files.iter().filter(move |file| file.is == is);
    let troubled = of("waiting").chain(of("foreign"));
    let mut lines: Vec<_> = troubled.clone().take(FILES).map(one).collect();
    let more = troubled.count().saturating_sub(FILES) + status.unnamed;
    if more > 0 {
        lines.push((
            "foreign".to_owned(),
            format!("and {} more", words::files(more)),
        ));
    }
    let unread = of("new").count();
    if unread > 0 {
        let them = if unread == 1 { "it" } else { "them" };
        let told = format!(
            "{}, not read yet; `relmate sync` reads {them}",
            words::files(unread)
        );
        lines.push(("new".to_owned(), told));
    }
    let mut people: Vec<&String> = status
        .files
        .iter()
        .filter_map(|it| it.by.as_ref())
        .collect();
    people.sort_unstable();
    people.dedup();
    for name in people {
        lines.extend(of_person(status, name).map(|told| ("packs".to_owned(), told)));
    }
    let known = of("known").count();
    if known > 0 {
        let mut what: Vec<&str> = of("known").map(|file| file.what.as_str()).collect();
        what.sort_unstable();
        what.dedup();
        let told = format!("{} besides: {}", words::files(known), what.join("; "));
        lines.push(("known".to_owned(), told));
    }
    lines
}

/// "37 packs that Bob put there, 12,400 steps, all read; 2 heads, which say what Bob had"
fn of_person(status: &Status, name: &str) -> Option<String> {
    let theirs = || {
        let files = status.files.iter();
        files.filter(|file| file.by.as_deref() == Some(name))
    };
    let packs = theirs().filter(|file| file.is == "pack");
    let (packs, count) = (packs.clone().count() as u64, listed::held(packs));
    let heads = theirs().filter(|file| file.is == "head");
    let mut parts = Vec::new();
    match packs {
        0 => {}
        1 => parts.push(format!(
            "1 pack that {name} put there, {}, all read",
            words::steps(count)
        )),
        many => parts.push(format!(
            "{} packs that {name} put there, {}, all read",
            words::number(many),
            words::steps(count)
        )),
    }
    match heads.count() {
        0 => {}
        1 => parts.push(format!("1 head, which says what {name} had")),
        many => parts.push(format!("{many} heads, which say what {name} had")),
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn aside(status: &Status, lines: &mut Vec<Line>) {
    if status.set_aside.is_empty() {
        return;
    }
    lines.push(Line::Gap);
    lines.push(Line::Heading("Steps that are set aside".to_owned()));
    for it in &status.set_aside {
        let what = if it.newer {
            gate::NEEDS_NEWER
        } else {
            "does not count"
        };
        let step = it.what.as_ref().map(|it| format!("{it}; "));
        let step = step.unwrap_or_default();
        let told = format!("{step}of {}, {what}: {}", it.of, it.why);
        lines.push(field(&it.commit, &told));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::example;
    use crate::workspace::places::Places;
    use crate::workspace::plan::Actor;
    use crate::workspace::share::form;
    use crate::workspace::share::progress::Meter;

    fn text(page: &Page) -> String {
        let lines = page.lines.iter().map(|line| match line {
            Line::Field(label, text) => format!("{label} | {text}"),
            Line::Text(text) | Line::Lead(text) | Line::Heading(text) => text.clone(),
            Line::Gap => String::new(),
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_page_says_what_to_type_on_a_desk_of_ones_own_and_who_shares_one_that_is_shared() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("home/cmd.relmate");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let now = "2026-11-21T09:14:00Z".parse().unwrap();
        example::build(&path, now).unwrap();
        let here = Here {
            path,
            keys: folder.path().join("home/keys"),
            now,
            meter: Meter::default(),
        };
        let alone = text(&page(&here).unwrap());
        assert!(alone.contains("relmate share create FOLDER"), "{alone}");
        let share = folder.path().join("share");
        std::fs::create_dir(&share).unwrap();
        let filled = crate::workspace::deed::Filled::default()
            .with("folder", share.to_string_lossy().into_owned());
        let deed = &crate::workspace::deed::SHARE;
        let would = form::rehearse(deed, &filled).unwrap();
        assert!(would.said[0].contains("words"), "{:?}", would.said);
        let actor = Actor::resolve(Some(example::PERSON), None).unwrap();
        form::run(deed, &filled, &here, &actor).unwrap();
        let shared = text(&page(&here).unwrap());
        for part in [
            "an owner, this device",
            "Read these words to whoever joins:",
            "0 to publish; last exchanged Sat 21 Nov 2026",
            "In the folder, ",
        ] {
            assert!(shared.contains(part), "{part}: {shared}");
        }
        let approve = &crate::workspace::deed::APPROVE;
        let wrong = crate::workspace::deed::Filled::default().with("words", "one two");
        let refused = form::rehearse(approve, &wrong).unwrap_err();
        assert!(refused.message.contains("six words"), "{}", refused.message);
        joins(folder.path(), &share);
    }

    fn files(packs: u64) -> Status {
        let pack = |n: u64| File {
            by: Some("Bob".to_owned()),
            // Of a hundred steps; the last file has those of the one before as well.
            run: Some((
                crate::ledger::ReplicaId([7; 16]),
                n.min(packs - 2) * 100 + 1,
                n * 100 + 100,
            )),
            ..File::new(&format!("d/b/pk-{n}.pk"), 9, "pack", "steps of Bob")
        };
        let mut files: Vec<File> = (0..packs).map(pack).collect();
        files.push(File {
            by: Some("Bob".to_owned()),
            at: Some("2026-11-21T09:14:00Z".to_owned()),
            ..File::new("d/b/hd-1.hd", 9, "head", "what Bob had")
        });
        let torn = "it is not whole";
        files.push(File::new("d/b/pk-torn.pk", 9, "foreign", torn));
        files.push(File::new(
            "d/b/pk-early.pk",
            9,
            "waiting",
            "waits for commit 1a",
        ));
        files.push(File::new("README.txt", 9, "known", "a note"));
        Status {
            folder: "/share".to_owned(),
            trouble: None,
            refused: None,
            unrecognised: false,
            synced: None,
            founder_words: None,
            own_words: None,
            desk_words: "a b c d".to_owned(),
            commits: 20_000,
            to_publish: 0,
            members: Vec::new(),
            asking: Vec::new(),
            disputed: Vec::new(),
            forked: Vec::new(),
            files,
            unnamed: 0,
            beside: 0,
            set_aside: Vec::new(),
        }
    }

    #[test]
    fn two_hundred_good_packs_are_one_line_and_each_file_that_something_is_with_is_named() {
        let zone = Zone::utc();
        let page = told(lines(files(200), &zone, Naming::Troubled));
        let short = text(&page);
        assert!(
            short.contains(
                "packs | 200 packs that Bob put there, 20,000 steps, all read; 1 head, which says what Bob had"
            ),
            "{short}"
        );
        assert!(
            short.contains("foreign | it is not whole (relmate/d/b/pk-torn.pk)"),
            "{short}"
        );
        assert!(
            short.contains("waiting | waits for commit 1a (relmate/d/b/pk-early.pk)"),
            "{short}"
        );
        assert!(!short.contains("pk-7.pk"), "{short}");
        assert!(short.contains("In the folder, 204 files"), "{short}");
        assert!(short.lines().count() < 16, "{short}");
        let whole = text(&told(lines(files(200), &zone, Naming::All)));
        for part in [
            "pk-7.pk",
            "pk-199.pk",
            "what Bob had at Sat 21 Nov 2026 09:14",
            "README.txt",
        ] {
            assert!(whole.contains(part), "{part}: {whole}");
        }
        let first = whole
            .lines()
            .skip_while(|it| !it.starts_with("In the folder"));
        assert!(first.clone().nth(1).unwrap().contains("pk-torn"), "{whole}");
    }

    /// Somebody else joins with a form; without the founder's words nothing is made.
    fn joins(folder: &std::path::Path, share: &std::path::Path) {
        let bob = folder.join("bob");
        let places = Places {
            config: bob.clone(),
            data: bob.clone(),
            state: bob.clone(),
        };
        let filled = crate::workspace::deed::Filled::default()
            .with("folder", share.to_string_lossy().into_owned())
            .with("you", "Bob")
            .with("words", "zoo zoo zoo zoo zoo zoo");
        let now = "2026-11-21T09:20:00Z".parse().unwrap();
        let refused = form::join(&filled, &places, (now, Meter::default())).unwrap_err();
        assert!(
            refused.message.contains("not the words"),
            "{}",
            refused.message
        );
        assert!(!bob.join("share.relmate").exists());
    }
}
