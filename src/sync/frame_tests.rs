use proptest::prelude::*;

use super::*;

fn place() -> (Workspace, DeviceKey) {
    (
        Workspace::of_genesis(b"genesis"),
        DeviceKey::generate([1; 32]),
    )
}

fn sealed(raw: &[u8]) -> Vec<u8> {
    let (workspace, key) = place();
    seal(Kind::Request, Map::new(), raw, &workspace, &key).unwrap()
}

/// A file as a hostile hand would make it: right in its frame, with any header and any content.
fn forged(header: &str, packed: &[u8]) -> Vec<u8> {
    let (workspace, key) = place();
    let mut file = MAGIC.to_vec();
    file.extend(length(header.len()));
    file.extend(header.as_bytes());
    file.extend(packed);
    let hash = Hash::of(&[&file]);
    let signature = key.sign(Domain::File, &[&workspace.0.0, &hash.0]);
    file.extend(hash.0);
    file.extend(signature.0);
    file.extend(length(file.len() + 8));
    file.extend(END);
    file
}

fn header(more: &[(&str, Value)]) -> String {
    let (workspace, key) = place();
    let mut map = serde_json::json!({
        "fmt": 1, "min_reader": 1, "kind": "request", "raw_len": 1,
        "workspace": workspace.to_string(), "by": key.public().to_string(),
    });
    for (name, value) in more {
        map[*name] = value.clone();
    }
    canonical(&map)
}

fn packed(raw: &[u8]) -> Vec<u8> {
    zstd::bulk::compress(raw, 1).unwrap()
}

fn refused(file: &[u8]) -> Unreadable {
    open(file, Some(&place().0)).unwrap_err()
}

#[test]
fn what_is_sealed_opens_and_is_the_same_each_time() {
    let file = sealed(b"hello");
    assert_eq!(file, sealed(b"hello"));
    let opened = open(&file, None).unwrap();
    assert_eq!(opened.raw.whole(), b"hello");
    assert_eq!(
        (opened.workspace, opened.by),
        (place().0, place().1.public())
    );
    assert_eq!(open(&sealed(b""), None).unwrap().raw.whole(), b"");
    assert_eq!(
        open(&forged(&header(&[]), &packed(b"x")), None)
            .unwrap()
            .raw
            .whole(),
        b"x"
    );
}

#[test]
fn each_way_to_be_no_good_has_its_sentence() {
    let file = sealed(b"hello");
    assert_eq!(refused(b"PK\x03\x04 something else"), Unreadable::NotOurs);
    assert_eq!(refused(b""), Unreadable::Torn);
    assert_eq!(refused(&vec![0; file.len()]), Unreadable::NotOurs);
    assert_eq!(refused(&file[..file.len() - 1]), Unreadable::Torn);
    assert_eq!(refused(&[&file[..], b"x"].concat()), Unreadable::Torn);
    let other = open(&file, Some(&Workspace::of_genesis(b"other")));
    assert_eq!(other.unwrap_err(), Unreadable::OtherWorkspace);
    let mut flipped = file.clone();
    flipped[40] ^= 4;
    assert!(matches!(refused(&flipped), Unreadable::Damaged(_)));
    let as_unix = String::from_utf8_lossy(&file).replace("\r\n", "\n");
    assert_eq!(refused(as_unix.as_bytes()), Unreadable::NotOurs);
    let unix: Vec<u8> = file.iter().copied().filter(|it| *it != b'\r').collect();
    assert!(matches!(refused(&unix), Unreadable::Damaged(_)));
    let seven: Vec<u8> = file.iter().map(|it| it & 0x7f).collect();
    assert!(matches!(refused(&seven), Unreadable::Damaged(_)));
}

#[test]
fn a_newer_file_waits_and_is_not_called_broken() {
    for more in [
        ("min_reader", Value::from(2)),
        ("enc", Value::from("age")),
        ("kind", Value::from("snapshot")),
    ] {
        assert_eq!(refused(&forged(&header(&[more]), b"?")), Unreadable::Newer);
    }
    let readable = header(&[("fmt", 2.into()), ("hue", "blue".into())]);
    assert!(open(&forged(&readable, &packed(b"x")), None).is_ok());
}

