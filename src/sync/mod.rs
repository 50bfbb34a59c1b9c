//! Two desks through a shared folder: the only home of the share (SYNC.md). Files, keys,
//! phrases, and the round that publishes and pulls. Refuses to know what a commit means, and
//! never deletes anything locally because a file is absent.

mod desk;
pub mod folder;
pub mod frame;
pub mod genesis;
pub mod head;
#[cfg(test)]
mod hostile_tests;
pub mod key;
pub mod lock;
pub mod log;
pub mod names;
pub mod pack;
pub mod phrase;
mod pieces;
pub mod request;
pub mod round;
pub mod share;
#[cfg(test)]
mod simulation;

pub use desk::notes;
pub use folder::{Folder, OWN, Opening, Paused, Strange};
pub use frame::{Kind, Opened, Unreadable, Unwritable};
pub use genesis::Genesis;
pub use head::Head;
pub use key::{DeviceKey, Domain, KeyError, private_folder, verify};
pub use lock::{LockError, PublishLock, write_over};
pub use log::{FileNote, FileVerdict, Line, Log, Place, Received, Signed};
pub use names::Hint;
pub use pack::{Pack, sign_tip, tip_holds};
pub use phrase::{Phrase, PhraseError, founder_phrase, joiner_phrase, short_code};
pub use request::Request;
pub use round::{Env, Meeting, Memory, Options, Peer, Relay, Round, Stop, round};
pub use share::{Durable, Kept, Listed, Share, ShareError};
