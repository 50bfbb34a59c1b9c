//! A git checkout as the shared folder: two clones that meet by commit, pull and push. Skipped
//! where git is not installed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::Desk;
use crate::support::two::{equal, founder_words, joins, own_words};

/// Two desks, each beside a checkout of its own, and the repository where they meet.
struct Checkouts {
    alice: Desk,
    bob: Desk,
    _place: tempfile::TempDir,
    ours: PathBuf,
    theirs: PathBuf,
}

/// Runs git as nobody in particular.
fn runs(folder: &Path, line: &str) -> Option<bool> {
    let mut command = Command::new("git");
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .args(["-c", "user.name=x", "-c", "user.email=x@example.org"])
        .args(["-c", "init.defaultBranch=main", "-c", "core.autocrlf=true"])
        .current_dir(folder)
        .args(line.split_whitespace());
    Some(command.output().ok()?.status.success())
}

#[track_caller]
fn git(folder: &Path, line: &str) {
    assert_eq!(runs(folder, line), Some(true), "git {line}");
}

/// What one did goes to the repository.
#[track_caller]
fn push(folder: &Path) {
    git(folder, "add -A");
    git(folder, "commit -q --allow-empty -m exchange");
    git(folder, "pull -q --no-rebase --no-edit");
    git(folder, "push -q");
}

impl Checkouts {
    fn new() -> Option<Self> {
        let place = tempfile::tempdir().unwrap();
        if runs(place.path(), "--version") != Some(true) {
            eprintln!("skipped: git is not installed");
            return None;
        }
        git(place.path(), "init -q --bare shared.git");
        git(place.path(), "clone -q shared.git ours");
        git(
            &place.path().join("ours"),
            "commit -q --allow-empty -m start",
        );
        git(&place.path().join("ours"), "push -q origin HEAD:main");
        git(place.path(), "clone -q shared.git demo");
        Some(Self {
            alice: Desk::with_tickets(),
            bob: Desk::none_of("Bob"),
            ours: place.path().join("ours"),
            theirs: place.path().join("demo"),
            _place: place,
        })
    }

    /// Alice shares, Bob joins and is let in, by way of the repository.
    fn meet(&self) {
        let (ours, theirs) = (&self.ours, &self.theirs);
        self.alice.ok(&format!("share create {}", ours.display()));
        push(ours);
        git(theirs, "pull -q");
        joins(&self.bob, theirs, &founder_words(&self.alice));
        push(theirs);
        git(ours, "pull -q");
        let words = own_words(&self.bob);
        self.alice.ok(&format!("share approve --words '{words}'"));
        self.exchange();
    }

    /// Each publishes, pushes, and reads what the other pushed.
    #[track_caller]
    fn exchange(&self) {
        let (alice, bob) = ((&self.alice, &self.ours), (&self.bob, &self.theirs));
        for (desk, folder) in [alice, bob, alice] {
            git(folder, "pull -q --no-rebase --no-edit");
            desk.ok("sync");
            push(folder);
        }
    }
}

#[test]
fn two_checkouts_of_one_repository_are_a_share_and_never_conflict() {
    let Some(both) = Checkouts::new() else { return };
    both.meet();
    for round in 0..2 {
        both.alice.ok(&format!("comment T-1 'Alice {round}'"));
        both.bob.ok(&format!("comment T-1 'Bob {round}'"));
        // Both publish before either hears of the other: git has to merge.
        both.alice.ok("sync");
        both.bob.ok("sync");
        push(&both.ours);
        push(&both.theirs);
        both.exchange();
    }
    equal(&both.alice, &both.bob);
    let ticket = both.bob.show("T-1");
    assert_eq!(ticket["comments"].as_array().unwrap().len(), 4);
}

#[test]
fn a_checkout_in_the_middle_of_a_merge_or_a_rebase_pauses_the_exchange() {
    let Some(both) = Checkouts::new() else { return };
    both.meet();
    git(&both.ours, "pull -q");
    git(&both.theirs, "pull -q");
    // A conflict about a file that is not ours.
    for (folder, text) in [(&both.ours, "one"), (&both.theirs, "other")] {
        std::fs::write(folder.join("notes.txt"), text).unwrap();
        git(folder, "add -A");
        git(folder, "commit -q -m notes");
    }
    git(&both.ours, "push -q");
    for (begin, end) in [
        ("pull -q --no-rebase --no-edit", "merge --abort"),
        ("pull -q --rebase", "rebase --abort"),
    ] {
        assert_eq!(runs(&both.theirs, begin), Some(false), "it conflicts");
        both.bob.ok("comment T-1 'in the middle'");
        let before = crate::support::tree(&both.theirs.join("relmate"));
        let held = both.bob.refused(1, "sync");
        held.complains(&["in the middle of a", "git"]);
        let done = both.bob.run("sync --json");
        assert_eq!(done.json()["held"]["is"], "paused", "{done}");
        assert_eq!(crate::support::tree(&both.theirs.join("relmate")), before);
        git(&both.theirs, end);
        both.bob.ok("sync");
        git(&both.theirs, "add -A");
        git(&both.theirs, "commit -q -m exchange");
    }
}

#[test]
fn a_checkout_that_was_put_back_to_an_earlier_state_gets_everything_again() {
    let Some(both) = Checkouts::new() else { return };
    both.meet();
    both.alice.ok("comment T-1 'published and then rewound'");
    both.alice.ok("sync");
    git(&both.ours, "add -A");
    git(&both.ours, "commit -q -m exchange");
    git(&both.ours, "reset -q --hard HEAD~1");
    both.exchange();
    equal(&both.alice, &both.bob);
    let ticket = both.bob.show("T-1");
    assert_eq!(ticket["comments"].as_array().unwrap().len(), 1);
}
