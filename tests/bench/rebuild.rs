//! Goal 18: the whole projection made again from the log.

use std::path::Path;
use std::time::Instant;

use relmate::store::Store;

use crate::desk::Size;
use crate::report::{Figure, Report};

pub(crate) fn run(report: &mut Report, desk: &Path, size: Size) {
    let mut store = Store::open(desk).unwrap();
    let begun = Instant::now();
    let checked = store.rebuild().unwrap();
    let took = begun.elapsed().as_secs_f64();
    if !checked.agrees {
        println!("The desk {} was not what its log says.", size.name);
    }
    #[allow(clippy::cast_precision_loss, reason = "a count of commits")]
    let commits = checked.commits as f64;
    let what = format!("rebuild {}, verified and compared", size.name);
    report.at_least(18, what, Figure(commits / took, "commits/s"), 200_000.0);
    report.note(
        18,
        format!("rebuild {} of {commits} commits", size.name),
        Figure(took, "s"),
    );
    // Ten times the commits in 10^exponent times the time.
    report.growth(18, ("rebuild time", size.name), took, 10_f64.powf(1.1));
}
