//! The use cases: the only place that joins store, clock, exchange and reports.
//! The command line and the screen ask here and share nothing else.

pub mod act;
pub mod action;
mod batch;
pub mod care;
mod cause;
pub mod dates;
pub mod deed;
pub mod example;
pub mod exporting;
pub mod files;
#[cfg(test)]
pub(crate) mod fixture;
pub mod founding;
pub mod look;
pub mod looked;
pub mod now;
#[cfg(test)]
pub(crate) mod pair;
pub mod perform;
pub mod places;
pub mod plan;
pub mod profiles;
pub mod receipt;
pub mod refusal;
pub mod remembered;
pub mod session;
pub mod share;
#[cfg(test)]
mod together;
