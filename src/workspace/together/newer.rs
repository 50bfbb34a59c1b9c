//! A record that a newer version wrote to: it is read as it was, says so wherever it is shown, and
//! none of its steps is open.

use serde_json::Value;

use super::{Alice, Pair};
use crate::domain::kind::Kind;
use crate::ledger::{Hash, Received, chain_hash};
use crate::workspace::look::board::rows::{
    Ask, Cells, Key, Line, PageAsk, PageKind, Pane, Start, WindowAsk,
};
use crate::workspace::look::{board, card, gate, list, record, status, steps, why};

/// Bob, with a newer version, writes to a record what this one does not know.
fn newer(pair: &mut Pair, id: &str) {
    pair.does(super::Bob, r#"{"do":"claim","id":"T-2","drop":false}"#);
    pair.meet();
    let reader = pair.0.bob.store.reader();
    let own = reader.replica().unwrap();
    let (_, entity) = reader.entity(Kind::Ticket, id).unwrap().unwrap();
    let mut line = reader.lines().unwrap().into_iter();
    let line = line.rfind(|line| line.replica == own).unwrap();
    let (_, bytes) = reader
        .run(&line.tip, line.tip_seq, line.tip_seq)
        .unwrap()
        .remove(0);
    let mut commit: Value = serde_json::from_slice(&bytes).unwrap();
    commit["seq"] = (line.tip_seq + 1).into();
    commit["need"] = 9.into();
    commit["entities"] = serde_json::json!([entity.as_str()]);
    commit["deps"] = serde_json::json!([]);
    commit["ops"] = serde_json::json!([{"op": "dance", "entity": entity.as_str()}]);
    let bytes = serde_json::to_vec(&commit).unwrap();
    let hash: Hash = chain_hash(&pair.0.bob.store.workspace(), &line.tip, &bytes);
    let received = Received {
        hash,
        prev: line.tip,
        replica: own,
        seq: line.tip_seq + 1,
        key: line.key.unwrap(),
        bytes,
    };
    for desk in [&mut pair.0.bob, &mut pair.0.alice] {
        let now = desk.now.timestamp();
        desk.store
            .receive(vec![received.clone()], &[], now)
            .unwrap();
        desk.store.settle().unwrap();
    }
    pair.meet();
}

fn window(pair: &Pair, pane: Pane) -> Vec<(String, Cells)> {
    let ask = Ask {
        windows: vec![WindowAsk::new(pane, Start::Top, 100)],
        ..Ask::default()
    };
    let mut board = pair.look(|look| board::board(look, &ask, None).unwrap());
    let rows = board.windows.remove(0).1.rows.into_iter();
    rows.map(|row| (row.key.id, row.cells)).collect()
}

#[test]
fn what_a_newer_version_wrote_to_says_so_on_its_page_and_lists_its_steps_as_closed() {
    let mut pair = Pair::new();
    newer(&mut pair, "T-1");
    let row = pair.row("T-1");
    let told = pair.look(|look| steps::steps(look, &row).unwrap());
    assert!(told.len() > 10);
    for step in &told {
        assert_eq!(
            step.not_now.as_deref(),
            Some(gate::NEWER),
            "{}",
            step.deed.name
        );
    }
    let answer = pair.look(|look| why::of(look, &row).unwrap());
    assert_eq!(answer.blockers[0].what, gate::NEWER);
    assert!(!answer.next.is_empty());
    for step in &answer.next {
        assert_eq!(step.refused.as_deref(), Some(gate::NEEDS_NEWER));
    }
    assert!(
        pair.look(|look| card::of(look, &row, false).unwrap())
            .needs_newer
    );
    let ask = PageAsk {
        key: Key {
            kind: Kind::Ticket,
            id: "T-1".to_owned(),
        },
        what: PageKind::Record,
        as_of: None,
    };
    let page = pair.look(|look| record::page(look, &ask).unwrap());
    let said = "A newer relmate wrote to it, so this one may read it and not change it.";
    assert!(
        page.lines.contains(&Line::Text(said.to_owned())),
        "{:?}",
        page.lines
    );
    let refused = pair.tries(Alice, r#"{"do":"claim","id":"T-1","drop":false}"#);
    assert!(refused.unwrap_err().message.contains("newer relmate"));
}

#[test]
fn its_line_says_so_in_lists_and_panes_and_no_other_line_does() {
    let mut pair = Pair::new();
    newer(&mut pair, "T-1");
    for (id, cells) in window(&pair, Pane::Queue) {
        let Cells::Ticket(ticket) = cells else {
            panic!("{id}")
        };
        let says = ticket.state.contains(gate::NEEDS_NEWER);
        assert_eq!(says, id == "T-1", "{id}: {}", ticket.state);
    }
    let rows = pair.look(|look| list::list(look, Kind::Ticket, &list::Asked::default()).unwrap());
    for row in rows {
        let says = row.get("needs_newer").is_some();
        assert_eq!(says, row["id"] == "T-1");
        assert!(!says || row["can_move"] == false);
    }
    pair.wait(60 * 24 * 90);
    let duties = pair.look(|look| {
        let duties = look.reader.attention(look.today, None, 100).unwrap();
        status::lines_of(look, duties).unwrap()
    });
    for id in ["T-1", "T-2"] {
        let mut of = duties.iter().filter(|it| it.id == id).peekable();
        assert!(of.peek().is_some(), "{id}");
        assert!(of.all(|it| (it.step == gate::NEEDS_NEWER) == (id == "T-1")));
    }
    for (id, cells) in window(&pair, Pane::Attention) {
        let Cells::Duty(duty) = cells else {
            panic!("{id}")
        };
        assert_eq!(
            duty.step == gate::NEEDS_NEWER,
            id == "T-1",
            "{id}: {}",
            duty.step
        );
    }
}
