//! What the reports about rollout sites are made from.

use super::{Asked, records};
use crate::domain::rollout::ledger::Records;
use crate::domain::rollout::versions::{self as runs, running};
use crate::report::document::Document;
use crate::report::{coverage as gaps, sites as ledger, versions as who};
use crate::workspace::look::Look;
use crate::workspace::refusal::Refusal;

pub(super) fn sites(look: &Look<'_>, asked: &Asked) -> Result<Document, Refusal> {
    let judged = look.judged()?;
    let setting = look.setting(&judged);
    let (site, product) = (asked.site(look)?, asked.product(look)?);
    Ok(ledger::document(&ledger::Facts {
        records: Records {
            announcements: &records::announcements(look)?,
            problems: &records::problems(look)?,
            sites: &records::sites(look)?,
        },
        setting: &setting,
        today: look.today,
        site: site.as_deref(),
        product: product.as_deref(),
        ascii: asked.ascii,
    }))
}

pub(super) fn versions(look: &Look<'_>, asked: &Asked) -> Result<Document, Refusal> {
    let (site, product) = (asked.site(look)?, asked.product(look)?);
    let wants = |asked: &Option<String>, name: &str| {
        asked
            .as_deref()
            .is_none_or(|it| it.eq_ignore_ascii_case(name))
    };
    let mut runs = running(
        &runs::Records {
            sites: &records::sites(look)?,
            announcements: &records::announcements(look)?,
            tickets: &records::tickets(look)?,
        },
        &look.zone,
        look.today,
    );
    runs.retain(|it| wants(&site, &it.site) && wants(&product, &it.product));
    let mut products = records::products(look)?;
    products.retain(|it| !it.deleted && wants(&product, &it.name));
    Ok(who::document(&who::Facts {
        runs: &runs,
        products: &products,
    }))
}

pub(super) fn coverage(look: &Look<'_>, asked: &Asked) -> Result<Document, Refusal> {
    let product = asked.product(look)?;
    let wants = |name: &str| {
        product
            .as_deref()
            .is_none_or(|it| it.eq_ignore_ascii_case(name))
    };
    let mut tickets = records::tickets(look)?;
    tickets.retain(|it| wants(&it.product));
    let products: Vec<String> = records::products(look)?
        .into_iter()
        .filter(|it| !it.deleted && wants(&it.name))
        .map(|it| it.name)
        .collect();
    Ok(gaps::document(&gaps::Facts {
        tickets: &tickets,
        sites: &records::sites(look)?,
        products: &products,
        today: look.today,
    }))
}
