//! Looking leaves no trace: not a byte, not a time, not a file beside the desk.

use std::process::Stdio;

use crate::support::{Desk, Outcome, PROGRAM, Tree, tree};

/// Every way to look.
const LOOKS: [&str; 21] = [
    "status",
    "status --json",
    "status --prompt",
    "next",
    "next --for Alice",
    "why T-1",
    "why S-1 --as-of 2026-11-20",
    "show T-1",
    "show ARC",
    "list tickets",
    "list messages --json",
    "log",
    "log T-1 --json",
    "find arc",
    "outbox list",
    "outbox show X-1",
    "export csv tickets",
    "holidays",
    "profile show",
    "doctor",
    "paths",
];

/// The desk's folder as a look has to leave it.
fn before(desk: &Desk) -> Tree {
    tree(desk.home())
}

#[test]
fn no_look_touches_the_desk_or_leaves_a_file_anywhere() {
    let desk = Desk::with_tickets();
    desk.ok("cycle add 1.4 --start 2026-11-02 --template meta-release");
    let before = before(&desk);
    let desks: Vec<_> = before
        .keys()
        .filter(|path| path.starts_with(desk.data()))
        .collect();
    assert_eq!(desks, [&desk.path()], "a finished writer leaves one file");
    for look in LOOKS {
        desk.ok(look);
        let after = tree(desk.home());
        assert!(after == before, "`{look}` left a trace: {:?}", after.keys());
    }
}

#[test]
fn a_refused_change_leaves_no_trace_either() {
    let desk = Desk::with_tickets();
    let commits = desk.commits();
    for line in [
        "ticket delay T-1",
        "ticket promote T-1",
        "set T-1 colour=red",
        "undo T-9",
    ] {
        assert_ne!(desk.run(line).code, 0, "{line}");
        assert_eq!(desk.commits(), commits, "`{line}` recorded something");
    }
}

#[test]
fn an_id_that_nothing_ever_had_is_said_to_be_none() {
    let desk = Desk::with_tickets();
    for line in ["log T-99", "undo T-99", "log nothing-of-this-name"] {
        let outcome = desk.refused(3, line);
        assert!(!outcome.stderr.contains("answered"), "{outcome}");
    }
    let log = desk.json("log");
    let step = log["items"][0]["commit"].as_str().unwrap();
    for digits in [6, 7, step.len()] {
        desk.ok(&format!("log {}", &step[..digits]));
    }
    desk.ok(&format!("log {}", step.to_uppercase()));
}

#[test]
fn looking_works_on_a_file_nobody_may_write() {
    let desk = Desk::with_tickets();
    let mut rights = std::fs::metadata(desk.path()).unwrap().permissions();
    rights.set_readonly(true);
    std::fs::set_permissions(desk.path(), rights).unwrap();
    for look in LOOKS {
        desk.ok(look);
    }
}

/// Runs a script in mounts of its own, which end with it; none where that is not allowed.
fn in_own_mounts(desk: &Desk, script: &str) -> Option<Outcome> {
    let run = |flags: &str, script: &str| {
        desk.command()
            .get_envs()
            .fold(
                &mut std::process::Command::new("unshare"),
                |command, (name, value)| command.env(name, value.unwrap_or_default()),
            )
            .args([flags, "sh", "-c", script])
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("RELMATE", PROGRAM)
            .current_dir(desk.home())
            .stdin(Stdio::null())
            .output()
            .ok()
    };
    let flags = ["-rm", "-m"].into_iter().find(|flags| {
        run(flags, "mount -t tmpfs tmpfs /mnt").is_some_and(|output| output.status.success())
    });
    if flags.is_none() {
        eprintln!("SKIPPED: mounts of one's own are not allowed here");
    }
    Some(Outcome::of(run(flags?, script)?))
}

#[test]
fn looking_works_in_a_folder_nobody_may_write_and_changing_says_why_not() {
    let desk = Desk::with_tickets();
    let script = "set -e; mount -t tmpfs tmpfs /mnt; cp data/relmate/demo.relmate /mnt/
        mount -o remount,ro /mnt
        for look in status 'why T-1' 'list tickets' log 'find arc' 'show T-1' doctor; do
            \"$RELMATE\" --desk /mnt/demo.relmate $look >/dev/null
        done
        ls -A /mnt; \"$RELMATE\" --desk /mnt/demo.relmate comment T-1 hello";
    let Some(outcome) = in_own_mounts(&desk, script) else {
        return;
    };
    assert_eq!(outcome.code, 1, "{outcome}");
    assert_eq!(outcome.stdout, "demo.relmate\n", "{outcome}");
    outcome.complains(&["cannot be written"]);
}

#[test]
fn looking_works_beside_a_writer_whose_folder_nobody_may_write() {
    let desk = Desk::with_tickets();
    let writer = rusqlite::Connection::open(desk.path()).unwrap();
    let tables: i64 = writer
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .unwrap();
    assert!(tables > 0, "the file is really open");
    desk.ok("comment T-1 'still in the log'");
    let script = "set -e; mount -t tmpfs tmpfs /mnt
        cp data/relmate/demo.relmate data/relmate/demo.relmate-wal /mnt/
        mount -o remount,ro /mnt; \"$RELMATE\" --desk /mnt/demo.relmate show T-1";
    let Some(outcome) = in_own_mounts(&desk, script) else {
        return;
    };
    assert_eq!(outcome.code, 0, "{outcome}");
    outcome.says(&["still in the log"]);
    drop(writer);
}

#[test]
fn a_full_disk_is_said_and_nothing_acknowledged_is_lost() {
    let desk = Desk::with_tickets();
    let script = r#"mount -t tmpfs -o size=600k tmpfs /mnt || exit 99
        cp data/relmate/demo.relmate /mnt/ || exit 98
        long=$(head -c 20000 /dev/zero | tr '\0' x); n=0
        while "$RELMATE" --desk /mnt/demo.relmate comment T-1 "$long" >/dev/null 2>/mnt/../tmp/said; do
            n=$((n+1)); [ $n -lt 100 ] || exit 97
        done
        cat /tmp/said >&2; "$RELMATE" --desk /mnt/demo.relmate comment T-1 "$long" >/dev/null 2>&1; code=$?
        "$RELMATE" --desk /mnt/demo.relmate show T-1 | grep -c xxx > count; kept=$(cat count)
        [ "$kept" = "$n" ] || { echo "kept $kept of $n"; exit 96; }
        exit $code"#;
    let script = script
        .replace("/mnt/../tmp/said", "said")
        .replace("/tmp/said", "said");
    let Some(outcome) = in_own_mounts(&desk, &script) else {
        return;
    };
    assert_eq!(outcome.code, 1, "{outcome}");
    outcome.complains(&["The disk is full; nothing was changed."]);
}

#[test]
fn looking_works_beside_a_process_that_is_writing() {
    let desk = Desk::with_tickets();
    let mut writer = rusqlite::Connection::open(desk.path()).unwrap();
    let open = writer
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .unwrap();
    open.execute_batch("CREATE TABLE passing (x)").unwrap();
    for look in LOOKS {
        desk.ok(look);
    }
    open.rollback().unwrap();
    drop(writer);
    desk.ok("doctor");
}
