//! relmate: the release desk for two.

pub mod cli;
pub mod config;
pub mod domain;
pub mod exchange;
pub mod ledger;
pub mod report;
pub mod store;
pub mod tui;
pub mod workspace;
