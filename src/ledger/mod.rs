//! Commits and what a set of them means. Pure; knows nothing of releases.
