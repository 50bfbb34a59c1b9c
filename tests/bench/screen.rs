//! Goals 5 and 10: the screen in a real pseudo-terminal, from its start to its first full
//! frame, and its memory. The emulator's own work is in both figures of a ratio.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use termlens::{Key, Screen, Terminal};

use crate::desk::Size;
use crate::floors;
use crate::gauge::median;
use crate::lookup::program;
use crate::report::{Figure, Floor, Report};

const RUNS: usize = 15;

pub(crate) fn run(report: &mut Report, folder: &Path, desk: &Path, size: Size) {
    let ours = program(folder, desk, &[]);
    let floor = floors::command("ratmin", &["10000"]);
    if start(&ours, drawn).is_none() {
        report.skip(5, "this build has no screen");
        report.skip(10, "this build has no screen");
        return;
    }
    let (mut mine, mut least) = (Vec::new(), Vec::new());
    let mut memory = 0.0;
    for _ in 0..RUNS {
        let (took, resident) = start(&ours, drawn).unwrap();
        mine.push(took);
        memory = resident;
        least.push(start(&floor, floor_drawn).unwrap().0);
    }
    let (mine, least) = (median(mine), median(least));
    let what = format!("screen {}, start to full frame", size.name);
    let floor = Floor {
        name: "ratmin",
        value: least,
        most: 1.5,
    };
    report.ratio(5, what, Figure(mine, "ms"), &floor);
    report.growth(
        5,
        ("screen start over ratmin", size.name),
        mine / least,
        1.15,
    );
    let what = format!("screen {}, resident", size.name);
    report.at_most(10, what, Figure(memory, "MB"), 15.0);
    report.growth(10, ("screen resident", size.name), memory, 1.2);
}

/// The last line of the frame is there, and so are rows of the queue.
fn drawn(screen: &Screen) -> bool {
    let (_, rows) = screen.size();
    screen.contains("T-") && !screen.row_text(rows - 1).trim().is_empty()
}

/// The last row that fits.
fn floor_drawn(screen: &Screen) -> bool {
    screen.contains("RM-56")
}

/// Milliseconds to the frame, and resident megabytes once it stands; none if it never came.
fn start(command: &Command, drawn: fn(&Screen) -> bool) -> Option<(f64, f64)> {
    let mut builder = Terminal::builder()
        .size(200, 60)
        .timeout(Duration::from_secs(10))
        .args(command.get_args())
        .env("TERM", "xterm-256color");
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            builder = builder.env(name, value);
        }
    }
    let begun = Instant::now();
    let mut terminal = builder.spawn(command.get_program()).ok()?;
    terminal.wait_until(drawn).ok()?;
    let took = begun.elapsed().as_secs_f64() * 1e3;
    drop(terminal.wait_stable(Duration::from_millis(200)));
    let resident = resident(terminal.pid()?)?;
    terminal.send(Key::Char('q')).ok()?;
    drop(terminal.wait_exit());
    Some((took, resident))
}

fn resident(pid: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}
