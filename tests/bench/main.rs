//! What the program costs: counts and ratios to floors of the same run. `cargo bench`
//! prints one table; nothing is asserted, and nothing here is a test.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench stops where it cannot go on, and prints"
)]

mod change;
mod desk;
mod filter;
mod floors;
mod frame;
mod gauge;
mod lookup;
mod ratmin;
mod rebuild;
mod report;
mod screen;
mod sharing;
mod typing;

use std::process::ExitCode;

use desk::Size;
use gauge::Tools;
use report::Report;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    // Floors are whole processes, so this program is also each of them.
    if let [word, name, rest @ ..] = args.as_slice()
        && word == floors::WORD
    {
        return floors::run(name, rest);
    }
    if cfg!(debug_assertions) {
        println!("Built without optimisation: build the bench with `cargo bench`.");
    }
    let sizes = sizes();
    let folder = desk::folder();
    let tools = Tools::here();
    let mut report = Report::default();
    let wanted = |part: &str| {
        let mut parts = args.iter().filter(|arg| !arg.starts_with('-')).peekable();
        parts.peek().is_none() || parts.any(|named| named == part)
    };
    if wanted("typing") {
        typing::run(&mut report);
    }
    for size in &sizes {
        let path = desk::desk(&folder, *size);
        if wanted("lookup") {
            lookup::run(&mut report, &tools, &folder, &path, *size);
        }
        if wanted("screen") {
            screen::run(&mut report, &folder, &path, *size);
            frame::run(&mut report, &tools, &path, *size);
            filter::run(&mut report, &tools, &path, *size);
        }
        let copy = folder.join(format!("copy-{}.relmate", size.name));
        std::fs::copy(&path, &copy).unwrap();
        if wanted("change") {
            change::run(&mut report, &tools, &folder, &copy, *size);
        }
        if wanted("rebuild") {
            rebuild::run(&mut report, &folder, &copy, *size);
        }
        if wanted("sharing") {
            sharing::run(&mut report, &tools, &folder, &copy, *size);
        }
        std::fs::remove_file(&copy).unwrap();
    }
    report.print();
    ExitCode::SUCCESS
}

/// S, unless `RELMATE_BENCH` names others: `L`, or `1k,10k,S,L` for what grows between them.
fn sizes() -> Vec<Size> {
    let asked = std::env::var("RELMATE_BENCH").unwrap_or_else(|_| "S".to_owned());
    let sizes: Vec<Size> = Size::ALL
        .into_iter()
        .filter(|size| asked.split(',').any(|word| word.trim() == size.name))
        .collect();
    assert!(
        !sizes.is_empty(),
        "RELMATE_BENCH names some of 1k, 10k, S and L"
    );
    sizes
}
