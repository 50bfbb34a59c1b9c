//! Imports and exports, one format one file. Reads and writes bytes; opens no file itself.

pub mod holidays;
