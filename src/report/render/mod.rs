//! A document in a format; one format one file. Nothing in a document reaches a terminal, a
//! browser or a table raw.

pub mod html;
pub mod json;
pub mod markdown;
pub mod text;
