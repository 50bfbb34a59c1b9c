//! Goals 12 to 16: two desks and a folder, as whole processes: nothing to do, one change from
//! one to the other, joining all of it, and what it takes on the share.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use serde_json::Value;

use crate::desk::{MANAGERS, NOW, Size};
use crate::floors;
use crate::gauge::{self, Tools};
use crate::report::{Figure, Floor, Report};

/// One manager's machine.
struct Manager {
    home: PathBuf,
    desk: PathBuf,
    name: &'static str,
}

impl Manager {
    fn new(folder: &Path, name: &'static str) -> Self {
        let home = folder.join(name.replace(' ', "-"));
        std::fs::create_dir_all(&home).unwrap();
        Self {
            desk: home.join("cmd.relmate"),
            home,
            name,
        }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = gauge::ours();
        command
            .args(["--as", self.name, "--desk"])
            .arg(&self.desk)
            .args(args)
            .env("RELMATE_NOW", NOW)
            .env_remove("RELMATE_DESK");
        for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
            command.env(name, &self.home);
        }
        command
    }

    fn json(&self, args: &[&str]) -> Value {
        let mut all = args.to_vec();
        all.push("--json");
        let output = self.command(&all).output().unwrap();
        assert!(output.status.success(), "{args:?}: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn run(&self, args: &[&str]) {
        let output = self.command(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {output:?}");
    }
}

pub(crate) fn run(report: &mut Report, tools: &Tools, folder: &Path, desk: &Path, size: Size) {
    let folder = folder.join(format!("sharing-{}", size.name));
    drop(std::fs::remove_dir_all(&folder));
    let share = folder.join("share");
    std::fs::create_dir_all(&share).unwrap();
    let founder = Manager::new(&folder, MANAGERS[0]);
    let joiner = Manager::new(&folder, MANAGERS[1]);
    std::fs::copy(desk, &founder.desk).unwrap();
    let place = share.display().to_string();

    let begun = Instant::now();
    let created = founder.json(&["share", "create", &place]);
    let published = begun.elapsed().as_secs_f64();
    let commits = created["published"].as_f64().unwrap();
    note(report, 14, ("share create", size, commits), published);
    let words = created["founder_words"].as_str().unwrap().to_owned();
    bytes(report, &share, size, commits);

    let floor = floors::plain_join(&founder.desk, &folder);
    if let Some(peak) = peak_of_joining(tools, &folder, &place, &words) {
        let what = format!("join {} of {commits} steps, peak", size.name);
        report.note(14, what, Figure(peak, "MB"));
    }
    let begun = Instant::now();
    let answer = joiner.json(&["share", "join", &place, "--words", &words]);
    let took = begun.elapsed().as_secs_f64();
    let what = format!("join {} of {commits} steps", size.name);
    let floor = Floor {
        name: "read, parse, insert",
        value: floor * 1e3,
        most: 3.0,
    };
    report.ratio(14, what, Figure(took * 1e3, "ms"), &floor);
    report.growth(14, ("join", size.name), took, 10_f64.powf(1.2));
    let own = answer["own_words"].as_str().unwrap();
    founder.run(&["share", "approve", "--words", own]);
    joiner.run(&["sync"]);
    founder.run(&["sync"]);
    kept(report, &joiner.desk, &folder, size, commits);

    // What was written so far, and would be while the next is timed.
    gauge::settle();
    idle(report, tools, &founder, size);
    steps(report, tools, (&founder, &joiner), size);
    change(report, (&founder, &joiner), (&folder, &share), size);
    apart(report, (&founder, &joiner), size);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Memory of a whole join, on a desk that is thrown away.
fn peak_of_joining(tools: &Tools, folder: &Path, place: &str, words: &str) -> Option<f64> {
    if !tools.time {
        return None;
    }
    let third = Manager::new(folder, "Carol Clark");
    let join = third.command(&["share", "join", place, "--words", words]);
    let peak = gauge::peak(&join);
    std::fs::remove_dir_all(&third.home).unwrap();
    peak
}

/// Goal 13 in instructions: what publishing and receiving one change cost, whatever lies behind.
fn steps(report: &mut Report, tools: &Tools, (founder, joiner): (&Manager, &Manager), size: Size) {
    if !tools.valgrind {
        return;
    }
    founder.run(&["comment", &size.open_ticket(), "Counted."]);
    for (what, manager) in [("publishing", founder), ("receiving", joiner)] {
        if let Some(count) = gauge::instructions(&manager.command(&["sync"])) {
            let label = format!("{what} one change {}, instructions", size.name);
            report.note(13, label, Figure(count, ""));
            let grown = format!("{what} one change, instructions");
            report.growth(13, (&grown, size.name), count, 1.1);
        }
    }
    founder.run(&["sync"]);
}

/// Steps of each side for goal 15.
const APART: usize = 100;

/// Goal 15: both work without the other, and then meet; against as many steps of one alone.
fn apart(report: &mut Report, (founder, joiner): (&Manager, &Manager), size: Size) {
    let ticket = size.open_ticket();
    let work = |manager: &Manager, steps: usize| {
        for step in 0..steps {
            manager.run(&["comment", &ticket, &format!("Done apart, {step}.")]);
        }
    };
    let meet = || {
        let begun = Instant::now();
        for manager in [founder, joiner, founder] {
            manager.run(&["sync"]);
        }
        begun.elapsed().as_secs_f64() * 1e3
    };
    meet();
    work(founder, 2 * APART);
    let alone = meet();
    work(founder, APART);
    work(joiner, APART);
    let both = meet();
    let floor = Floor {
        name: "one side alone",
        value: alone,
        most: 1.3,
    };
    let what = format!("{APART} and {APART} steps apart, then met, {}", size.name);
    report.ratio(15, what, Figure(both, "ms"), &floor);
}

fn note(report: &mut Report, goal: u8, (what, size, commits): (&str, Size, f64), took: f64) {
    let what = format!("{what} {} of {commits} steps", size.name);
    report.note(goal, what, Figure(took, "s"));
}

fn bytes(report: &mut Report, share: &Path, size: Size, commits: f64) {
    let total: u64 = files(share).iter().map(|(_, bytes)| bytes).sum();
    #[allow(clippy::cast_precision_loss, reason = "a count of bytes")]
    let each = total as f64 / commits;
    let what = format!("bytes a step on the share {}, all at once", size.name);
    report.note(16, what, Figure(each, "B"));
}

/// Goal 16: a desk's file at rest, against a table that only says what happened.
fn kept(report: &mut Report, desk: &Path, folder: &Path, size: Size, commits: f64) {
    #[allow(clippy::cast_possible_truncation, reason = "a count of commits")]
    let plain = floors::plain_events(folder, commits as i64);
    #[allow(clippy::cast_precision_loss, reason = "a count of bytes")]
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    let floor = Floor {
        name: "plain events",
        value: megabytes(plain),
        most: 4.0,
    };
    let what = format!("the desk's file {} of {commits} steps", size.name);
    let measured = Figure(megabytes(std::fs::metadata(desk).unwrap().len()), "MB");
    report.ratio(16, what, measured, &floor);
}

/// Every file below a folder, with its size.
fn files(folder: &Path) -> Vec<(PathBuf, u64)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let meta = entry.metadata().unwrap();
        if meta.is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push((entry.path(), meta.len()));
        }
    }
    found
}

