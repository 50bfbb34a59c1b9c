//! Files in a desk's place that are none, are of another version, or were damaged.

use crate::faults::HEADER;
use crate::support::Desk;

/// What is at the desk's place is no desk: this code, these words, and not a byte changed.
#[track_caller]
fn at_its_place(bytes: &[u8], code: i32, says: &str) {
    let desk = Desk::new();
    std::fs::write(desk.path(), bytes).unwrap();
    for line in [
        "status",
        "comment T-1 hello",
        "doctor",
        "doctor --rebuild",
        "log",
        "import x.csv",
    ] {
        desk.file("x.csv", HEADER);
        let outcome = desk.refused(code, line);
        outcome.complains(&[says]);
        assert!(
            std::fs::read(desk.path()).unwrap() == bytes,
            "`{line}` changed it"
        );
    }
    let beside: Vec<_> = crate::support::tree(&desk.data()).into_keys().collect();
    assert_eq!(beside, [desk.path()]);
}

#[test]
fn a_file_that_is_no_desk_is_left_alone() {
    at_its_place(
        b"Dear diary, this is not a desk but a text of some length.\n",
        1,
        "not a relmate desk",
    );
    at_its_place(b"", 1, "not a relmate desk");
    at_its_place(&[0xde, 0xad].repeat(5000), 1, "not a relmate desk");
    let desk = Desk::new();
    std::fs::create_dir(desk.home().join("folder.relmate")).unwrap();
    desk.refused(1, "--desk folder.relmate status")
        .complains(&["folder.relmate", "it is a folder"]);
}

#[test]
fn another_programs_database_is_no_desk() {
    let other = tempfile::tempdir().unwrap();
    let path = other.path().join("other.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute_batch("CREATE TABLE tasks (id INTEGER); INSERT INTO tasks VALUES (1)")
        .unwrap();
    drop(conn);
    at_its_place(&std::fs::read(&path).unwrap(), 1, "not a relmate desk");
}

#[test]
fn a_desk_of_a_newer_version_is_refused_and_left_alone() {
    let desk = Desk::with_tickets();
    let mut bytes = std::fs::read(desk.path()).unwrap();
    bytes[60..64].copy_from_slice(&9999_u32.to_be_bytes());
    at_its_place(&bytes, 4, "newer");
}

#[test]
fn a_damaged_desk_is_told_of_and_a_backup_brings_it_back() {
    let desk = Desk::with_tickets();
    desk.ok("backup copy.relmate");
    let mut bytes = std::fs::read(desk.path()).unwrap();
    let from = 2 * 4096;
    bytes[from..].fill(0x55);
    std::fs::write(desk.path(), &bytes).unwrap();
    for line in ["status", "doctor", "list tickets", "comment T-1 hello"] {
        desk.refused(1, line);
    }
    let circle = desk
        .refused(1, "doctor")
        .stderr
        .contains("Run `relmate doctor`");
    assert!(!circle, "the doctor does not send to the doctor");
    desk.ok("restore copy.relmate");
    assert_eq!(desk.show("T-1")["state"], "unverified");
}

#[test]
fn a_file_that_miscounts_its_free_pages_is_written_anew_by_a_rebuild() {
    let desk = Desk::with_tickets();
    let commits = desk.commits();
    let mut bytes = std::fs::read(desk.path()).unwrap();
    bytes[36..40].copy_from_slice(&5_u32.to_be_bytes());
    std::fs::write(desk.path(), &bytes).unwrap();
    desk.refused(1, "doctor")
        .complains(&["is damaged", "doctor --rebuild"]);
    desk.ok("doctor --rebuild");
    desk.ok("doctor");
    assert_eq!(desk.commits(), commits);
}

#[test]
fn a_desk_whose_end_is_missing_is_told_of() {
    let desk = Desk::with_tickets();
    let bytes = std::fs::read(desk.path()).unwrap();
    std::fs::write(desk.path(), &bytes[..bytes.len() / 2]).unwrap();
    desk.refused(1, "doctor");
}

#[test]
fn a_history_that_was_tampered_with_is_found_by_the_doctor() {
    let desk = Desk::with_tickets();
    let conn = rusqlite::Connection::open(desk.path()).unwrap();
    conn.execute_batch(
        "UPDATE loose SET bytes = CAST(replace(bytes, 'ARC', 'ABC') AS BLOB) WHERE num = 3",
    )
    .unwrap();
    drop(conn);
    for line in ["doctor", "doctor --rebuild"] {
        desk.refused(1, line).complains(&["does not hold together"]);
    }
    let conn = rusqlite::Connection::open(desk.path()).unwrap();
    conn.execute_batch(
        "UPDATE loose SET bytes = CAST(replace(bytes, 'ABC', 'ARC') AS BLOB) WHERE num = 3",
    )
    .unwrap();
    conn.execute_batch("UPDATE record SET state = 'ready' WHERE id = 'T-1'")
        .unwrap();
    drop(conn);
    let outcome = desk.run("doctor");
    assert_eq!(outcome.code, 5, "{outcome}");
    desk.ok("doctor --rebuild");
    desk.ok("doctor");
}
