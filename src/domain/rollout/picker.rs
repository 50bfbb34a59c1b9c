//! Who could try a release: sites in the order of how well they fit, each with its reasons.
//! Picks nobody; a manager does.

use chrono::{DateTime, NaiveDate, Utc};

use super::announcement::Announcement;
use super::decision::due;
use super::site::Site;
use crate::domain::calendar::spoken;
use crate::domain::noun::Setting;
use crate::domain::zone::Zone;

/// What a release asks of a site.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub product: &'a str,
    /// None is any.
    pub platform: Option<&'a str>,
    pub now: DateTime<Utc>,
}

/// A site with its time zone, where that is known.
pub struct Candidate<'a> {
    pub site: &'a Site,
    pub zone: Option<Zone>,
}

/// How one site fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    pub site: String,
    /// It can be told today.
    pub free: bool,
    /// Why it is where it is in the list, the weightiest first.
    pub reasons: Vec<String>,
    rank: Rank,
}

/// Smaller is better; compared from the first on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    kept_out: bool,
    platform: u8,
    no_agreement: bool,
    silences: usize,
    load: usize,
    hours_apart: i32,
    name: String,
}

/// How many of a site's last announcements count as recent.
const RECENT: usize = 5;

/// Every site, the one that fits best first.
pub fn fits(
    sites: &[Candidate<'_>],
    announcements: &[Announcement],
    wanted: &Wanted<'_>,
    setting: &Setting<'_>,
) -> Vec<Fit> {
    let today = setting.zone.day(wanted.now);
    let mut fits: Vec<Fit> = sites
        .iter()
        .map(|it| fit(it, announcements, wanted, (setting, today)))
        .collect();
    fits.sort_by(|left, right| left.rank.cmp(&right.rank));
    fits
}

fn fit(
    candidate: &Candidate<'_>,
    announcements: &[Announcement],
    wanted: &Wanted<'_>,
    (setting, today): (&Setting<'_>, NaiveDate),
) -> Fit {
    let site = candidate.site;
    let mut reasons = Vec::new();
    let kept_out = kept_out(site, wanted, today);
    reasons.extend(kept_out.clone());
    let platform = platform(site, wanted, &mut reasons);
    let agreement = site
        .agreement(wanted.product, today)
        .filter(|sla| sla.holds(today));
    reasons.push(match agreement {
        Some(sla) => format!("reports within {}", sla.limit()),
        None => "no agreement on it yet".to_owned(),
    });
    let (silences, of) = silences(site, announcements, setting, today);
    if of > 0 {
        reasons.push(match silences {
            0 => format!("answered all of its last {of}"),
            n => format!("silent in {n} of its last {of}"),
        });
    } else {
        reasons.push("never asked so far".to_owned());
    }
    let load = load(site, announcements);
    reasons.push(match load {
        0 => "nothing on trial".to_owned(),
        n => format!("{n} on trial"),
    });
    let apart = hours_apart(candidate, setting, wanted.now);
    reasons.extend(apart.map(|hours| match hours {
        0 => "the desk's own hours".to_owned(),
        1.. => format!("{hours} h ahead"),
        _ => format!("{} h behind", -hours),
    }));
    Fit {
        site: site.name.clone(),
        free: kept_out.is_none(),
        reasons,
        rank: Rank {
            kept_out: kept_out.is_some(),
            platform,
            no_agreement: agreement.is_none(),
            silences,
            load,
            // Where nobody knows, nothing speaks for it and little against.
            hours_apart: apart.map_or(6, i32::abs),
            name: site.name.to_lowercase(),
        },
    }
}

fn kept_out(site: &Site, wanted: &Wanted<'_>, today: NaiveDate) -> Option<String> {
    if site.production == Some(false) {
        return Some("no production site".to_owned());
    }
    let away = site.absent(wanted.product, today)?;
    Some(match away.to {
        Some(to) => format!("away until {}", spoken(to)),
        None => "has opted out".to_owned(),
    })
}

fn platform(site: &Site, wanted: &Wanted<'_>, reasons: &mut Vec<String>) -> u8 {
    let Some(platform) = wanted.platform.filter(|it| !it.is_empty()) else {
        return 0;
    };
    let covers = |it: &String| it.eq_ignore_ascii_case(platform);
    if site.platforms.iter().any(covers) {
        reasons.push(format!("has {platform}"));
        0
    } else if site.platforms.is_empty() {
        reasons.push("platforms not known".to_owned());
        1
    } else {
        reasons.push(format!("has no {platform}"));
        2
    }
}

/// Of the last announcements whose period is over, how many it never answered.
fn silences(
    site: &Site,
    announcements: &[Announcement],
    setting: &Setting<'_>,
    today: NaiveDate,
) -> (usize, usize) {
    let mut over: Vec<(NaiveDate, bool)> = announcements
        .iter()
        .filter_map(|it| {
            let turn = it.turn.get(&site.name).filter(|turn| turn.sent)?;
            let due = due(turn, setting);
            let silent = !it.reports.iter().any(|report| report.site == site.name);
            (due < today).then_some((due, silent))
        })
        .collect();
    over.sort();
    let recent = &over[over.len().saturating_sub(RECENT)..];
    let silent = recent.iter().filter(|(_, silent)| *silent).count();
    (silent, recent.len())
}

/// What it has on trial and has not answered.
fn load(site: &Site, announcements: &[Announcement]) -> usize {
    announcements
        .iter()
        .filter(|it| it.standing.state.is_open() && it.turn.contains_key(&site.name))
        .filter(|it| !it.reports.iter().any(|report| report.site == site.name))
        .count()
}

fn hours_apart(
    candidate: &Candidate<'_>,
    setting: &Setting<'_>,
    now: DateTime<Utc>,
) -> Option<i32> {
    let zone = candidate.zone.as_ref()?;
    let seconds = (zone.local(now) - setting.zone.local(now)).num_seconds();
    i32::try_from(seconds / 3600).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::queue::examples::{profile, under};
    use crate::domain::rollout::site::{Absence, Sla};

    fn site(name: &str, platforms: &[&str], agreed: bool) -> Site {
        let mut site = Site {
            name: name.to_owned(),
            platforms: platforms.iter().map(|it| (*it).to_owned()).collect(),
            ..Site::default()
        };
        if agreed {
            let sla = Sla {
                days: 7,
                ..Sla::default()
            };
            site.sla.insert("bdii".to_owned(), sla);
        }
        site
    }

    fn told(sites: &[&str], reports: &[&str], state: &str) -> Announcement {
        let turn = |it: &&str| {
            let turn =
                serde_json::json!({"announced": "2026-10-01", "sent": true, "limit": "7 days"});
            ((*it).to_owned(), turn)
        };
        let report = |it: &&str| serde_json::json!({"site": it, "outcome": "ok", "received": "2026-10-03", "by": "Alice"});
        serde_json::from_value(serde_json::json!({
            "id": "N-1", "ticket": "T-1", "product": "bdii",
            "state": {"state": state, "entered": "2026-10-01"},
            "turn": sites.iter().map(turn).collect::<serde_json::Map<_, _>>(),
            "reports": reports.iter().map(report).collect::<Vec<_>>(),
        }))
        .unwrap()
    }

    fn order(sites: &[Site], announcements: &[Announcement]) -> Vec<(String, String)> {
        let candidates: Vec<Candidate<'_>> = sites
            .iter()
            .map(|site| Candidate { site, zone: None })
            .collect();
        let wanted = Wanted {
            product: "bdii",
            platform: Some("al9"),
            now: "2026-11-20T09:00:00Z".parse().unwrap(),
        };
        under(&profile(), |setting| {
            fits(&candidates, announcements, &wanted, setting)
                .into_iter()
                .map(|it| (it.site, it.reasons.join(", ")))
                .collect()
        })
    }

    #[test]
    fn r38_sites_are_in_the_order_of_platform_agreement_silence_and_load() {
        let mut away = site("AWAY", &["al9"], true);
        away.away.push(Absence {
            from: "2026-11-01".parse().unwrap(),
            to: None,
            product: None,
            reason: None,
        });
        let sites = [
            site("NONE", &["el7"], true),
            site("UNKNOWN", &[], true),
            away,
            site("BUSY", &["al9"], true),
            site("SILENT", &["al9"], true),
            site("NEW", &["al9"], false),
            site("GOOD", &["al9"], true),
        ];
        let announcements = [
            told(&["GOOD", "BUSY", "SILENT"], &["GOOD", "BUSY"], "good"),
            told(&["BUSY"], &[], "running"),
        ];
        let order = order(&sites, &announcements);
        let names: Vec<&str> = order.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            ["GOOD", "SILENT", "BUSY", "NEW", "UNKNOWN", "NONE", "AWAY"]
        );
        assert!(
            order[0]
                .1
                .contains("has al9, reports within 7 days, answered all of its last 1"),
            "{}",
            order[0].1
        );
        assert!(order[6].1.starts_with("has opted out"), "{}", order[6].1);
    }
}
