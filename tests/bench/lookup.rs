//! Goals 1 to 3: `status`, `next` and `why` as whole processes, against the shell of
//! SQLite and an indexed count, and from S to L.

use std::path::Path;
use std::process::Command;

use crate::desk::{MANAGERS, NOW, Size};
use crate::floors;
use crate::gauge::{self, Tools};
use crate::report::{Figure, Report};

/// The program, with a configuration as its users have one.
pub fn program(folder: &Path, desk: &Path, args: &[&str]) -> Command {
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
    let mut command = Command::new(env!("CARGO_BIN_EXE_relmate"));
    command
        .args(args)
        .env("RELMATE_NOW", NOW)
        .env_remove("RELMATE_DESK");
    for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
        command.env(name, &home);
    }
    command
}

pub fn run(report: &mut Report, tools: &Tools, folder: &Path, desk: &Path, size: Size) {
    let ticket = size.open_ticket();
    let looks: [&[&str]; 3] = [&["status"], &["next"], &["why", &ticket]];
    let items = folder.join(format!("items-{}.db", size.name));
    floors::items(&items, size.items());
    let items = items.display().to_string();
    for args in looks {
        let look = format!("{} {}", args[0], size.name);
        let ours = || program(folder, desk, args);
        let count = || floors::command("qcount", &[&items]);
        if tools.sqlite3 {
            let mut shell = Command::new("sqlite3");
            shell.args([&items, floors::QUESTION]);
            let [mine, shell, floor] = gauge::wall(101, [ours(), shell, count()]);
            report.ratio(
                1,
                format!("{look}, wall"),
                Figure(mine, "ms"),
                ("sqlite3", shell),
                1.5,
            );
            report.note(
                1,
                format!("qcount beside {look}, wall"),
                Figure(floor, "ms"),
            );
        } else {
            report.skip(
                1,
                "sqlite3 is not installed; wall time is told against qcount, with no goal",
            );
            let [mine, floor] = gauge::wall(101, [ours(), count()]);
            report.note(1, format!("{look}, wall"), Figure(mine, "ms"));
            report.note(
                1,
                format!("qcount beside {look}, wall"),
                Figure(floor, "ms"),
            );
        }
        if tools.valgrind {
            let mine = gauge::instructions(&ours()).unwrap();
            report.at_most(1, format!("{look}, instructions"), Figure(mine, ""), 2.7e6);
            report.growth(
                2,
                &format!("{} instructions", args[0]),
                size.name,
                mine,
                1.05,
            );
        } else {
            report.skip(
                1,
                "valgrind is not installed, so no instructions are counted",
            );
        }
        match gauge::peak(&ours()).filter(|_| tools.time) {
            Some(peak) => report.at_most(1, format!("{look}, peak"), Figure(peak, "MB"), 10.0),
            None => report.skip(1, "GNU time is not installed, so no peak memory is known"),
        }
    }
    if tools.valgrind {
        let floor = gauge::instructions(&floors::command("qcount", &[&items])).unwrap();
        report.note(
            1,
            format!("qcount {}, instructions", size.name),
            Figure(floor, ""),
        );
    }
    if !tools.task {
        report.skip(
            3,
            "Taskwarrior is not installed; its published figures are 121 ms at S, 1421 ms at L",
        );
    }
}
