use crate::workspace::refusal::Refusal;
use chrono::{DateTime, Utc};
use std::path::PathBuf;
pub struct Options {
    pub path: PathBuf,
    pub now: fn() -> Result<DateTime<Utc>, Refusal>,
    pub who: Option<String>,
    pub read_only: bool,
    pub ascii: bool,
    pub color: bool,
    pub demo: bool,
    pub state: Option<PathBuf>,
}
pub fn run(_: Options) -> Result<(), Refusal> {
    Ok(())
}
