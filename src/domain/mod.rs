//! The release manager's nouns and rules. Pure: no clock, no disk, no SQL, no terminal.

pub mod attention;
pub mod calendar;
pub mod caution;
pub mod clock;
pub mod desk;
pub mod distribution;
pub mod field;
pub mod filter;
pub mod kind;
pub mod message;
pub mod metrics;
pub mod near;
pub mod noun;
pub mod people;
pub mod plain;
pub mod problem;
pub mod profile;
pub mod queue;
pub mod retro;
pub mod rollout;
pub mod schedule;
pub mod verdict;
pub mod when;
pub mod yes;
pub mod zone;
