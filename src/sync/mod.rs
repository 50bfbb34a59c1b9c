//! Two desks through a shared folder: the only home of the share (SYNC.md). Files, keys,
//! phrases, and the round that publishes and pulls. Refuses to know what a commit means, and
//! never deletes anything locally because a file is absent.

mod desk;
pub mod log;
pub mod share;

pub use log::{FileNote, FileVerdict, Line, Log, Place, Received, Signed};
pub use share::{Durable, Listed, Share, ShareError};
