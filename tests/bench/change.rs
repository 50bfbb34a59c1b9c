//! Goal 4: one durable change as a whole process.

use std::path::Path;

use crate::desk::Size;
use crate::floors;
use crate::gauge::{self, Tools};
use crate::lookup::program;
use crate::report::{Figure, Floor, Report};

pub(crate) fn run(report: &mut Report, tools: &Tools, folder: &Path, desk: &Path, size: Size) {
    let ticket = size.open_ticket();
    let args = [
        "comment",
        &ticket,
        "Seen on the test bed; the logs are clean.",
    ];
    let items = folder.join(format!("items-{}.db", size.name));
    let items = items.display().to_string();
    let ours = || program(folder, desk, &args);
    let append = || floors::command("append1", &[&items]);
    let [mine, floor] = gauge::wall(61, [ours(), append()]);
    // The machine may be slower by the time the other size is measured; the floor is too.
    report.growth(4, ("comment over append1", size.name), mine / floor, 1.1);
    let what = format!("comment {}, wall", size.name);
    let floor = Floor {
        name: "append1",
        value: floor,
        most: 1.5,
    };
    report.ratio(4, what, Figure(mine, "ms"), &floor);
    if tools.valgrind {
        let mine = gauge::instructions(&ours()).unwrap();
        report.note(
            4,
            format!("comment {}, instructions", size.name),
            Figure(mine, ""),
        );
        let floor = gauge::instructions(&append()).unwrap();
        report.note(
            4,
            format!("append1 {}, instructions", size.name),
            Figure(floor, ""),
        );
    }
    if !tools.task {
        report.skip(
            4,
            "Taskwarrior is not installed; `task add` took 448 ms at S",
        );
    }
}
