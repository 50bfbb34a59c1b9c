//! Where the time went: the days of tickets by whoever held the ball, with a bar.

use serde_json::{Value, json};

use super::bar::bar;
use super::document::{Document, Table};
use crate::domain::calendar::spoken;
use crate::domain::queue::ball::{Holder, Span, totals};

/// How wide a bar is.
const WIDTH: usize = 30;

/// One ticket's days.
pub struct Booked {
    pub id: String,
    /// "ARC 7.0.3 al9"
    pub label: String,
    pub state: String,
    pub spans: Vec<Span>,
}

/// What the report is of.
pub struct Facts<'a> {
    pub title: String,
    pub tickets: &'a [Booked],
    /// Tell every stay of the one ticket.
    pub stays: bool,
    pub ascii: bool,
}

/// The character of a holder.
pub fn glyph(holder: Holder, ascii: bool) -> char {
    match (holder, ascii) {
        (Holder::ProductTeam, false) => '░',
        (Holder::Verifier, false) => '▒',
        (Holder::Sites, false) => '▓',
        (Holder::Manager, false) => '█',
        (Holder::Freeze, false) => '·',
        (Holder::ProductTeam, true) => 'P',
        (Holder::Verifier, true) => 'V',
        (Holder::Sites, true) => 'S',
        (Holder::Manager, true) => 'M',
        (Holder::Freeze, true) => '.',
    }
}

/// A bar of days by holder.
pub fn drawn(totals: &[(Holder, i64)], width: usize, ascii: bool) -> String {
    let parts: Vec<(char, i64)> = totals
        .iter()
        .map(|(holder, days)| (glyph(*holder, ascii), *days))
        .collect();
    bar(&parts, width)
}

pub fn document(facts: &Facts<'_>) -> Document {
    let mut it = Document::new("time", facts.title.clone());
    let all: Vec<&Span> = facts.tickets.iter().flat_map(|it| &it.spans).collect();
    let sums = totals(all);
    it.text(legend(facts.ascii));
    it.table(holders(&sums, facts.ascii));
    if facts.stays {
        it.heading("Day by day");
        it.table(stays(facts));
    } else {
        it.heading("By ticket");
        it.table(tickets(facts));
    }
    it
}

fn legend(ascii: bool) -> String {
    let all = Holder::ALL.map(|it| format!("{} {}", glyph(it, ascii), it.label()));
    format!("Whose turn it was: {}.", all.join(", "))
}

fn holders(sums: &[(Holder, i64)], ascii: bool) -> Table {
    let mut table = Table::new(
        "holders",
        &["holder", "days", "share=Share %", "<bar"],
        "No day is booked to anybody.",
    );
    let total: i64 = sums.iter().map(|(_, days)| days).sum();
    for (holder, days) in sums {
        let share = (days * 200 + total) / (total * 2).max(1);
        let rest = total - days;
        let mut own = bar(&[(glyph(*holder, ascii), *days), (' ', rest)], WIDTH);
        own.truncate(own.trim_end().len());
        table.row(vec![
            json!(holder.label()),
            json!(days),
            json!(share),
            json!(own),
        ]);
    }
    table
}

fn tickets(facts: &Facts<'_>) -> Table {
    let mut columns = vec!["ticket", "release", "state", "days"];
    columns.extend([
        "product_team",
        "verifier",
        "sites",
        "release_manager",
        "freeze",
        "<bar",
    ]);
    let mut table = Table::new("tickets", &columns, "No ticket.");
    for ticket in facts.tickets {
        let sums = totals(&ticket.spans);
        let of = |holder: Holder| {
            sums.iter()
                .find(|(it, _)| *it == holder)
                .map_or(0, |(_, days)| *days)
        };
        let total: i64 = sums.iter().map(|(_, days)| days).sum();
        let mut row: Vec<Value> = vec![
            json!(ticket.id),
            json!(ticket.label),
            json!(ticket.state),
            json!(total),
        ];
        row.extend(Holder::ALL.map(|holder| json!(of(holder))));
        row.push(json!(drawn(&sums, WIDTH, facts.ascii)));
        table.row(row);
    }
    table
}

fn stays(facts: &Facts<'_>) -> Table {
    let mut table = Table::new(
        "stays",
        &[
            ">ticket",
            "holder",
            ">from",
            ">to",
            "<since=From",
            "<until=To",
            "days",
        ],
        "No day is booked to anybody.",
    );
    for ticket in facts.tickets {
        for span in &ticket.spans {
            table.row(vec![
                json!(ticket.id),
                json!(span.holder.label()),
                json!(span.from),
                json!(span.to),
                json!(spoken(span.from)),
                json!(spoken(span.to)),
                json!(span.days()),
            ]);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::render::text::text;

    fn booked() -> Booked {
        let day = |text: &str| text.parse().unwrap();
        let span = |holder, from, to| Span {
            holder,
            from: day(from),
            to: day(to),
        };
        Booked {
            id: "T-1".to_owned(),
            label: "ARC 7.0.3 al9".to_owned(),
            state: "verification".to_owned(),
            spans: vec![
                span(Holder::Verifier, "2026-11-01", "2026-11-11"),
                span(Holder::ProductTeam, "2026-11-11", "2026-11-16"),
            ],
        }
    }

    #[test]
    fn the_bar_and_the_days_say_the_same_and_ascii_is_letters() {
        let tickets = [booked()];
        let told = |ascii, stays| {
            let facts = Facts {
                title: "Time".to_owned(),
                tickets: &tickets,
                stays,
                ascii,
            };
            text(&document(&facts), false)
        };
        let plain = told(true, false);
        assert!(
            plain.contains(&("P".repeat(10) + &"V".repeat(20))),
            "{plain}"
        );
        assert!(plain.is_ascii(), "{plain}");
        assert!(told(false, false).contains(&("░".repeat(10) + &"▒".repeat(20))));
        assert!(told(true, true).contains("product team  Wed 11 Nov 2026  Mon 16 Nov 2026     5"));
    }

    #[test]
    fn without_a_day_there_is_no_bar() {
        let facts = Facts {
            title: "Time".to_owned(),
            tickets: &[],
            stays: false,
            ascii: true,
        };
        assert!(text(&document(&facts), false).contains("No day is booked to anybody."));
    }
}
