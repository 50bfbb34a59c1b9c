//! The schedule: cycles, milestones, rules between them and what a move drags along.

pub mod cycle;
pub mod milestone;
