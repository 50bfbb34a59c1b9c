//! A release whose contents were changed by one manager while the other froze or published
//! them: what the freeze wrote stands, and what differs from it is told.

use super::{Place, Violation, field};
use crate::domain::attention::{natural, quoted};
use crate::domain::distribution::release::{Release, ReleaseState};

pub(super) fn of(release: &Release) -> Vec<Violation> {
    let Some(frozen) = &release.frozen else {
        return Vec::new();
    };
    let state = release.standing.state;
    let published = state == ReleaseState::Published;
    if !state.is_frozen() && !published {
        return Vec::new();
    }
    let mut late: Vec<&String> = release
        .tickets
        .iter()
        .filter(|id| !frozen.contains(id))
        .collect();
    late.sort_by(|left, right| natural(left).cmp(&natural(right)));
    // What left with a release that is out is in production, whatever the list says.
    let lost = frozen
        .iter()
        .filter(|_| !published)
        .filter(|id| !release.tickets.contains(id) && !release.removed.contains(id));
    let name = quoted(&release.name);
    let told = |id: &String, what: &str| Violation {
        rule: "frozen-contents",
        what: format!("{id} {what} while the contents were frozen"),
        places: vec![
            Place::Element {
                set: "tickets".to_owned(),
                element: id.clone(),
            },
            field("frozen"),
        ],
        mend: format!("relmate release compose {name} --out {id} --reason R"),
        closes: true,
    };
    late.into_iter()
        .map(|id| told(id, "was composed into it"))
        .chain(lost.map(|id| told(id, "was taken out")))
        .collect()
}
