//! Who could try a release: the sites of the desk in the order of how well they fit.

use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::rollout::announcement::Announcement;
use crate::domain::rollout::picker::{self, Candidate, Fit, Wanted};
use crate::domain::rollout::site::Site;
use crate::store::zones;
use crate::workspace::look::{Look, resolve};
use crate::workspace::refusal::Refusal;

/// What sites are picked for, and how they fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    pub product: String,
    pub platform: Option<String>,
    pub fits: Vec<Fit>,
}

/// For a product, a ticket or an announcement.
pub fn pick(look: &Look<'_>, id: &str) -> Result<Picked, Refusal> {
    let row = resolve::any(look.reader, id)?;
    let (product, platform) = match row.noun()? {
        Some(Noun::Product(product)) => (product.name, None),
        Some(Noun::Ticket(ticket)) => (ticket.product, Some(ticket.platform)),
        Some(Noun::Announcement(it)) => (it.product, Some(it.platform)),
        _ => {
            return Err(Refusal::not_found(
                format!("{} is no product, ticket or announcement.", row.id),
                "Sites are picked for one of these: `relmate list products`.",
            ));
        }
    };
    Ok(Picked {
        fits: fits(look, &product, platform.as_deref())?,
        product,
        platform: platform.filter(|it| !it.is_empty()),
    })
}

/// The same, where product and platform are known.
pub fn fits(look: &Look<'_>, product: &str, platform: Option<&str>) -> Result<Vec<Fit>, Refusal> {
    let mut sites: Vec<Site> = Vec::new();
    for row in look.reader.all(Kind::Site)? {
        if let Some(Noun::Site(site)) = row.noun()? {
            sites.push(*site);
        }
    }
    let mut announcements: Vec<Announcement> = Vec::new();
    for row in look.reader.all(Kind::Announcement)? {
        if let Some(Noun::Announcement(it)) = row.noun()? {
            announcements.push(*it);
        }
    }
    let zone = |site: &Site| zones::zone(site.timezone.as_deref()?).ok();
    let candidates: Vec<Candidate<'_>> = sites
        .iter()
        .map(|site| Candidate {
            site,
            zone: zone(site),
        })
        .collect();
    let wanted = Wanted {
        product,
        platform,
        now: look.now,
    };
    let judged = look.judged()?;
    Ok(picker::fits(
        &candidates,
        &announcements,
        &wanted,
        &look.setting(&judged),
    ))
}
