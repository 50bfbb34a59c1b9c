//! The verification queue: submissions, tickets, their states, steps and clocks.

pub mod ball;
pub mod clocks;
pub mod completeness;
pub mod enter;
pub mod guard;
pub mod product;
pub mod repository;
pub mod state;
pub mod step;
pub mod submission;
pub mod ticket;
pub mod version;

#[cfg(test)]
pub(crate) mod examples;
