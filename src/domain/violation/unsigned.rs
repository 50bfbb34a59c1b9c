//! A release that went out on signatures one of which was taken back meanwhile: publication
//! names the actions that it rested on.

use super::{Violation, field};
use crate::domain::attention::{natural, quoted};
use crate::domain::distribution::release::{Release, ReleaseState};

pub(super) fn of(release: &Release) -> Vec<Violation> {
    if release.standing.state != ReleaseState::Published {
        return Vec::new();
    }
    let lacking = release.rests_on.iter();
    let mut lacking: Vec<&String> = lacking
        .filter(|no| !release.signed.contains_key(*no))
        .collect();
    lacking.sort_by(|left, right| natural(left).cmp(&natural(right)));
    let told = |no: &String| Violation {
        rule: "published-unsigned",
        what: format!("it was published on {no}, and that is not signed any more"),
        places: vec![field("state"), field(&format!("signed:{no}"))],
        mend: format!("relmate redo {}", quoted(&release.name)),
        closes: true,
    };
    lacking.into_iter().map(told).collect()
}
