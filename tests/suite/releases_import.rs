//! Years of distribution releases from two files, and what the metrics say of them.

use std::fmt::Write as _;

use crate::support::Desk;

const RELEASES: usize = 130;
const ROWS: usize = 977;

/// How many days each release took: the 65th and 66th in order took 5, the 118th took 38,
/// the last one 283.
fn lead(at: usize) -> u64 {
    match at {
        0..=39 => 3,
        40..=79 => 5,
        80..=115 => 20,
        116..=128 => 38,
        _ => 283,
    }
}

/// Thirteen releases a year from 2011 to 2020, and what each shipped.
fn files() -> (String, String) {
    let mut releases =
        "distribution,version,kind,emergency_mentioned,security_mentioned,advisories,state,created,release_date,product_count\n"
            .to_owned();
    let mut products =
        "distribution,release,product,version,technology_provider,platform,arch,release_date\n"
            .to_owned();
    for at in 0..RELEASES {
        let (year, nth) = (2011 + at % 10, at / 10);
        let (month, day) = (
            1 + u32::try_from(nth % 12).unwrap(),
            if nth < 12 { 15 } else { 16 },
        );
        let out =
            chrono::NaiveDate::from_ymd_opt(i32::try_from(year).unwrap(), month, day).unwrap();
        let created = out - chrono::Days::new(lead(at));
        let version = format!("1.{}.0", at + 1);
        let many = ROWS / RELEASES + usize::from(at < ROWS % RELEASES);
        writeln!(
            releases,
            "CMD,{version},minor,0,0,,deployed,{created},{out},{many}"
        )
        .unwrap();
        for product in 0..many {
            writeln!(
                products,
                "CMD,{version},product-{product},2.{at}.{product},Team,el9,x86_64,{out}"
            )
            .unwrap();
        }
    }
    (releases, products)
}

/// The composition lead of a period: n, median, p90 and maximum, in whole days.
#[allow(
    clippy::cast_possible_truncation,
    reason = "days of a year are far below what an integer holds"
)]
#[track_caller]
fn figures(desk: &Desk, period: &str) -> [i64; 4] {
    let report = desk
        .ok(&format!("report metrics {period} --format json"))
        .json();
    let all = report["tables"]["metrics"].as_array().unwrap();
    let own = all
        .iter()
        .find(|it| it["number"] == 15 && it["what"] == "all releases");
    let own = own.unwrap_or_else(|| panic!("no lead: {all:#?}"));
    ["n", "median_days", "p90_days", "max_days"]
        .map(|name| own[name].as_f64().map_or(-1, |it| it as i64))
}

#[test]
fn releases_of_ten_years_come_in_once_and_the_metrics_answer_year_by_year() {
    let desk = Desk::new();
    let (releases, products) = files();
    assert_eq!(products.lines().count(), ROWS + 1);
    let releases = desk.file("releases.csv", releases);
    let products = desk.file("products.csv", products);
    let import = format!("import {} {}", releases.display(), products.display());
    desk.ok(&import).says(&[
        "New: 130 releases",
        "977 product releases read, in 130 releases",
    ]);
    let commits = desk.commits();
    desk.ok(&import).says(&["New: 0."]);
    let again = desk.ok(&format!("{import} --json")).json()["import"].clone();
    assert_eq!(
        (again["new"].as_u64(), again["changed"].as_u64()),
        (Some(0), Some(0))
    );
    assert_eq!(desk.commits(), commits);
    assert_eq!(
        figures(&desk, "--from 2011-01-01 --to 2020-12-31"),
        [130, 5, 38, 283]
    );
    for (year, expected) in [
        (2010, [0, -1, -1, -1]),
        (2011, [13, 5, 20, 38]),
        (2016, [13, 5, 20, 38]),
        (2020, [13, 5, 38, 283]),
    ] {
        assert_eq!(
            figures(&desk, &format!("--year {year}")),
            expected,
            "{year}"
        );
    }
    desk.ok("doctor");
}
