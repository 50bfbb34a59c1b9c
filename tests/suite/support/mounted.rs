//! A small file system of its own, where the machine lets a test mount one.

use std::path::Path;
use std::process::Command;

/// A small file system of its own, for as long as it lives.
pub(crate) struct Mounted(tempfile::TempDir);

impl Mounted {
    /// Of so many bytes, as `mount` reads them; where none can be mounted it says so.
    pub(crate) fn new(size: &str) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let size = format!("size={size}");
        let args = ["-t", "tmpfs", "-o", &size, "relmate-test"];
        if mount(&args, dir.path()) {
            Some(Self(dir))
        } else {
            eprintln!("skipped: nothing can be mounted here");
            None
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn read_only(&self) -> bool {
        mount(&["-o", "remount,ro"], self.path())
    }

    pub(crate) fn writable(&self) -> bool {
        mount(&["-o", "remount,rw"], self.path())
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(self.0.path()).output());
    }
}

fn mount(args: &[&str], place: &Path) -> bool {
    let done = Command::new("mount").args(args).arg(place).output();
    cfg!(target_os = "linux") && done.is_ok_and(|it| it.status.success())
}
