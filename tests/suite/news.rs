//! What somebody else changed since one last looked: marked on the screen, told by the shell,
//! and both by the same memory.

use crate::support::screen::{leave, shows, terminal, types};
use crate::support::{Desk, PROGRAM, tree};

#[test]
fn what_others_changed_is_marked_until_one_leaves_the_screen_or_says_that_it_is_seen() {
    let desk = Desk::with_tickets();
    desk.refused(3, "log --since last");
    let start = || terminal(&desk, 112, 32).spawn(PROGRAM).unwrap();
    let mut screen = start();
    shows(&mut screen, "T-1");
    leave(screen, 'q');
    desk.config("person = \"Bob\"\n");
    desk.ok("comment T-2 'It does not start.'");
    desk.config("person = \"Alice\"\n");
    desk.ok("comment T-1 'I know.'");
    let before = tree(&desk.home().join("state"));
    let told = desk.ok("log --since last");
    told.says(&["Bob: comment T-2", "Alice: comment T-1"]);
    told.hides(&["ticket"]);
    assert!(
        tree(&desk.home().join("state")) == before,
        "the shell only reads it"
    );
    let mut screen = start();
    shows(&mut screen, "1 changed since");
    types(&mut screen, "F");
    shows(&mut screen, "Seen.");
    assert!(!screen.screen().contains("changed since"));
    leave(screen, 'q');
    desk.ok("log --since last")
        .says(&["Nothing was recorded there."]);
}
