//! Products and their submissions, until tickets come of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Deed, Entry, Filled, Group, On, Place, Value};
use crate::domain::kind::Kind;
use crate::domain::queue::submission::Target;
use crate::workspace::act::product::CARD;
use crate::workspace::action::{Action, ProductCard, Submit};
use crate::workspace::files;
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;

const PRODUCTS: Place = (Group::Queue, On::One(&[Kind::Product]));
const SUBMISSIONS: Place = (Group::Queue, On::One(&[Kind::Submission]));
const ID: Entry = Entry::place(
    ("id", "Submission", "The submission"),
    Value::Id(&[Kind::Submission]),
);
const REASON: Entry = Entry::named(("reason", "Reason", "Why"), Value::Text).called("R");
/// What a package is built for where nothing else is said.
const ARCH: &str = "x86_64";

/// The product, then the fields of its card.
#[rustfmt::skip]
const fn card(product: Value) -> [Entry; 10] {
    [
        Entry::place(("name", "Product", "The product"), product).called("NAME"),
        Entry::named(("provider", "Provider", "Who makes it"), Value::Text).called("P"),
        Entry::named(("contact", "Contact", "Who is told of delays"), Value::Mail),
        Entry::named(("team-leader", "Team leader", "Who leads the product team"), Value::Text).called("NAME"),
        Entry::named(("description", "Description", "What it is and does"), Value::Long),
        Entry::named(("documentation", "Documentation", "Where it is documented"), Value::Link),
        Entry::named(("support-unit", "Support unit", "Its unit in the helpdesk"), Value::Text).called("UNIT"),
        Entry::named(("licence", "Licence", "Its licence"), Value::Text),
        Entry::named(("version-report", "Reports its version", "How it reports its own version: a command or a probe"), Value::Text),
        Entry::named(("team-repository", "Team's repository", "The team's own repository; a note, never a source"), Value::Link),
    ]
}

const DESK: Place = (Group::Queue, On::Desk);

#[rustfmt::skip]
pub(super) const DEEDS: &[Deed] = &[
    Deed::new("product add", "Add a product with its ID card", DESK,
        &card(Value::Text), product_add),
    Deed::new("product edit", "Change a product's ID card; an empty text empties a field", PRODUCTS,
        &card(Value::Named(Kind::Product)), product_edit),
    Deed::new("submit", "Take in a product release: version, notes, packages, platforms", DESK, &[
        Entry::named(("product", "Product", "The product"), Value::Named(Kind::Product)).called("P").must(),
        Entry::named(("version", "Version", "Its version: major.minor.revision"), Value::Text).called("V"),
        Entry::named(("platform", "Platforms", "A platform; several make several tickets"), Value::Text).called("PL").many(),
        Entry::named(("arch", "Architectures", "An architecture; several make several tickets"), Value::Text).called("A").many().or(ARCH),
        Entry::named(("notes", "Release notes", "The release notes"), Value::Link),
        Entry::from_file(("packages", "Packages", "The full list of packages, one a line; - is standard input"), Value::Lines),
        Entry::named(("channel-id", "Request", "The request's id in the helpdesk"), Value::Text).called("ID"),
        Entry::named(("supersedes", "Replaces", "The submission it replaces"), Value::Id(&[Kind::Submission])),
        Entry::flag(("emergency", "Emergency", "An emergency release")),
        Entry::named(("waive", "Take in anyway", "Take it in although a part is missing, and why"), Value::Text).called("REASON")], submit),
    Deed::new("inject", "Make a submission's tickets and draft its answer", SUBMISSIONS, &[ID,
        Entry::named(("rt", "Tracker ids", "A tracker's id for one ticket: `al9/x86_64=12345`"), Value::Pair).called("PLATFORM/ARCH=RT").many()], inject),
    Deed::new("submission refuse", "Refuse a submission as it came in, and draft the refusal", SUBMISSIONS,
        &[ID, REASON.asked()], refuse),
    Deed::new("submission withdraw", "Take a submission back at its provider's wish", SUBMISSIONS,
        &[ID, REASON], withdraw),
];

fn written(filled: &Filled) -> Result<ProductCard, Refusal> {
    let mut fields = BTreeMap::new();
    for field in CARD {
        if let Some(value) = filled.maybe(&field.replace('_', "-")) {
            fields.insert((*field).to_owned(), value);
        }
    }
    let name = filled.must("name")?;
    Ok(ProductCard { name, fields })
}

fn product_add(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::ProductAdd(written(filled)?))
}

fn product_edit(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::ProductEdit(written(filled)?))
}

/// Every platform with every architecture, each once.
fn targets(filled: &Filled) -> Vec<Target> {
    let mut archs = filled.many("arch").to_vec();
    if archs.is_empty() {
        archs.push(ARCH.to_owned());
    }
    let mut targets = BTreeSet::new();
    for platform in filled.many("platform") {
        for arch in &archs {
            targets.insert(Target {
                platform: platform.clone(),
                arch: arch.clone(),
            });
        }
    }
    targets.into_iter().collect()
}

fn submit(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    let packages = filled.text("packages")?;
    Ok(Action::Submit(Submit {
        product: filled.must("product")?,
        version: filled.maybe("version"),
        targets: targets(filled),
        notes_url: filled.maybe("notes"),
        packages: files::names(packages.as_deref().unwrap_or_default()),
        channel_id: filled.maybe("channel-id"),
        supersedes: filled.maybe("supersedes"),
        emergency: filled.yes("emergency"),
        waive: filled.maybe("waive"),
    }))
}

fn inject(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    let mut tracking = BTreeMap::new();
    for (target, id) in filled.pairs("rt", "--rt al9/x86_64=12345")? {
        if id.is_empty() {
            return Err(Refusal::usage(
                format!("{target:?} has no id after its =."),
                "Write --rt al9/x86_64=12345.",
            ));
        }
        tracking.insert(target, id);
    }
    Ok(Action::Inject {
        id: filled.must("id")?,
        tracking,
    })
}

fn closed(filled: &Filled, refused: bool) -> Result<Action, Refusal> {
    Ok(Action::SubmissionClose {
        id: filled.must("id")?,
        refused,
        reason: filled.maybe("reason"),
    })
}

fn refuse(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    closed(filled, true)
}

fn withdraw(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    closed(filled, false)
}
