//! The chain that makes a commit's hash bind everything its replica wrote before.
//! Refuses to look inside a commit: it sees bytes.

use super::id::{Hash, ReplicaId, Workspace};

/// Returns the identity of the commit with these bytes after `prev`.
pub fn chain_hash(workspace: &Workspace, prev: &Hash, bytes: &[u8]) -> Hash {
    Hash::of(&[b"relmate commit 1", &workspace.0.0, &prev.0, bytes])
}

/// Returns what stands for the previous commit before a replica's first.
pub fn first_prev(workspace: &Workspace, replica: &ReplicaId) -> Hash {
    Hash::of(&[&workspace.0.0, &replica.0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_changes_when_any_byte_changes() {
        let workspace = Workspace::of_genesis(b"g");
        let prev = first_prev(&workspace, &ReplicaId([1; 16]));
        let bytes = br#"{"seq":1,"note":"a commit"}"#;
        let hash = chain_hash(&workspace, &prev, bytes);
        for place in 0..bytes.len() {
            let mut other = bytes.to_vec();
            other[place] ^= 1;
            assert_ne!(chain_hash(&workspace, &prev, &other), hash);
        }
        for place in 0..32 {
            let mut other = prev;
            other.0[place] ^= 1;
            assert_ne!(chain_hash(&workspace, &other, bytes), hash);
        }
        let elsewhere = Workspace::of_genesis(b"h");
        assert_ne!(chain_hash(&elsewhere, &prev, bytes), hash);
    }
}