#[test]
fn a_header_that_lies_is_refused() {
    for more in [
        ("min_reader", Value::from(0)),
        ("min_reader", Value::Null),
        ("fmt", Value::from(0)),
        ("raw_len", Value::from(2)),
        ("raw_len", Value::from(0)),
        ("raw_len", Value::from(MAX_RAW + 1)),
        ("raw_len", Value::from(u64::MAX)),
        ("by", Value::from("ff")),
        ("workspace", Value::from(7)),
    ] {
        let file = forged(&header(std::slice::from_ref(&more)), &packed(b"x"));
        assert!(
            matches!(refused(&file), Unreadable::Malformed(_)),
            "{more:?}"
        );
    }
    let twice = header(&[]).replacen('{', "{\"by\":\"x\",", 1);
    for header in [
        twice.as_str(),
        "[]",
        "",
        "{",
        &format!(" {}", header(&[])),
        &"x".repeat(MAX_HEADER + 1),
    ] {
        assert!(matches!(
            refused(&forged(header, b"")),
            Unreadable::Malformed(_)
        ));
    }
    let somebody = DeviceKey::generate([9; 32]).public().to_string();
    let squat = forged(&header(&[("by", somebody.into())]), &packed(b"x"));
    assert!(matches!(refused(&squat), Unreadable::Damaged(_)));
}

#[test]
fn a_header_length_beyond_the_file_is_refused() {
    let mut file = forged(&header(&[]), &packed(b"x"));
    let body = file.len() - TRAILER;
    for len in [u32::MAX, 60_000, 65_536] {
        file[9..13].copy_from_slice(&len.to_le_bytes());
        let hash = Hash::of(&[&file[..body]]);
        file[body..body + 32].copy_from_slice(&hash.0);
        assert!(matches!(refused(&file), Unreadable::Malformed(_)));
    }
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    // A terabyte of zeros in a few bytes would be as good; what counts is that reading stops at
    // what the header says.
    let bomb = packed(&vec![0; 8 << 20]);
    assert!(bomb.len() < 2000);
    assert!(matches!(
        refused(&forged(&header(&[]), &bomb)),
        Unreadable::Malformed(_)
    ));
    let twice = [packed(b"x"), packed(b"y")].concat();
    assert!(matches!(
        refused(&forged(&header(&[]), &twice)),
        Unreadable::Malformed(_)
    ));
    // A frame that asks to look back further than 8 MiB.
    let mut wide = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    wide.set_parameter(zstd::zstd_safe::CParameter::WindowLog(27))
        .unwrap();
    std::io::Write::write_all(&mut wide, b"x").unwrap();
    let wide = forged(&header(&[]), &wide.finish().unwrap());
    assert!(matches!(refused(&wide), Unreadable::Damaged(_)));
    let garbage = forged(&header(&[]), b"not packed at all");
    assert!(matches!(refused(&garbage), Unreadable::Damaged(_)));
}

#[test]
fn what_is_too_large_is_neither_written_nor_read() {
    let (workspace, key) = place();
    let large = seal(
        Kind::Pack,
        Map::new(),
        &vec![0; MAX_RAW + 1],
        &workspace,
        &key,
    );
    assert_eq!(large, Err(Unwritable::TooLarge));
    let mut own = Map::new();
    own.insert("long".to_owned(), "x".repeat(MAX_HEADER).into());
    let long = seal(Kind::Pack, own, b"", &workspace, &key);
    assert_eq!(long, Err(Unwritable::TooLarge));
    let refused = open(&vec![b'x'; MAX_FILE + 1], None);
    assert!(matches!(refused, Err(Unreadable::Malformed(_))));
}

proptest! {
    #[test]
    fn no_bytes_make_it_stumble(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        header in ".{0,200}",
        more in "[\\[\\]{}\",:a-z0-9]{0,100}",
    ) {
        let with_magic = [&MAGIC[..], &bytes].concat();
        for file in [
            bytes.clone(),
            with_magic,
            forged(&header, &bytes),
            forged(&more, &bytes),
            forged(&self::header(&[("raw_len", 300.into())]), &bytes),
        ] {
            prop_assert!(open(&file, None).is_err());
        }
    }
}
