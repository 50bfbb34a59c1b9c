//! Distribution releases: what is in one, and the road from its plan to its publication.

pub mod countdown;
pub mod covering;
#[cfg(test)]
pub(crate) mod examples;
pub mod facts;
pub mod freeze;
pub mod guard;
pub mod number;
pub mod pool;
pub mod release;
