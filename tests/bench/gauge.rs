//! Measuring from outside: wall time of alternated runs, instructions, allocations and
//! peak memory of whole processes. A tool that is not installed is a figure that is missing.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Instant;

use crate::desk;

/// The programs that measure, and those that are measured against, as they are installed.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a program that is there or not"
)]
pub(crate) struct Tools {
    pub(crate) valgrind: bool,
    pub(crate) time: bool,
    pub(crate) sqlite3: bool,
    pub(crate) task: bool,
}

impl Tools {
    pub(crate) fn here() -> Self {
        Self {
            valgrind: answers("valgrind", "--version"),
            time: answers("/usr/bin/time", "--version"),
            sqlite3: answers("sqlite3", "--version"),
            task: answers("task", "--version"),
        }
    }
}

fn answers(program: &str, argument: &str) -> bool {
    quiet(Command::new(program).arg(argument))
        .status()
        .is_ok_and(|status| status.success())
}

fn quiet(command: &mut Command) -> &mut Command {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
}

/// Wall milliseconds of each command, the median of so many runs that take turns.
pub(crate) fn wall<const N: usize>(runs: usize, mut commands: [Command; N]) -> [f64; N] {
    let mut times = [const { Vec::new() }; N];
    // Two turns more, to warm up.
    for turn in 0..runs + 2 {
        for (command, times) in commands.iter_mut().zip(&mut times) {
            let took = once(command);
            if turn > 1 {
                times.push(took);
            }
        }
    }
    times.map(median)
}

/// The program that is measured, and this one for its floors, as an installation leaves them: written
/// from one end to the other. What a linker has written here and there is mapped in smaller pieces,
/// and begins later the more of it there is.
pub(crate) fn ours() -> Command {
    static COPY: OnceLock<PathBuf> = OnceLock::new();
    let path = COPY.get_or_init(|| installed(Path::new(env!("CARGO_BIN_EXE_relmate"))));
    Command::new(path)
}

pub(crate) fn floor() -> Command {
    static COPY: OnceLock<PathBuf> = OnceLock::new();
    Command::new(COPY.get_or_init(|| installed(&std::env::current_exe().unwrap())))
}

fn installed(program: &Path) -> PathBuf {
    let folder = desk::folder().join("bin");
    std::fs::create_dir_all(&folder).unwrap();
    let to = folder.join(program.file_name().unwrap());
    // Written in one piece, as it is unpacked, or read from the disk after a start of the machine:
    // where the system copies it by itself its pages lie apart in memory, and every start of it
    // takes half a millisecond longer.
    drop(std::fs::remove_file(&to));
    std::fs::write(&to, std::fs::read(program).unwrap()).unwrap();
    let permissions = std::fs::metadata(program).unwrap().permissions();
    std::fs::set_permissions(&to, permissions).unwrap();
    settle();
    to
}

/// Has the disk write what it still holds back, where there is a program for it.
pub(crate) fn settle() {
    drop(quiet(&mut Command::new("sync")).status());
}

/// Wall milliseconds of one run, whose output nobody reads: a pipe would be measured with it.
pub(crate) fn once(command: &mut Command) -> f64 {
    let begun = Instant::now();
    let status = quiet(command).status().unwrap();
    let took = begun.elapsed().as_secs_f64() * 1e3;
    assert!(status.success(), "{command:?}");
    took
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Instructions of a whole process, from its first to its last.
pub(crate) fn instructions(command: &Command) -> Option<f64> {
    let text = under_valgrind(
        &["--tool=callgrind", "--callgrind-out-file=/dev/null"],
        command,
    )?;
    number_after(&text, "Collected :")
}

/// Allocations of a whole process.
pub(crate) fn allocations(command: &Command) -> Option<f64> {
    let text = under_valgrind(&["--tool=dhat", "--dhat-out-file=/dev/null"], command)?;
    number_after(
        text.lines().find(|line| line.contains("Total:"))?,
        "bytes in ",
    )
}

fn under_valgrind(options: &[&str], command: &Command) -> Option<String> {
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(options)
        .arg(command.get_program())
        .args(command.get_args());
    copy_environment(command, &mut valgrind);
    let output = valgrind.output().ok()?;
    Some(String::from_utf8_lossy(&output.stderr).into_owned())
}

fn copy_environment(from: &Command, to: &mut Command) {
    for (name, value) in from.get_envs() {
        match value {
            Some(value) => to.env(name, value),
            None => to.env_remove(name),
        };
    }
}

fn number_after(text: &str, label: &str) -> Option<f64> {
    let rest = text.split(label).nth(1)?.trim_start();
    let digits: String = rest
        .chars()
        .take_while(|letter| letter.is_ascii_digit() || *letter == ',')
        .filter(char::is_ascii_digit)
        .collect();
    digits.parse().ok()
}

/// Peak resident megabytes of a whole process.
pub(crate) fn peak(command: &Command) -> Option<f64> {
    let mut time = Command::new("/usr/bin/time");
    time.args(["-f", "peak %M"])
        .arg(command.get_program())
        .args(command.get_args());
    copy_environment(command, &mut time);
    let output = time.stdout(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    number_after(&text, "peak").map(|kilobytes| kilobytes / 1024.0)
}
