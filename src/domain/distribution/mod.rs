//! Distribution releases: what is in one, and the road from its plan to its publication.

pub mod release;
