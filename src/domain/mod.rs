//! The release manager's nouns and rules. Pure: no clock, no disk, no SQL, no terminal.

pub mod calendar;
pub mod clock;
pub mod when;
pub mod zone;
