//! The staged rollout: sites and what they agreed to.

pub mod site;
