//! The desk file. The only module that knows SQL: the log of commits, and the
//! rows, duties and counts projected from it. Decides nothing about releases.

mod ahead;
mod apply;
mod arrivals;
mod backup;
#[cfg(test)]
mod bulk_tests;
mod chains;
mod compiled;
mod digest;
mod error;
mod exchange;
mod files;
mod folding;
mod heads;
#[cfg(test)]
mod held_tests;
mod history;
mod incarnation;
mod judging;
mod keeping;
mod knowing;
mod lines;
mod log;
mod lots;
mod members;
mod met;
mod names;
mod open;
mod past;
mod project;
mod query;
mod rebuild;
mod receive;
#[cfg(test)]
mod received_tests;
mod row;
mod said;
mod scan;
mod schema;
mod standing;
mod tally;
#[cfg(test)]
pub(crate) mod trial;
mod typed;
mod undone;
mod upgrade;
mod whole;
pub mod words;
mod write;
pub mod zones;

pub(crate) use ahead::ahead;
pub use apply::desk_entity;
pub use error::StoreError;
pub use exchange::{EXCHANGED, SetAside};
pub use files::{FileNews, FileRow};
pub use log::Entry;
pub use names::Names;
pub use past::Moment;
pub use project::Rules;
pub use query::{AttentionRow, Counts, EachTitle, Reader, RecordRow};
pub use rebuild::Checked;
pub use said::{RemarkAt, Saying, told_by_pattern};
pub use scan::{Brief, EachMet, Met, Scan};
pub use standing::{Gone, gone, is_disputed, makers, standing};
pub use whole::Records;
pub use write::{Store, Writing};
