//! A backup put back: nothing that was acknowledged is lost, and no leftover file
//! of the desk that was there gets mixed into the one that comes.

use std::path::PathBuf;

use crate::support::Desk;

fn kept(desk: &Desk) -> Vec<PathBuf> {
    let folder = desk.path().parent().unwrap().to_owned();
    let entries = std::fs::read_dir(folder).unwrap();
    let mut kept: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    kept.retain(|path| path.to_string_lossy().contains(".before-"));
    kept.sort();
    kept
}

/// How often the desk was commented on, by its own log.
fn comments(desk: &Desk, path: &std::path::Path) -> usize {
    let line = format!("--desk {} log --json", path.display());
    let log = desk.ok(&line).json();
    let items = log["items"].as_array().unwrap();
    items.iter().filter(|it| it["action"] == "comment").count()
}

#[test]
fn two_restores_in_one_moment_keep_both_desks() {
    let desk = Desk::with_tickets();
    desk.ok("backup copy.relmate");
    desk.ok("comment T-1 first");
    desk.ok("restore copy.relmate");
    desk.ok("comment T-1 second");
    desk.ok("comment T-1 third");
    desk.ok("restore copy.relmate");
    let kept = kept(&desk);
    assert_eq!(kept.len(), 2, "{kept:?}");
    let mut had: Vec<usize> = kept.iter().map(|path| comments(&desk, path)).collect();
    had.sort_unstable();
    assert_eq!(had, [1, 2]);
    desk.ok("doctor");
}

#[test]
fn a_desk_that_is_open_elsewhere_is_restored_whole_and_kept_whole() {
    let desk = Desk::with_tickets();
    desk.ok("backup copy.relmate");
    let other = rusqlite::Connection::open(desk.path()).unwrap();
    let before: i64 = other
        .query_row("SELECT count(*) FROM log", [], |row| row.get(0))
        .unwrap();
    desk.ok("comment T-1 'still in the write-ahead log'");
    desk.ok("restore copy.relmate");
    let after: i64 = other
        .query_row("SELECT count(*) FROM log", [], |row| row.get(0))
        .unwrap();
    assert_eq!(before, after, "the other process sees what was restored");
    drop(other);
    desk.ok("doctor");
    assert_eq!(comments(&desk, &kept(&desk)[0]), 1);
}

#[test]
fn what_is_still_in_a_backups_own_log_is_restored_too() {
    let desk = Desk::with_tickets();
    let other = Desk::with_tickets();
    let open = rusqlite::Connection::open(other.path()).unwrap();
    open.query_row("SELECT count(*) FROM log", [], |_| Ok(()))
        .unwrap();
    other.ok("comment T-1 newest");
    desk.ok(&format!("restore {}", other.path().display()));
    drop(open);
    assert_eq!(comments(&desk, &desk.path()), 1);
    desk.ok("doctor");
}

#[test]
fn a_log_left_by_a_desk_that_is_gone_does_not_get_into_the_restored_one() {
    let desk = Desk::with_tickets();
    desk.ok("backup copy.relmate");
    let open = rusqlite::Connection::open(desk.path()).unwrap();
    open.query_row("SELECT count(*) FROM log", [], |_| Ok(()))
        .unwrap();
    desk.ok("comment T-1 lost");
    let log = format!("{}-wal", desk.path().display());
    let left = std::fs::read(&log).unwrap();
    drop(open);
    std::fs::remove_file(desk.path()).unwrap();
    std::fs::write(&log, left).unwrap();
    desk.ok(&format!(
        "--desk {} restore copy.relmate",
        desk.path().display()
    ));
    desk.ok("doctor");
    assert_eq!(comments(&desk, &desk.path()), 0);
}

#[cfg(unix)]
#[test]
fn a_desk_reached_through_a_link_is_the_desk_itself() {
    let desk = Desk::with_tickets();
    let link = desk.home().join("link.relmate");
    std::os::unix::fs::symlink(desk.path(), &link).unwrap();
    let open = rusqlite::Connection::open(desk.path()).unwrap();
    open.query_row("SELECT count(*) FROM log", [], |_| Ok(()))
        .unwrap();
    desk.ok(&format!("--desk {} comment T-1 linked", link.display()));
    assert_eq!(comments(&desk, &link), 1);
    desk.ok(&format!("--desk {} backup linked.relmate", link.display()));
    drop(open);
    assert_eq!(comments(&desk, &desk.home().join("linked.relmate")), 1);
}

#[test]
fn what_is_no_backup_is_named_and_no_desk_is_offered_to_be_made() {
    let desk = Desk::with_tickets();
    let text = desk.file("letter.txt", "Dear diary, this is no desk.");
    for (file, code) in [
        ("nothing.relmate".to_owned(), 3),
        (text.display().to_string(), 1),
    ] {
        let refused = desk.refused(code, &format!("restore {file}"));
        refused.complains(&["Name a file that `relmate backup` made"]);
        assert!(!refused.stderr.contains("relmate init"), "{refused}");
    }
}
