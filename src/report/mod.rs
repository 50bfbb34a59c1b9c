//! Documents made from the desk: texts to send, reports to read. Pure: they get
//! facts and give text, and send nothing.

pub mod letter;
pub mod mailto;
pub mod release_notes;
