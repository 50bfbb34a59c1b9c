//! Goals 1 to 3: `status`, `next` and `why` as whole processes, against the shell of
//! `SQLite` and an indexed count, and from S to L.

use std::path::Path;
use std::process::Command;

use crate::desk::{MANAGERS, NOW, Size};
use crate::floors;
use crate::gauge::{self, Tools};
use crate::report::{Figure, Floor, Report};

/// The program, with a configuration as its users have one.
pub(crate) fn program(folder: &Path, desk: &Path, args: &[&str]) -> Command {
    let home = folder.join("home");
    let config = home.join("relmate");
    std::fs::create_dir_all(&config).unwrap();
    let text = format!(
        "person = {:?}\ndesk = {:?}\n",
        MANAGERS[0],
        desk.display().to_string()
    );
    let file = config.join("config.toml");
    if std::fs::read_to_string(&file).ok().as_deref() != Some(&text) {
        std::fs::write(&file, text).unwrap();
    }
    let mut command = gauge::ours();
    command
        .args(args)
        .env("RELMATE_NOW", NOW)
        .env_remove("RELMATE_DESK");
    for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
        command.env(name, &home);
    }
    command
}

pub(crate) fn run(report: &mut Report, tools: &Tools, folder: &Path, desk: &Path, size: Size) {
    let ticket = size.open_ticket();
    let looks: [&[&str]; 3] = [&["status"], &["next"], &["why", &ticket]];
    let items = folder.join(format!("items-{}.db", size.name));
    floors::items(&items, size.items());
    let items = items.display().to_string();
    for args in looks {
        let what = format!("{} {}", args[0], size.name);
        let ours = || program(folder, desk, args);
        wall(
            report,
            tools,
            &what,
            [ours(), floors::command("qcount", &[&items])],
            &items,
        );
        if let Some(mine) = gauge::instructions(&ours()).filter(|_| tools.valgrind) {
            report.at_most(1, format!("{what}, instructions"), Figure(mine, ""), 2.7e6);
            let grown = format!("{} instructions", args[0]);
            report.growth(2, (&grown, size.name), mine, 1.05);
        }
        if let Some(peak) = gauge::peak(&ours()).filter(|_| tools.time) {
            report.at_most(1, format!("{what}, peak"), Figure(peak, "MB"), 10.0);
        }
    }
    let floor = gauge::instructions(&floors::command("qcount", &[&items]));
    if let Some(floor) = floor.filter(|_| tools.valgrind) {
        report.note(
            1,
            format!("qcount {}, instructions", size.name),
            Figure(floor, ""),
        );
    }
    missing(report, tools);
}

/// Wall time against the shell, with the indexed count beside it.
fn wall(report: &mut Report, tools: &Tools, what: &str, commands: [Command; 2], items: &str) {
    let [ours, count] = commands;
    let what = format!("{what}, wall");
    let floor = if tools.sqlite3 {
        let mut shell = Command::new("sqlite3");
        shell.args([items, floors::QUESTION]);
        let [mine, value, floor] = gauge::wall(101, [ours, shell, count]);
        let shell = Floor {
            name: "sqlite3",
            value,
            most: 1.5,
        };
        report.ratio(1, what.clone(), Figure(mine, "ms"), &shell);
        floor
    } else {
        let [mine, floor] = gauge::wall(101, [ours, count]);
        report.note(1, what.clone(), Figure(mine, "ms"));
        floor
    };
    report.note(1, format!("qcount beside {what}"), Figure(floor, "ms"));
}

fn missing(report: &mut Report, tools: &Tools) {
    if !tools.sqlite3 {
        report.skip(
            1,
            "sqlite3 is not installed: wall times stand beside qcount, without a goal",
        );
    }
    if !tools.valgrind {
        report.skip(
            1,
            "valgrind is not installed, so no instructions are counted",
        );
    }
    if !tools.time {
        report.skip(1, "GNU time is not installed, so no peak memory is known");
    }
    if !tools.task {
        report.skip(
            3,
            "Taskwarrior is not installed; published for it are 121 ms at S and 1421 ms at L",
        );
    }
}
