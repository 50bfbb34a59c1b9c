//! Small things drawn straight into cells: text, boxes, bars, timelines.

pub mod bar;
pub mod boxes;
pub mod cards;
pub mod field;
pub mod pen;
pub mod timeline;
