//! `site pick`: who could try a release, with the reasons.

use clap::{ArgMatches, Args, FromArgMatches};
use serde_json::json;

use super::super::context::Context;
use super::super::verb::Own;
use crate::workspace::deed::Group;
use crate::workspace::look::pick;
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Own = Own {
    name: "site pick",
    about: "Who could try a release: sites by platform, agreement, silence, load and time zone",
    group: Group::Rollout,
    args: PickArgs::augment_args,
    run,
};

#[derive(Args)]
struct PickArgs {
    /// A ticket, an announcement or a product
    id: String,
    /// How many; the rest is counted
    #[arg(long, value_name = "N", default_value_t = 3)]
    count: usize,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(PickArgs::from_arg_matches(matches))?;
    let picked = context.look(|look| pick::pick(look, &args.id))?;
    if context.globals.json {
        let items: Vec<_> = picked
            .fits
            .iter()
            .map(|it| json!({"site": it.site, "free": it.free, "reasons": it.reasons}))
            .collect();
        let (product, platform) = (&picked.product, &picked.platform);
        return context.json(
            "site-pick",
            &json!({"product": product, "platform": platform, "items": items}),
        );
    }
    if picked.fits.is_empty() {
        context
            .out
            .line("No site yet. `relmate site add NAME --country C --contact MAIL` adds one.");
        return Ok(());
    }
    let mut table = super::super::table::Table::new(&["site", "why"]);
    for fit in picked.fits.iter().take(args.count) {
        table.row(None, [fit.site.as_str(), &fit.reasons.join(", ")]);
    }
    table.print(&mut context.out);
    let more = picked.fits.len().saturating_sub(args.count);
    if more > 0 {
        context
            .out
            .line(&format!("{more} more: --count {}.", picked.fits.len()));
    }
    Ok(())
}
