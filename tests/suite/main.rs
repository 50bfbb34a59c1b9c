//! The whole program from outside: its contract, its process, its faults, and
//! the rules its own source keeps.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on fails here, and says what it skipped"
)]

mod cli;
mod conflicts;
mod contract;
mod damage;
mod docs;
mod faults;
mod imports;
mod keys;
mod layers;
mod looking;
mod news;
mod older;
mod parity;
mod problems;
mod promoting;
mod pty;
mod queue;
mod releases;
mod releases_import;
mod remembering;
mod reports;
mod restoring;
mod rollout;
mod schedule;
mod services;
mod share_backup;
mod share_clocks;
mod share_corpus;
mod share_faults;
mod share_folder;
mod share_git;
mod share_golden;
mod share_intruder;
mod share_machine;
mod share_processes;
mod share_strange;
mod share_syncthing;
mod share_telling;
mod sharing;
mod sites;
mod story;
mod support;
mod themes;
mod two_processes;
