//! Problems with a release at a production site, and the errors that are known.

pub mod affected;
#[cfg(test)]
pub(crate) mod examples;
pub mod guard;
pub mod known_error;
pub mod production;
pub mod report;
pub mod walk;
