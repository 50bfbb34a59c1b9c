//! What the reports about the queue are made from: where the time went, what is where.

use std::collections::BTreeMap;

use super::{Asked, records};
use crate::domain::kind::Kind;
use crate::domain::noun::Setting;
use crate::domain::queue::ball::{Beside, Span, spans, within};
use crate::domain::queue::ticket::Ticket;
use crate::domain::rollout::announcement::Announcement;
use crate::report::document::Document;
use crate::report::time::{self, Booked};
use crate::report::{repository as contents, spoken_period};
use crate::workspace::look::Look;
use crate::workspace::refusal::Refusal;

pub(super) fn time(look: &Look<'_>, asked: &Asked) -> Result<Document, Refusal> {
    let judged = look.judged()?;
    let setting = look.setting(&judged);
    let releases = records::releases(look)?;
    if asked.id.is_some() {
        let ticket = asked.ticket(look)?;
        let announcements =
            records::of(look, Kind::Announcement, &ticket.id, records::announcement)?;
        let beside = Beside {
            announcements: &announcements,
            releases: &releases,
        };
        let title = format!("Where the time of {} {} went", ticket.id, ticket.label());
        let booked = booked(
            &ticket,
            spans(&ticket, &beside, &setting, look.today),
            &setting,
        );
        return Ok(time::document(&time::Facts {
            title,
            tickets: &[booked],
            stays: true,
            ascii: asked.ascii,
        }));
    }
    let period = asked.period(look)?;
    let product = asked.product(look)?;
    let mut announcements: BTreeMap<String, Vec<Announcement>> = BTreeMap::new();
    for it in records::announcements(look)? {
        announcements.entry(it.ticket.clone()).or_default().push(it);
    }
    let mut tickets = Vec::new();
    for ticket in records::tickets(look)? {
        let wanted = product
            .as_deref()
            .is_none_or(|it| it.eq_ignore_ascii_case(&ticket.product));
        if ticket.deleted || !wanted {
            continue;
        }
        let own = announcements.get(&ticket.id).map_or(&[][..], Vec::as_slice);
        let beside = Beside {
            announcements: own,
            releases: &releases,
        };
        let spans: Vec<Span> = spans(&ticket, &beside, &setting, look.today)
            .into_iter()
            .filter_map(|span| within(span, period.from, period.to))
            .collect();
        if !spans.is_empty() {
            tickets.push(booked(&ticket, spans, &setting));
        }
    }
    Ok(time::document(&time::Facts {
        title: format!("Where the time went, {}", spoken_period(&period)),
        tickets: &tickets,
        stays: false,
        ascii: asked.ascii,
    }))
}

fn booked(ticket: &Ticket, spans: Vec<Span>, setting: &Setting<'_>) -> Booked {
    Booked {
        id: ticket.id.clone(),
        label: ticket.label(),
        state: setting.profile.label(ticket.standing.state).to_owned(),
        spans,
    }
}

pub(super) fn repository(look: &Look<'_>, asked: &Asked) -> Result<Document, Refusal> {
    let product = asked.product(look)?;
    let mut tickets = records::tickets(look)?;
    tickets.retain(|it| {
        product
            .as_deref()
            .is_none_or(|product| product.eq_ignore_ascii_case(&it.product))
    });
    Ok(contents::document(&contents::Facts {
        tickets: &tickets,
        zone: &look.zone,
    }))
}
