//! Commits and what a set of them means. Pure: no disk, no clock, no SQL, no terminal.
//! Knows nothing of releases: entities, fields, sets and events are all it sees.

mod backs;
pub mod canonical;
pub mod causality;
pub mod causes;
pub mod chain;
pub mod commit;
#[cfg(test)]
mod convergence;
mod covered;
pub mod decode;
pub mod draft;
pub mod event;
pub mod fate;
mod hex;
pub mod id;
pub mod line;
pub mod lineage;
pub mod membership;
pub mod merge;
pub(crate) mod mutant;
pub mod register;
mod strict;
pub mod undo;

pub use canonical::canonical;
pub use causality::{Causality, Missing};
pub use causes::causes;
pub use chain::{chain_hash, first_prev};
#[cfg(test)]
pub(crate) use commit::read_at;
pub use commit::{Commit, LEVEL, MAX_BYTES, Op, level};
pub use decode::{Malformed, Verdict};
pub use draft::{Draft, Header};
pub use event::Event;
pub use fate::{Fate, fate, fate_of};
pub use id::{Dot, EntityId, Hash, Key, NotAnId, ReplicaId, Signature, Workspace, derived, named};
pub use line::{Line, Place, Received, Signed};
pub use lineage::Lineage;
pub use membership::{Ancestry, Dispute, Member, MemberOp, Membership, Role, Told};
pub use merge::{Additions, Applied, Record, Seen, fold};
pub use register::{Live, Order, Register};
pub use undo::{Asks, NotUndone, undo};
