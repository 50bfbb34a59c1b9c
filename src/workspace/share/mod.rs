//! The desk with others: sharing it, joining, letting in, exchanging, and what stands where.
//! Joins the desk, the share, this device's key and the clock; decides no merge.

pub mod person;
