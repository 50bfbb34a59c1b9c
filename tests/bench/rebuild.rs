//! Goal 18: the whole projection made again from the log, as a whole process.

use std::path::Path;
use std::time::Instant;

use serde_json::Value;

use crate::desk::{NOW, Size};
use crate::floors;
use crate::gauge;
use crate::report::{Figure, Floor, Report};

pub(crate) fn run(report: &mut Report, folder: &Path, desk: &Path, size: Size) {
    let plain = folder.join(format!("plain-{}", size.name));
    drop(std::fs::remove_dir_all(&plain));
    std::fs::create_dir_all(&plain).unwrap();
    let floor = floors::plain_join(desk, &plain);
    std::fs::remove_dir_all(&plain).unwrap();
    let mut command = gauge::ours();
    command
        .arg("--desk")
        .arg(desk)
        .args(["doctor", "--rebuild", "--json"]);
    command.env("RELMATE_NOW", NOW).env_remove("RELMATE_DESK");
    let begun = Instant::now();
    let output = command.output().unwrap();
    let took = begun.elapsed().as_secs_f64();
    assert!(output.status.success(), "{output:?}");
    let checked: Value = serde_json::from_slice(&output.stdout).unwrap();
    if checked["agrees"] != true {
        println!("The desk {} was not what its log says.", size.name);
    }
    let commits = checked["commits"].as_f64().unwrap();
    let what = format!("rebuild {}, verified and compared", size.name);
    report.at_least(18, what, Figure(commits / took, "commits/s"), 200_000.0);
    // The figure above is of small commits; these are signed and say what was asked.
    let floor = Floor {
        name: "read, parse, insert",
        value: floor * 1e3,
        most: 2.0,
    };
    let what = format!("rebuild {} of {commits} commits", size.name);
    report.ratio(18, what, Figure(took * 1e3, "ms"), &floor);
    // Ten times the commits in 10^exponent times the time.
    report.growth(18, ("rebuild time", size.name), took, 10_f64.powf(1.1));
}
