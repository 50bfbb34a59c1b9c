//! Two desks through a shared folder: the only home of the share (SYNC.md). Files, keys,
//! phrases, and the round that publishes and pulls. Refuses to know what a commit means, and
//! never deletes anything locally because a file is absent.

pub mod frame;
pub mod head;
pub mod key;
pub mod log;
pub mod pack;
pub mod share;

pub use frame::{Kind, Opened, Unreadable, Unwritable};
pub use head::Head;
pub use key::{DeviceKey, Domain, KeyError, verify};
pub use log::{FileNote, FileVerdict, Line, Log, Place, Received, Signed};
pub use pack::{Pack, sign_tip, tip_holds};
pub use share::{Durable, Listed, Share, ShareError};
