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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::distribution::examples::complete;
    use crate::domain::violation;

    #[test]
    fn a_release_that_went_out_on_a_signature_that_was_taken_back_says_so() {
        let mut release = complete();
        release.standing.state = ReleaseState::Published;
        release.rests_on = release.signed.keys().cloned().collect();
        assert_eq!(of(&release), []);
        release.signed.remove("4.1");
        let found = of(&release);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].what,
            "it was published on 4.1, and that is not signed any more"
        );
        assert_eq!(found[0].mend, "relmate redo 'CMD 1.4.0'");
    }

    #[test]
    fn what_was_composed_into_a_release_while_it_went_out_did_not_go_with_it() {
        let mut release = complete();
        release.standing.state = ReleaseState::Published;
        release.tickets.push("T-13".to_owned());
        let noun = crate::domain::noun::Noun::Release(Box::new(release));
        let found = violation::of(&noun, &|_| 1);
        assert_eq!(found[0].rule, "frozen-contents");
        assert!(found[0].what.contains("T-13"), "{found:?}");
    }
}
