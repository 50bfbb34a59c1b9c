//! A desk on a disk that is full (SYNC.md 4, row 14). Where nothing can be mounted it says so and
//! is skipped.

use relmate::ledger::{Header, ReplicaId};
use relmate::store::{Store, StoreError};

use crate::support::mounted::Mounted;

/// One step with a text of 16 KiB.
fn step(desk: &mut Store) -> Result<(), StoreError> {
    desk.write(|writing| {
        let mut draft = writing.draft()?;
        let entity = draft.create();
        draft.set(&entity, "text", "0123456789abcdef".repeat(1 << 10), []);
        writing.append(draft, Header::default(), 0).map(drop)
    })
}

#[test]
fn on_a_full_disk_a_step_is_refused_in_words_and_none_that_was_kept_is_lost() {
    let Some(mounted) = Mounted::new("1m") else {
        return;
    };
    let filler = mounted.path().join("filler");
    std::fs::write(&filler, vec![0; 256 << 10]).unwrap();
    let path = mounted.path().join("desk.relmate");
    let mut desk = Store::create(&path, "{}", ReplicaId([1; 16])).unwrap();
    let mut kept = 0;
    let refused = loop {
        match step(&mut desk) {
            Ok(()) => kept += 1,
            Err(error) => break error.known(),
        }
        assert!(kept < 100, "the disk is never full");
    };
    assert!(matches!(refused, StoreError::DiskFull), "{refused:?}");
    assert!(refused.hint().contains("Make room"));
    assert!(kept > 3);
    let held = |desk: &Store| desk.reader().check().unwrap();
    assert_eq!((held(&desk).commits, held(&desk).agrees), (kept, true));
    drop(desk);
    std::fs::remove_file(filler).unwrap();
    let mut desk = Store::open(&path).unwrap();
    step(&mut desk).unwrap();
    assert_eq!((held(&desk).commits, held(&desk).agrees), (kept + 1, true));
}
