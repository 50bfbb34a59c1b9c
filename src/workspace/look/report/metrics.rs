//! What the metrics are worked out from.

use super::{Asked, records};
use crate::domain::metrics::{self, Facts, METRICS};
use crate::report::document::Document;
use crate::report::metrics as report;
use crate::workspace::look::Look;
use crate::workspace::refusal::Refusal;

pub(super) fn metrics(look: &Look<'_>, asked: &Asked) -> Result<Document, Refusal> {
    let metric = asked.rows.as_deref().map(metric).transpose()?;
    let judged = look.judged()?;
    let setting = look.setting(&judged);
    let mut facts = Facts::none(&setting, look.today, asked.period(look)?);
    facts.site = asked.site(look)?;
    facts.product = asked.product(look)?;
    if let Some(metric) = metric
        && facts.site.is_some()
        && !metric.of_a_site
    {
        return Err(Refusal::usage(
            format!(
                "Metric {}, {}, is not of a site.",
                metric.number, metric.title
            ),
            "Leave --site out.",
        ));
    }
    facts.tickets = records::tickets(look)?;
    facts.submissions = records::submissions(look)?;
    facts.messages = records::messages(look)?;
    facts.announcements = records::announcements(look)?;
    facts.problems = records::problems(look)?;
    facts.sites = records::sites(look)?;
    facts.milestones = records::milestones(look)?;
    facts.releases = records::releases(look)?;
    if let Some(cycle) = &asked.cycle {
        facts
            .milestones
            .retain(|it| it.cycle.eq_ignore_ascii_case(cycle));
    }
    Ok(match metric {
        Some(metric) => report::rows(&facts, metric),
        None => report::document(&facts),
    })
}

fn metric(name: &str) -> Result<&'static metrics::Metric, Refusal> {
    metrics::named(name).ok_or_else(|| {
        let names: Vec<String> = METRICS
            .iter()
            .map(|it| format!("{} {}", it.number, it.name))
            .collect();
        Refusal::usage(
            format!("There is no metric {name}."),
            format!("There are {}.", names.join(", ")),
        )
    })
}
