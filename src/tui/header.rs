//! The two lines above the panes and the panes' titles, as texts. Made when their
//! facts change and not when they are drawn; the view picks what fits.

use super::model::Model;
use super::theme::Theme;
use crate::domain::calendar::spoken;
use crate::workspace::look::board::rows::{HeadCounts, Header, Pane, spoken_time};

/// Texts for the frame around the rows.
#[derive(Debug, Default)]
pub struct Lines {
    /// "CMD 1.4.0, 17 Dec, R-4 (26 d)"
    pub release: String,
    /// The same, as short as it gets: "CMD 1.4.0 R-4".
    pub brief: String,
    pub people: String,
    pub counts: String,
    /// "Sat 21 Nov 2026 09:14"
    pub clock: String,
    /// Name and figures of each pane.
    pub titles: [(&'static str, String); Pane::COUNT],
}

impl Lines {
    pub fn of(model: &Model) -> Self {
        let Some(header) = &model.header else {
            return Self::default();
        };
        let mut people = header.people.clone();
        if let Some(who) = &model.user.who {
            let primary = format!("{who} primary");
            if !people
                .iter()
                .any(|text| text.eq_ignore_ascii_case(&primary))
            {
                people.insert(0, format!("you are {who}"));
            }
        }
        if model.user.demo {
            people.push("example desk".to_owned());
        }
        Self {
            release: release(header),
            brief: brief(header),
            people: people.join(model.theme.dot()),
            counts: match &header.release {
                Some(release) => release.text(),
                None => counts(&header.counts, model.theme),
            },
            clock: match model.as_of {
                Some(day) => format!("as of {}", spoken(day)),
                None => spoken_time(&header.zone, model.now),
            },
            titles: Pane::ALL.map(|pane| (name(pane), figures(pane, header))),
        }
    }
}

pub fn name(pane: Pane) -> &'static str {
    match pane {
        Pane::Attention => "Needs a human",
        Pane::Schedule => "Schedule",
        Pane::Queue => "Queue",
        Pane::Sites => "Sites",
        Pane::Retro => "Retrospective",
        Pane::Outbox => "Outbox",
        Pane::Submissions => "Submissions",
        Pane::Products => "Products",
        Pane::People => "People",
        Pane::Cycles => "Cycles",
        Pane::Announcements => "Announcements",
        Pane::Problems => "Problems",
        Pane::Releases => "Releases",
    }
}

fn release(header: &Header) -> String {
    match &header.cycle {
        Some(cycle) if cycle.release.is_empty() => cycle.name.clone(),
        Some(cycle) => {
            format!(
                "{}, {}, {} ({} d)",
                cycle.name, cycle.release, cycle.week, cycle.days_left
            )
        }
        None => header.project.clone(),
    }
}

fn brief(header: &Header) -> String {
    match &header.cycle {
        Some(cycle) => format!("{} {}", cycle.name, cycle.week)
            .trim_end()
            .to_owned(),
        None => header.project.clone(),
    }
}

fn counts(counts: &HeadCounts, theme: Theme) -> String {
    let mut parts = Vec::new();
    let mut add = |n: u64, text: &str| {
        if n > 0 {
            parts.push(format!("{n} {text}"));
        }
    };
    add(counts.overdue, "overdue");
    let broken = counts.broken_promises;
    add(
        broken,
        if broken == 1 {
            "promise broken"
        } else {
            "promises broken"
        },
    );
    add(counts.due_soon, "due soon");
    add(
        counts.drafts,
        if counts.drafts == 1 {
            "draft to send"
        } else {
            "drafts to send"
        },
    );
    add(
        counts.conflicts,
        if counts.conflicts == 1 {
            "conflict"
        } else {
            "conflicts"
        },
    );
    if counts.overdue == 0 && counts.broken_promises == 0 {
        parts.insert(0, "no ticket overdue".to_owned());
    }
    if counts.ready > 0 {
        parts.push(format!("pool: {} ready", counts.ready));
    }
    parts.join(theme.dot())
}

fn figures(pane: Pane, header: &Header) -> String {
    let counts = &header.counts;
    match pane {
        Pane::Attention if counts.attention == 0 => String::new(),
        Pane::Attention if counts.mine > 0 => {
            format!("{}, mine {}", counts.attention, counts.mine)
        }
        Pane::Attention => counts.attention.to_string(),
        Pane::Schedule => match &header.next {
            Some((code, days)) if *days < 0 => format!("next: {code}, {} d late", -days),
            Some((code, 0)) => format!("next: {code} today"),
            Some((code, days)) => format!("next: {code} in {days} d"),
            None => String::new(),
        },
        Pane::Queue => some(counts.queue_open, "open, most urgent first"),
        Pane::Sites if counts.announcements_open > 0 => joined(&[
            some(counts.announcements_open, "announced"),
            some(counts.silent, "silent"),
        ]),
        Pane::Sites => some(counts.sites, "in the rollout"),
        Pane::Retro => retro(counts),
        Pane::Outbox => some(counts.drafts, "drafted"),
        Pane::Submissions => some(counts.submissions_open, "open"),
        Pane::Products => some(counts.products, "in all"),
        Pane::People => some(counts.people, "in all"),
        Pane::Cycles => some(counts.cycles_open, "open"),
        Pane::Announcements => some(counts.announcements_open, "running"),
        Pane::Problems => problems(counts),
        Pane::Releases => releases(counts),
    }
}

/// A figure with its word; none is not worth a word.
fn some(n: u64, word: &str) -> String {
    if n == 0 {
        return String::new();
    }
    format!("{n} {word}")
}

fn problems(counts: &HeadCounts) -> String {
    let parts = [
        some(counts.problems_open, "open"),
        some(counts.problems_critical, "critical"),
        some(counts.errors_open, "known"),
    ];
    joined(&parts)
}

fn releases(counts: &HeadCounts) -> String {
    let parts = [
        some(counts.releases_open, "open"),
        some(counts.releases, "in all"),
    ];
    joined(&parts)
}

fn joined(parts: &[String]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(", ")
}

fn retro(counts: &HeadCounts) -> String {
    let mut text = match (counts.actions_open, counts.lessons) {
        (0, 0) => return String::new(),
        (0, 1) => return "1 lesson".to_owned(),
        (0, lessons) => return format!("{lessons} lessons"),
        (1, _) => "1 action open".to_owned(),
        (open, _) => format!("{open} actions open"),
    };
    if counts.actions_late > 0 {
        text = format!("{text}, {} late", counts.actions_late);
    }
    text
}
