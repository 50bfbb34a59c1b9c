//! Milestones, actions and products explain their dates.

use super::tests::{asked, check_blockers};
use super::*;
use crate::domain::queue::examples::{at, day};
use crate::domain::queue::product::Product;
use crate::domain::retro::action_item::{ActionItem, ActionStanding, ActionState};
use crate::domain::schedule::milestone::{Committee, Milestone, Slip};

fn milestone() -> Milestone {
    Milestone {
        id: "M-4".into(),
        cycle: "1.4.0".into(),
        code: "M3".into(),
        name: "Code freeze".into(),
        rule: Some("M1 + 10 weeks".into()),
        planned: Some(at("2026-11-20")),
        due: Some(at("2026-11-27")),
        actual: None,
        never_reached: false,
        committee: Committee::Approval,
        owner: Some("Bob".into()),
        claimed_by: None,
        later: None,
        slips: vec![Slip {
            from: Some(at("2026-11-20")),
            to: at("2026-11-27"),
            reason: "late tests".into(),
            dragged_by: Some("M1".into()),
            by: "Alice".into(),
            on: at("2026-11-01"),
        }],
        source: None,
        deleted: false,
    }
}

#[test]
fn a_milestone_explains_its_date() {
    let why = asked(&Noun::Milestone(milestone()), "2026-11-21", |_| ());
    assert_eq!(why.verdict, Verdict::DueSoon);
    assert_eq!(
        why.sentence,
        "M-4 (M3 Code freeze) is due on Fri 27 Nov 2026, in 6 days (M1 + 10 weeks)."
    );
    assert_eq!(
        why.counted,
        ["Moved from Fri 20 Nov 2026 to Fri 27 Nov 2026 because “late tests”, dragged by M1."]
    );
    // Two moves from one day, one of which was settled for the other.
    let mut settled = milestone();
    let mut other = settled.slips[0].clone();
    (other.to, other.reason) = (at("2026-11-30"), "a verifier is ill".into());
    settled.slips.push(other);
    let settled = Noun::Milestone(settled);
    let open = asked(&settled, "2026-11-21", |asking| asking.contested = true);
    assert!(open.counted[1].ends_with("dragged by M1."), "{open:?}");
    let why = asked(&settled, "2026-11-21", |_| ());
    assert!(why.counted[0].ends_with("dragged by M1."), "{why:?}");
    assert!(
        why.counted[1].ends_with("dragged by M1; that does not stand."),
        "{why:?}"
    );
    let late = asked(&Noun::Milestone(milestone()), "2026-11-30", |_| ());
    assert_eq!(late.verdict, Verdict::Overdue);
    assert!(
        late.sentence
            .contains("was due and is not done: Fri 27 Nov 2026, 3 days ago")
    );
    let done = Milestone {
        actual: Some(at("2026-11-26")),
        ..milestone()
    };
    let done = asked(&Noun::Milestone(done), "2026-11-30", |_| ());
    assert_eq!((done.verdict, done.next.len()), (Verdict::Done, 0));
}

#[test]
fn an_action_and_a_product_say_what_they_lack() {
    let action = ActionItem {
        id: "A-4".into(),
        text: "Template".into(),
        owner: None,
        claimed_by: None,
        due: Some(day("2026-11-12")),
        later: None,
        about: None,
        standing: ActionStanding {
            state: ActionState::Open,
            entered: at("2026-11-02"),
            reason: None,
        },
        deleted: false,
    };
    let why = asked(&Noun::Action(action), "2026-11-13", |_| ());
    assert_eq!(
        why.sentence,
        "A-4 has been open since Mon 2 Nov 2026 and is due on Thu 12 Nov 2026, 1 day ago."
    );
    check_blockers(&why, &[("nobody owns it", "release manager")]);
    let product = Product {
        name: "ARC".into(),
        ..Product::default()
    };
    let why = asked(&Noun::Product(product), "2026-11-13", |_| ());
    assert_eq!((why.verdict, why.blockers.len()), (Verdict::NoClock, 1));
}