/// Goal 12: nothing to do.
fn idle(report: &mut Report, tools: &Tools, founder: &Manager, size: Size) {
    let told = founder.json(&["sync"]);
    let reads = told["files_read"].as_f64().unwrap();
    let what = format!("sync {} with nothing to do, files read", size.name);
    report.at_most(12, what, Figure(reads, ""), 0.0);
    let [mine, floor] = gauge::wall(
        31,
        [founder.command(&["sync"]), founder.command(&["status"])],
    );
    let floor = Floor {
        name: "status",
        value: floor,
        most: 1.5,
    };
    let what = format!("sync {} with nothing to do, wall", size.name);
    report.ratio(12, what, Figure(mine, "ms"), &floor);
    report.growth(12, ("sync with nothing to do", size.name), mine, 1.1);
    if let Some(count) = gauge::instructions(&founder.command(&["sync"])).filter(|_| tools.valgrind)
    {
        let what = format!("sync {} with nothing to do, instructions", size.name);
        report.note(12, what, Figure(count, ""));
    }
}

/// Goals 13 and 16: one change from one desk to the other, published and received.
fn change(
    report: &mut Report,
    (founder, joiner): (&Manager, &Manager),
    (folder, share): (&Path, &Path),
    size: Size,
) {
    let ticket = size.open_ticket();
    let items = folder.join("items.db").display().to_string();
    floors::items(Path::new(&items), size.items());
    let (mut times, mut floors) = (Vec::new(), Vec::new());
    let mut lone = 0;
    for turn in 0..21 {
        founder.run(&[
            "comment",
            &ticket,
            &format!("Seen on the test bed, {turn}."),
        ]);
        let before = files(share);
        let sync = |manager: &Manager| gauge::once(&mut manager.command(&["sync"]));
        times.push(sync(founder) + sync(joiner));
        let replica = |path: &Path| path.parent().map(Path::to_owned);
        let own = before
            .iter()
            .find(|(path, _)| path.extension().is_some_and(|it| it == "pk"));
        let own = own.and_then(|(path, _)| replica(path));
        lone = files(share)
            .iter()
            .filter(|(path, _)| replica(path) == own)
            .filter(|file| !before.contains(file))
            .map(|(_, bytes)| *bytes)
            .sum();
        floors.push(gauge::once(&mut floors::command("append1", &[&items])));
    }
    let mine = gauge::median(times);
    let floor = Floor {
        name: "append1",
        value: gauge::median(floors),
        most: 4.0,
    };
    let what = format!("one change published and received {}, wall", size.name);
    report.ratio(13, what, Figure(mine, "ms"), &floor);
    report.growth(13, ("one change", size.name), mine, 1.1);
    #[allow(clippy::cast_precision_loss, reason = "a count of bytes")]
    report.at_most(
        16,
        format!("a lone change with its head {}", size.name),
        Figure(lone as f64, "B"),
        1536.0,
    );
}
