//! The schedule: cycles, milestones, rules between them and what a move drags along.

pub mod countdown;
pub mod cycle;
mod graph;
pub mod milestone;
pub mod plan;
pub mod problem;
pub mod resolve;
pub mod ripple;
pub mod rule;
pub mod standing;
pub mod template;
pub mod validate;

#[cfg(test)]
mod fixture;
