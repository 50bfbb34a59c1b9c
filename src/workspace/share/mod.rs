//! The desk with others: sharing it, joining, letting in, exchanging, and what stands where.
//! Joins the desk, the share, this device's key and the clock; decides no merge.

pub mod approve;
pub mod aside;
pub mod create;
pub mod exchange;
pub mod facts;
pub mod form;
pub mod here;
pub mod home;
pub mod join;
pub mod listed;
pub mod member;
pub mod page;
pub mod person;
pub mod progress;
pub mod refuse;
pub mod status;
pub mod watch;
pub mod words;

pub use here::{Here, is_shared, sentence};
