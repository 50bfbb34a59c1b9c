//! Problems with a release at a production site, and the errors that are known.

pub mod known_error;
pub mod report;
