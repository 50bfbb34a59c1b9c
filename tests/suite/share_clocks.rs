//! What a manager is told where the clock of the other one's device was wrong. The desks are the
//! same all the same: no clock is read where they meet.

use crate::support::two::Two;

/// Bob's clock is years ahead when he starts T-1.
fn ahead() -> Two {
    let mut two = Two::met();
    two.bob.now("2031-01-01T09:00:00Z");
    two.bob.ok("ticket start T-1 --verifier Vera");
    two.bob.ok("sync");
    two
}

#[test]
fn a_clock_ahead_is_told_when_its_step_comes_in_and_at_every_look_at_what_it_did() {
    let mut two = ahead();
    let told = "Bob recorded a step on Wed 1 Jan 2031 10:00, which is yet to come";
    two.alice
        .ok("sync")
        .complains(&[told, "Have Bob correct it"]);
    let again = two.alice.ok("sync");
    assert!(!again.stderr.contains(told), "said once, when it comes");
    two.alice.ok("status").says(&["Clock: Bob recorded a step"]);
    let status = two.alice.json("status");
    assert_eq!(status["clocks_ahead"][0]["by"], "Bob");
    two.alice
        .ok("log T-1")
        .says(&["2031-01-01 10:00 (clock ahead) Bob: ticket start T-1"]);
    assert_eq!(two.alice.json("log")["items"][0]["device_clock"], "ahead");
    let advice = "Clock: Bob entered this state on Wed 1 Jan 2031 10:00, which is yet to come";
    for look in ["why T-1", "show T-1", "why T-1 --as-of 2031-03-01"] {
        two.alice
            .ok(look)
            .says(&[advice, "Have Bob correct the clock"]);
    }
    two.alice.ok("doctor").says(&[
        "1 record stands in a state from a moment that is yet to come",
        "T-1",
    ]);
    // By his own clock there is nothing to be told.
    two.bob.ok("log T-1").hides(&["clock"]);
    two.bob.ok("why T-1").hides(&["Clock:"]);
    two.now("2031-01-02T09:00:00Z");
    two.sync();
    two.are_equal();
}

#[test]
fn desks_whose_clocks_are_right_are_told_nothing_of_clocks() {
    let two = Two::met();
    two.bob.ok("comment T-1 seen");
    two.sync();
    for look in ["status", "log", "why T-1", "show T-1", "doctor"] {
        two.alice.ok(look).hides(&["(clock", "Clock:", "clock was"]);
    }
    assert!(two.alice.json("status").get("clocks_ahead").is_none());
    assert!(
        two.alice.json("log")["items"][0]
            .get("device_clock")
            .is_none()
    );
}
