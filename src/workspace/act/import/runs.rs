//! What runs at the sites, one register a site and product. Makes no site: one that
//! nobody has told the desk of is a row that cannot be taken in.

use serde_json::{Value, json};

use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::rollout::site::{Running, Site};
use crate::exchange::{Item, Rejected};
use crate::workspace::plan::Plan;
use crate::workspace::receipt::ImportLine;
use crate::workspace::refusal::Refusal;

/// Whether a row says what runs at a site, and not what a site is.
pub(super) fn is_one(item: &Item) -> bool {
    item.kind == Kind::Site && item.fields.contains_key("site")
}

/// Takes a row in, or says why it cannot be.
pub(super) fn take(
    plan: &mut Plan<'_, '_>,
    item: &Item,
) -> Result<Result<ImportLine, Rejected>, Refusal> {
    let text = |field: &str| item.fields.get(field).and_then(Value::as_str);
    let (name, product) = (text("site").unwrap_or(""), text("product").unwrap_or(""));
    let Some(loaded) = plan.find(Kind::Site, name)? else {
        return Ok(Err(Rejected {
            source: item.source.clone(),
            why: format!("there is no site {name}; add it first with `relmate site add`"),
        }));
    };
    let Noun::Site(site) = &loaded.noun else {
        return Err(Refusal::failed(
            format!("{name} cannot be read."),
            "Run `relmate doctor`.",
        ));
    };
    let (product, old) = spelled(site, product);
    let on = text("on").and_then(|day| day.parse().ok());
    let new = Running {
        version: text("version").unwrap_or_default().to_owned(),
        platform: text("platform").map(str::to_owned),
        on: match (on, &old) {
            (Some(on), _) => on,
            // Told again without a day it is no newer than it was.
            (None, Some(old)) if Some(old.version.as_str()) == text("version") => old.on,
            (None, _) => plan.day()?,
        },
        how: text("how").map(str::to_owned),
    };
    let what = format!("{product} {}", new.version);
    let line = |outcome, changes| ImportLine {
        outcome,
        id: site.name.clone(),
        kind: Kind::Site.word(),
        what,
        source: item.source.clone(),
        changes,
    };
    let word = |running: &Running| format!("{} ({})", running.version, running.on);
    if let Some(old) = old
        .as_ref()
        .filter(|old| old.on > new.on && old.version != new.version)
    {
        plan.warn(format!(
            "{} runs {product} {} since it was seen on {}, and {} by {}, seen on {}: the later is kept.",
            site.name, old.version, old.on, new.version, item.source, new.on
        ));
        return Ok(Ok(line("unchanged", Vec::new())));
    }
    if old.as_ref() == Some(&new)
        || !plan.set(&loaded.entity, &format!("runs:{product}"), json!(new))?
    {
        return Ok(Ok(line("unchanged", Vec::new())));
    }
    let from = old.as_ref().map(word).unwrap_or_default();
    plan.receipt.ids.push(site.name.clone());
    Ok(Ok(line(
        "changed",
        vec![(format!("runs {product}"), from, word(&new))],
    )))
}

/// The product as the site spells it, and what it runs of it.
fn spelled(site: &Site, product: &str) -> (String, Option<Running>) {
    let same = |name: &&String| name.eq_ignore_ascii_case(product);
    let key = site.runs.keys().find(same);
    let key = key.or_else(|| site.sla.keys().find(same));
    let name = key.map_or_else(|| product.to_owned(), Clone::clone);
    let running = site.runs.get(&name).cloned();
    (name, running)
}
