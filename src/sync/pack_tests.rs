use super::*;
use crate::sync::frame::MAGIC;

fn desk() -> (Workspace, ReplicaId, DeviceKey) {
    (
        Workspace::of_genesis(b"genesis"),
        ReplicaId([5; 16]),
        DeviceKey::generate([1; 32]),
    )
}

/// A chain of commits as a desk writes them.
fn pack(count: u64) -> Pack {
    let (workspace, origin, author) = desk();
    let first = first_prev(&workspace, &origin);
    let mut prev = first;
    let mut commits = Vec::new();
    for seq in 1..=count {
        let line = format!(
            "{{\"replica\":\"{origin}\",\"seq\":{seq},\"deps\":[],\
             \"wall\":\"2026-03-02T09:00:{:02}Z\",\"person\":\"anna\",\"need\":1,\
             \"entities\":[\"{origin}.1.0\"],\"intent\":{{\"step\":\"set\",\"ticket\":\"T-{seq}\"}},\
             \"ops\":[{{\"op\":\"set\",\"entity\":\"{origin}.1.0\",\"field\":\"note\",\
             \"value\":\"a word\",\"replaces\":[]}}]}}",
            seq % 60
        );
        prev = chain_hash(&workspace, &prev, line.as_bytes());
        commits.push((prev, line.into_bytes()));
    }
    Pack {
        origin,
        lo: 1,
        hi: count,
        prev: first,
        tip: prev,
        author: author.public(),
        signature: sign_tip(&author, &workspace, &prev),
        by: author.public(),
        commits,
    }
}

fn file(pack: &Pack) -> Vec<u8> {
    let (workspace, _, key) = desk();
    pack.write(&workspace, &key).unwrap()
}

fn read(bytes: &[u8]) -> Result<Pack, Unreadable> {
    Pack::read(bytes, &desk().0)
}

fn pieces(bytes: &[u8]) -> Pieces {
    Pieces::of(bytes).unwrap().0
}

#[test]
fn a_run_is_read_as_it_was_written_and_gives_the_same_bytes_each_time() {
    let whole = pack(20);
    assert_eq!(read(&file(&whole)).unwrap(), whole);
    assert_eq!(file(&whole), file(&whole.clone()));
    let later = Pack {
        lo: 8,
        prev: whole.commits[6].0,
        commits: whole.commits[7..].to_vec(),
        ..whole
    };
    assert_eq!(read(&file(&later)).unwrap(), later);
}

#[test]
fn a_relay_keeps_the_authors_word() {
    let (workspace, _, author) = desk();
    let relay = DeviceKey::generate([8; 32]);
    let copy = pack(3).write(&workspace, &relay).unwrap();
    let read = read(&copy).unwrap();
    assert_eq!((read.author, read.by), (author.public(), relay.public()));
    assert_eq!(read.signature, pack(3).signature);
}

#[test]
fn a_lone_commit_is_a_small_file() {
    let len = file(&pack(1)).len();
    assert!(len <= 1100, "{len} bytes");
}

#[test]
fn every_flipped_bit_is_refused() {
    let whole = file(&pack(1));
    let mut other = whole.clone();
    for bit in 0..whole.len() * 8 {
        other[bit / 8] ^= 1 << (bit % 8);
        assert!(read(&other).is_err(), "bit {bit}");
        other[bit / 8] ^= 1 << (bit % 8);
    }
    assert!(read(&other).is_ok());
}

#[test]
fn every_cut_and_every_tail_of_zeros_is_refused() {
    let whole = file(&pack(2));
    for at in 0..whole.len() {
        assert_eq!(read(&whole[..at]), Err(Unreadable::Torn), "cut at {at}");
        let mut zeros = whole.clone();
        zeros[at..].fill(0);
        assert!(read(&zeros).is_err(), "zeros from {at}");
    }
}

#[test]
fn what_a_transport_mangles_is_refused() {
    let whole = file(&pack(2));
    let mut dos = Vec::new();
    for byte in &whole {
        if *byte == b'\n' {
            dos.push(b'\r');
        }
        dos.push(*byte);
    }
    let unix: Vec<u8> = whole.iter().copied().filter(|it| *it != b'\r').collect();
    let seven: Vec<u8> = whole.iter().map(|it| it & 0x7f).collect();
    for mangled in [dos, unix, seven] {
        assert!(matches!(read(&mangled), Err(Unreadable::Damaged(_))));
    }
    assert!(whole.starts_with(MAGIC));
}

#[track_caller]
fn refused(change: impl FnOnce(&mut Pack)) {
    let mut bad = pack(4);
    change(&mut bad);
    let told = read(&file(&bad));
    assert!(matches!(told, Err(Unreadable::Malformed(_))), "{told:?}");
}

#[test]
fn a_run_that_its_author_did_not_sign_is_refused() {
    let (workspace, _, author) = desk();
    let stranger = DeviceKey::generate([9; 32]);
    refused(|it| it.author = stranger.public());
    refused(|it| it.signature = sign_tip(&stranger, &workspace, &it.tip));
    refused(|it| it.signature = sign_tip(&author, &Workspace::of_genesis(b"other"), &it.tip));
    refused(|it| it.tip = Hash::of(&[b"x"]));
}

#[test]
fn a_run_that_does_not_lead_to_the_tip_is_refused() {
    let (workspace, _, author) = desk();
    let sign = |it: &mut Pack, tip: Hash| {
        it.tip = tip;
        it.signature = sign_tip(&author, &workspace, &tip);
    };
    refused(|it| sign(it, Hash::of(&[b"x"])));
    refused(|it| sign(it, it.commits[2].0));
    refused(|it| it.commits.swap(1, 2));
    refused(|it| it.commits[3].1.push(b' '));
    refused(|it| it.prev = Hash::of(&[b"x"]));
    refused(|it| it.origin = ReplicaId([6; 16]));
    refused(|it| (it.lo, it.hi) = (0, 3));
}

#[test]
fn a_count_that_does_not_fit_is_neither_written_nor_read() {
    let (workspace, _, key) = desk();
    let whole = pack(3);
    let none = Pack {
        commits: Vec::new(),
        ..whole.clone()
    };
    let fewer = Pack {
        hi: 2,
        ..whole.clone()
    };
    for bad in [&none, &fewer] {
        assert_eq!(bad.write(&workspace, &key), Err(Unwritable::Count));
    }
    let mut two_lines = whole.clone();
    two_lines.commits[0].1.push(b'\n');
    assert_eq!(two_lines.write(&workspace, &key), Err(Unwritable::NotALine));
    for after in [0, 1, 3, 9_999, 10_000, u64::MAX] {
        let lines: Vec<u8> = b"a\nb\nc\n".to_vec();
        assert!(
            chain(pieces(&lines), &workspace, whole.prev, after).is_err(),
            "{after}"
        );
    }
    for lines in [&b"a\nb\nc"[..], b"a\n\nc\n", b"a\nb\nc\n\n", b"", b"\n"] {
        assert!(chain(pieces(lines), &workspace, whole.prev, 2).is_err());
    }
}

#[test]
fn another_kind_of_file_is_no_pack() {
    let (workspace, _, key) = desk();
    let other = seal(Kind::Head, Map::new(), b"{}", &workspace, &key).unwrap();
    assert!(matches!(read(&other), Err(Unreadable::Malformed(_))));
}
