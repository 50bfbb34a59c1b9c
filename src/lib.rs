#![doc = include_str!("ARCHITECTURE.md")]

pub mod cli;
pub mod config;
pub mod domain;
pub mod exchange;
pub mod ledger;
pub mod report;
pub mod store;
pub mod sync;
pub mod tui;
pub mod workspace;
