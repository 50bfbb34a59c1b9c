//! A shared folder on a file system that is full, and on one that cannot be written to
//! (SYNC.md 4, rows 15 and 16). Where nothing can be mounted they say so and are skipped.

use std::path::Path;

use relmate::sync::{Durable, Folder, Share, ShareError};

use crate::support::mounted::Mounted;

fn count(path: &Path) -> usize {
    path.read_dir().unwrap().count()
}

#[test]
fn a_full_share_says_so_keeps_nothing_half_written_and_is_still_read() {
    let Some(mounted) = Mounted::new("256k") else {
        return;
    };
    let folder = Folder::open(mounted.path()).unwrap();
    let bytes = vec![7; 100 << 10];
    assert_eq!(
        folder.put_new("a.pk", &bytes).unwrap().durable,
        Durable::Yes
    );
    assert_eq!(
        folder.put_new("b.pk", &bytes).unwrap().durable,
        Durable::Yes
    );
    assert_eq!(folder.put_new("c.pk", &bytes), Err(ShareError::Full));
    assert_eq!(count(folder.root()), 2);
    assert_eq!(folder.get("b.pk", 1 << 20).unwrap(), bytes);
    folder.delete("a.pk").unwrap();
    assert_eq!(
        folder.put_new("c.pk", &bytes).unwrap().durable,
        Durable::Yes
    );
}

#[test]
fn a_share_that_cannot_be_written_to_is_read_and_says_so() {
    let Some(mounted) = Mounted::new("256k") else {
        return;
    };
    let folder = Folder::open(mounted.path()).unwrap();
    folder.put_new("d/a.pk", b"a").unwrap();
    assert!(mounted.read_only());
    assert_eq!(folder.put_new("d/b.pk", b"b"), Err(ShareError::ReadOnly));
    assert_eq!(folder.put_new("e/b.pk", b"b"), Err(ShareError::ReadOnly));
    assert_eq!(folder.delete("d/a.pk"), Err(ShareError::ReadOnly));
    assert_eq!(folder.get("d/a.pk", 1).unwrap(), b"a");
    assert_eq!(folder.list().unwrap().len(), 1);
}
