//! Two desks and a folder, walked at random by the real commands beside a model that is a few
//! sets: what was acknowledged is on the desk, what was exchanged is on both, what a restore takes
//! away comes back if it was published (SYNC.md 7, point 2).

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use crate::support::two::Two;

/// What is said on one desk, or in the folder.
type Said = BTreeSet<usize>;

/// What must be where, and what may be.
#[derive(Clone, Debug, Default)]
struct Model {
    /// Alice's, Bob's.
    desk: [Said; 2],
    backup: [Option<Said>; 2],
    share: Said,
    next: usize,
}

#[derive(Clone, Debug)]
enum Step {
    Comment(usize),
    /// Says who owns one of the two tickets.
    Owner(usize, usize),
    /// Begins the verification, or ends the ticket: the same ticket on both desks.
    Move(usize, usize),
    Delete(usize),
    Sync(usize),
    /// A sync that is killed after some turns.
    Crash(usize, usize),
    Backup(usize),
    Restore(usize),
    /// Somebody takes a file out of the folder.
    Lose(usize),
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::default()).boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Step> {
        let desk = 0..2usize;
        prop_oneof![
            4 => desk.clone().prop_map(Step::Comment),
            2 => (desk.clone(), 1..3usize).prop_map(|(desk, ticket)| Step::Owner(desk, ticket)),
            1 => (desk.clone(), 0..2usize).prop_map(|(desk, how)| Step::Move(desk, how)),
            1 => desk.clone().prop_map(Step::Delete),
            5 => desk.clone().prop_map(Step::Sync),
            2 => (desk.clone(), 0..400usize).prop_map(|(desk, turns)| Step::Crash(desk, turns)),
            1 => desk.clone().prop_map(Step::Backup),
            2 => desk.prop_map(Step::Restore),
            1 => any::<usize>().prop_map(Step::Lose),
        ]
        .boxed()
    }

    fn preconditions(model: &Self, step: &Step) -> bool {
        !matches!(step, Step::Restore(desk) if model.backup[*desk].is_none())
    }

    fn apply(mut model: Self, step: &Step) -> Self {
        match step {
            Step::Comment(desk) => {
                model.desk[*desk].insert(model.next);
                model.next += 1;
            }
            Step::Sync(desk) => {
                model.share.extend(&model.desk[*desk]);
                model.desk[*desk].extend(&model.share);
            }
            Step::Backup(desk) => model.backup[*desk] = Some(model.desk[*desk].clone()),
            Step::Restore(desk) => {
                if let Some(backup) = &model.backup[*desk] {
                    model.desk[*desk].clone_from(backup);
                }
            }
            // What is lost from the folder is still on the desk that put it there or read it, and
            // surely in the folder again when that one has looked.
            Step::Lose(_) => model.share.clear(),
            Step::Owner(..) | Step::Move(..) | Step::Delete(_) | Step::Crash(..) => {}
        }
        model
    }
}

struct Real {
    two: Two,
    next: usize,
}

impl Real {
    #[track_caller]
    fn said(&self, desk: usize) -> Said {
        let ticket = self.two.desks()[desk].show("T-1");
        let comments = ticket["comments"].as_array().cloned().unwrap_or_default();
        let numbers = comments
            .iter()
            .map(|it| it["text"].as_str().unwrap().parse().unwrap());
        numbers.collect()
    }
}

impl StateMachineTest for Real {
    type SystemUnderTest = Self;
    type Reference = Model;

    fn init_test(_: &Model) -> Self {
        Self {
            two: Two::met(),
            next: 0,
        }
    }

    fn apply(mut real: Self, model: &Model, step: Step) -> Self {
        match step {
            Step::Comment(desk) => {
                let line = format!("comment T-1 {}", real.next);
                real.two.desks()[desk].ok(&line);
                real.next += 1;
            }
            Step::Owner(desk, ticket) => {
                let name = ["Alice", "Bob"][desk];
                let line = format!("set T-{ticket} owner={name}");
                // On a record that is contested or gone it may be refused, never fail.
                let code = real.two.desks()[desk].run(&line).code;
                assert!(matches!(code, 0 | 3 | 4), "{line}: {code}");
            }
            Step::Move(desk, how) => {
                let line = [
                    "ticket start T-2 --verifier Vera --testbed rome",
                    "ticket withdraw T-2 --reason 'taken back'",
                ][how];
                let code = real.two.desks()[desk].run(line).code;
                assert!(matches!(code, 0 | 3 | 4), "{line}: {code}");
            }
            Step::Delete(desk) => {
                let code = real.two.desks()[desk].run("delete T-2").code;
                assert!(matches!(code, 0 | 3 | 4), "delete: {code}");
            }
            Step::Sync(desk) => {
                real.two.desks()[desk].ok("sync");
            }
            Step::Crash(desk, turns) => {
                let mut command = real.two.desks()[desk].command();
                let quiet = std::process::Stdio::null;
                command.arg("sync").stdout(quiet()).stderr(quiet());
                let mut process = command.spawn().unwrap();
                for _ in 0..turns * 20 {
                    std::thread::yield_now();
                }
                process.kill().unwrap();
                process.wait().unwrap();
            }
            Step::Backup(desk) => {
                let backup = real.two.beside(&format!("backup-{desk}.relmate"));
                drop(std::fs::remove_file(&backup));
                real.two.desks()[desk].ok(&format!("backup {}", backup.display()));
            }
            Step::Restore(desk) => {
                let backup = real.two.beside(&format!("backup-{desk}.relmate"));
                real.two.desks()[desk].ok(&format!("restore {}", backup.display()));
            }
            Step::Lose(which) => {
                let mut packs = real.two.files();
                packs.retain(|it| it.extension().is_some_and(|it| it == "pk"));
                if !packs.is_empty() {
                    std::fs::remove_file(&packs[which % packs.len()]).unwrap();
                }
            }
        }
        for desk in 0..2 {
            let said = real.said(desk);
            assert!(said.is_superset(&model.desk[desk]), "{said:?} of {model:?}");
        }
        real
    }

    fn teardown(real: Self, model: Model) {
        real.two.sync();
        real.two.sync();
        real.two.are_equal();
        let said = real.said(0);
        let surely: Said = model.desk.iter().flatten().copied().collect();
        assert!(said.is_superset(&surely), "{said:?} of {model:?}");
        for desk in real.two.desks() {
            desk.ok("doctor").says(&["what the history says"]);
        }
    }
}

/// A few, if the environment does not ask for more.
fn cases() -> u32 {
    let asked = std::env::var("RELMATE_ROUNDS").ok();
    asked.and_then(|it| it.parse().ok()).unwrap_or(4)
}

prop_state_machine! {
    #![proptest_config(Config {
        cases: cases(),
        max_shrink_iters: 40,
        failure_persistence: None,
        .. Config::default()
    })]

    #[test]
    fn two_desks_keep_what_was_acknowledged_whatever_happens(sequential 6..16 => Real);
}
