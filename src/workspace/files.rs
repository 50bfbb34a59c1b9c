//! Files that people name on the command line: read with a limit, written whole
//! or not at all.

use std::io::{Read, Write};
use std::path::Path;

use super::refusal::Refusal;
use crate::exchange::holidays::{self, HolidayFile};

/// The largest file an import reads, in bytes.
pub const IMPORT_LIMIT: u64 = 64 << 20;
/// The largest text: a profile, a list of packages, a message.
const TEXT_LIMIT: u64 = 4 << 20;

/// A file's name without its folders; `-` is standard input.
pub fn name(file: &str) -> String {
    if file == "-" {
        return "standard input".to_owned();
    }
    Path::new(file).file_name().map_or_else(
        || file.to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// A file's bytes; `-` is standard input.
pub fn bytes(file: &str, limit: u64) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let read = if file == "-" {
        std::io::stdin()
            .lock()
            .take(limit + 1)
            .read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
    };
    match read {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Refusal::not_found(
                format!("There is no file {file}."),
                "Check the path.",
            ));
        }
        Err(error) => {
            return Err(Refusal::failed(
                format!("{} cannot be read: {error}.", name(file)),
                "Check the path and who may read it.",
            ));
        }
        Ok(_) => {}
    }
    if bytes.len() as u64 > limit {
        return Err(Refusal::usage(
            format!("{} is larger than {} MiB.", name(file), limit >> 20),
            "Split it.",
        ));
    }
    Ok(bytes)
}

/// A file's text.
pub fn text(file: &str) -> Result<String, Refusal> {
    String::from_utf8(bytes(file, TEXT_LIMIT)?).map_err(|_| {
        Refusal::usage(
            format!("{} is not UTF-8 text.", name(file)),
            "Save it as UTF-8.",
        )
    })
}

/// The names in a text, one a line, without empty lines and `#` remarks.
pub fn names(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim) {
        if !line.is_empty() && !line.starts_with('#') && !names.iter().any(|known| known == line) {
            names.push(line.to_owned());
        }
    }
    names
}

/// A list of holidays.
pub fn holidays(file: &str) -> Result<HolidayFile, Refusal> {
    let read = holidays::read(&bytes(file, TEXT_LIMIT)?)
        .map_err(|error| Refusal::usage(error.message, error.hint))?;
    if read.days.is_empty() {
        return Err(Refusal::usage(
            format!("{} names no day.", name(file)),
            "Write one day a line: 2026-12-25 Christmas Day.",
        ));
    }
    Ok(read)
}

/// Writes a file whole: beside it first, then in its place. What is no plain file (a device,
/// a pipe) is written into and stays what it is; behind a link its target is written.
pub fn write(file: &str, bytes: &[u8]) -> Result<(), Refusal> {
    let path = Path::new(file);
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let plain = std::fs::metadata(&target).map_or(true, |it| it.is_file() || it.is_dir());
    let mut options = std::fs::OpenOptions::new();
    let written = if plain {
        whole(&target, bytes, &mut options)
    } else {
        let open = options.write(true).open(&target);
        open.and_then(|mut file| file.write_all(bytes).and_then(|()| file.flush()))
    };
    written.map_err(|error| {
        Refusal::failed(
            format!("{file} cannot be written: {error}."),
            "Check the path and the room on the disk.",
        )
    })
}

/// The same for the user's eyes alone.
pub fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    whole(path, bytes, &mut options)
}

fn whole(path: &Path, bytes: &[u8], options: &mut std::fs::OpenOptions) -> std::io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder
        .unwrap_or_else(|| Path::new("."))
        .join(format!(".{name}.{}.part", std::process::id()));
    let file = options
        .write(true)
        .create(true)
        .truncate(true)
        .open(&beside);
    let written = file
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&beside, path));
    written.inspect_err(|_| drop(std::fs::remove_file(&beside)))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::FileTypeExt as _;

    #[test]
    fn a_pipe_is_written_into_and_stays_a_pipe() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let read = {
            let pipe = pipe.clone();
            std::thread::spawn(move || std::fs::read(pipe).unwrap())
        };
        write(&pipe.display().to_string(), b"a report").unwrap();
        assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo());
        assert_eq!(read.join().unwrap(), b"a report");
    }

    #[test]
    fn behind_a_link_the_target_is_written_and_the_link_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("report"), folder.path().join("link"));
        std::fs::write(&target, "old").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        write(&link.display().to_string(), b"new").unwrap();
        assert_eq!(std::fs::read(&target).unwrap(), b"new");
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}
