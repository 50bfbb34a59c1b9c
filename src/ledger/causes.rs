//! The causes of a commit at a glance, without reading what it does: whoever fetches commits asks
//! each for them. Refuses to judge: a commit that is void has none, whatever it names.

use super::hex;
use super::id::Hash;

/// Returns the causes that bytes name if they begin as this version writes a commit; nothing says
/// that they must be read.
pub fn causes(bytes: &[u8]) -> Option<Vec<Hash>> {
    let rest = bytes.strip_prefix(br#"{"replica":""#)?.get(32..)?;
    let rest = rest.strip_prefix(br#"","seq":"#)?;
    let digits = rest.iter().take_while(|it| it.is_ascii_digit()).count();
    let mut rest = rest.get(digits..)?.strip_prefix(br#","deps":["#)?;
    let mut causes = Vec::new();
    while let Some(text) = rest.strip_prefix(b"\"") {
        let (hash, after) = text.split_at_checked(64)?;
        causes.push(Hash(hex::read(std::str::from_utf8(hash).ok()?)?));
        let after = after.strip_prefix(b"\"")?;
        rest = after.strip_prefix(b",").unwrap_or(after);
    }
    rest.starts_with(b"],").then_some(causes)
}

#[cfg(test)]
mod tests {
    use super::super::draft::{Draft, Header};
    use super::super::id::ReplicaId;
    use super::*;

    fn bytes(deps: &[Hash]) -> Vec<u8> {
        let mut draft = Draft::new(ReplicaId([7; 16]), 31);
        let entity = draft.create();
        draft.set(&entity, "deps", serde_json::json!({"deps": ["none"]}), []);
        let header = Header {
            deps: deps.to_vec(),
            ..Header::default()
        };
        draft.finish(header).encode()
    }

    #[test]
    fn what_this_version_writes_is_told_at_a_glance() {
        for count in 0..4 {
            let deps: Vec<_> = (0..count).map(|it| Hash([it; 32])).collect();
            assert_eq!(causes(&bytes(&deps)), Some(deps));
        }
    }

    #[test]
    fn whatever_begins_otherwise_must_be_read() {
        let text = String::from_utf8(bytes(&[Hash([1; 32])])).unwrap();
        for (from, to) in [
            ("{\"replica\"", "{ \"replica\""),
            ("\"seq\":31", "\"seq\":-1"),
            ("\"deps\":[\"01", "\"deps\":[\"0x"),
            ("\"],\"wall\"", "\"}"),
            ("\"],\"wall\"", ""),
        ] {
            assert!(text.contains(from), "{from} is not in {text}");
            assert_eq!(causes(text.replacen(from, to, 1).as_bytes()), None, "{to}");
        }
        for length in 0..100 {
            assert_eq!(causes(&text.as_bytes()[..length]), None);
        }
        assert_eq!(causes(b"{\"deps\":[],\"replica\":1}"), None);
    }
}
