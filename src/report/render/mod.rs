//! A document in a format; one format one file. Nothing in a document reaches a terminal, a
//! browser or a table raw.

pub mod html;
pub mod json;
pub mod markdown;
pub mod text;

use std::fmt::{Arguments, Write as _};

/// Adds to a text; writing into memory cannot fail.
fn put(out: &mut String, text: Arguments<'_>) {
    let _ = out.write_fmt(text);
}
