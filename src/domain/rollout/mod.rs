//! The staged rollout: sites, what they agreed to, announcements and reports.

pub mod announcement;
pub mod decision;
pub mod guard;
pub mod ledger;
pub mod picker;
pub mod site;
pub mod versions;
