//! The example desk: a throw-away file, alive today.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::refusal::Refusal;

/// A folder that is gone when the example is closed.
pub struct Throwaway(PathBuf);

impl Throwaway {
    pub fn new() -> Result<Self, Refusal> {
        let folder = std::env::temp_dir().join(format!("relmate-demo-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| {
            Refusal::failed(
                format!("{} cannot be used: {error}.", folder.display()),
                "Set TMPDIR.",
            )
        })?;
        Ok(Self(folder))
    }

    pub fn desk(&self) -> PathBuf {
        self.0.join("example.relmate")
    }
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Builds the example desk.
pub fn build(_path: &Path, _now: DateTime<Utc>) -> Result<(), Refusal> {
    Err(Refusal::failed("The example is being written.", ""))
}
