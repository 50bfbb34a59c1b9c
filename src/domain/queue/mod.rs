//! The verification queue: submissions, tickets, their states, steps and clocks.

pub mod product;
pub mod state;
pub mod submission;
pub mod ticket;
