//! The release notes of a distribution release, composed from its tickets (DOMAIN.md f7):
//! by product what is new, for which platforms, its packages, and the errors that are
//! known and still open. Makes a text from facts; reads nothing.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;
use thiserror::Error;

use crate::domain::calendar::spoken;
use crate::domain::distribution::release::Release;
use crate::domain::plain::{plain, plain_lines};
use crate::domain::problem::known_error::KnownError;
use crate::domain::queue::ticket::Ticket;

const TEMPLATE: &str = include_str!("../../assets/templates/release-notes.md");

/// Notes that could not be made.
#[derive(Debug, Error)]
#[error("The release notes could not be written: {0}.")]
pub struct NotesError(String);

/// What the notes are made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Notes {
    pub name: String,
    pub version: Option<String>,
    pub date: Option<String>,
    pub kind: String,
    /// What the managers say above the products.
    pub text: Option<String>,
    pub products: Vec<ProductNotes>,
    pub known_issues: Option<String>,
    pub advisories: Vec<String>,
    pub installation: Option<String>,
    pub repository: Option<String>,
    pub contact: Option<String>,
}

/// One product in one version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ProductNotes {
    pub product: String,
    pub version: Option<String>,
    pub provider: Option<String>,
    /// `al9 x86_64`.
    pub platforms: Vec<String>,
    /// Where the product team says what is new.
    pub notes: Vec<String>,
    pub packages: Vec<String>,
    pub errors: Vec<ErrorNotes>,
}

/// An error that is known and not fixed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErrorNotes {
    pub id: String,
    pub symptom: String,
    pub workaround: Option<String>,
}

impl Notes {
    /// From what is in a release, product by product.
    pub fn compose(
        release: &Release,
        tickets: &[Ticket],
        errors: &[KnownError],
        contact: Option<&str>,
    ) -> Self {
        let mut products: BTreeMap<(&str, Option<&str>), Vec<&Ticket>> = BTreeMap::new();
        for ticket in tickets {
            let key = (ticket.product.as_str(), ticket.version.as_deref());
            products.entry(key).or_default().push(ticket);
        }
        let mut products: Vec<ProductNotes> = products
            .into_iter()
            .map(|((product, version), tickets)| of_product(product, version, &tickets, errors))
            .collect();
        products.extend(shipped(release, errors));
        let date = release.published.or(release.date);
        Self {
            name: line(&release.name),
            version: release.version.as_deref().map(line),
            date: date.map(spoken),
            kind: release.kind.word().to_owned(),
            text: release.notes.as_deref().map(text),
            products,
            known_issues: release.known_issues.as_deref().map(text),
            advisories: release.advisories.iter().map(|it| line(it)).collect(),
            installation: release.installation.as_deref().map(text),
            repository: release.repository.as_deref().map(line),
            contact: contact.map(line),
        }
    }
}

fn of_product(
    product: &str,
    version: Option<&str>,
    tickets: &[&Ticket],
    errors: &[KnownError],
) -> ProductNotes {
    let mut notes = ProductNotes {
        product: line(product),
        version: version.map(line),
        errors: of_errors(product, version, errors),
        ..ProductNotes::default()
    };
    let mut packages = BTreeSet::new();
    for ticket in tickets {
        let platform = line(format!("{} {}", ticket.platform, ticket.arch).trim());
        push(&mut notes.platforms, platform);
        if let Some(link) = &ticket.notes_url {
            push(&mut notes.notes, line(link));
        }
        packages.extend(ticket.packages.iter().map(|it| line(it)));
        if notes.provider.is_none() {
            notes.provider = ticket.provider.as_deref().map(line);
        }
    }
    notes.packages = packages.into_iter().collect();
    notes
}

/// What an imported release shipped, which has no tickets.
fn shipped(release: &Release, errors: &[KnownError]) -> Vec<ProductNotes> {
    let mut products: Vec<ProductNotes> = Vec::new();
    for one in &release.shipped {
        let version = one.version.as_deref().map(line);
        let platform = [one.platform.as_deref(), one.arch.as_deref()];
        let platform = platform.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let product = line(&one.product);
        let known = products
            .iter_mut()
            .find(|it| (&it.product, &it.version) == (&product, &version));
        match known {
            Some(known) => push(&mut known.platforms, line(&platform)),
            None => products.push(ProductNotes {
                errors: of_errors(&one.product, one.version.as_deref(), errors),
                provider: one.provider.as_deref().map(line),
                platforms: Vec::from_iter((!platform.is_empty()).then(|| line(&platform))),
                product,
                version,
                ..ProductNotes::default()
            }),
        }
    }
    products
}

/// The known errors of a product that this version has; without versions every one has it.
fn of_errors(product: &str, version: Option<&str>, errors: &[KnownError]) -> Vec<ErrorNotes> {
    let concerns = |error: &&KnownError| {
        !error.deleted
            && error.product == product
            && match version {
                Some(_) => error.concerns(version),
                None => error.versions.is_empty(),
            }
    };
    errors
        .iter()
        .filter(concerns)
        .map(|error| ErrorNotes {
            id: error.id.clone(),
            symptom: line(&error.symptom),
            workaround: error.workaround.as_deref().map(line),
        })
        .collect()
}

fn push(list: &mut Vec<String>, value: String) {
    if !value.is_empty() && !list.contains(&value) {
        list.push(value);
    }
}

/// One line of somebody's text.
fn line(text: &str) -> String {
    plain(text).trim().to_owned()
}

/// A text of several lines.
fn text(text: &str) -> String {
    plain_lines(text).trim().to_owned()
}

/// The notes as Markdown.
pub fn markdown(notes: &Notes) -> Result<String, NotesError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    let text = environment
        .render_str(TEMPLATE, minijinja::Value::from(Serde(notes)))
        .map_err(|error| NotesError(error.to_string().replace('\n', " ")))?;
    Ok(format!("{}\n", super::letter::tidy(&text).trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::distribution::examples::release;
    use crate::domain::distribution::release::{ReleaseState, Shipped};
    use crate::domain::queue::examples::ticket;
    use crate::domain::queue::state::State;

    fn error(id: &str, versions: &[&str]) -> KnownError {
        let body = serde_json::json!({
            "id": id, "product": "bdii", "versions": versions, "symptom": "It hangs on reload",
            "workaround": "Restart it", "state": {"state": "open", "entered": "2026-11-01"},
        });
        serde_json::from_value(body).unwrap()
    }

    fn tickets() -> Vec<Ticket> {
        let one = Ticket {
            notes_url: Some("https://bdii.example/6.0.2".into()),
            ..ticket(State::Ready)
        };
        let other = Ticket {
            id: "T-13".into(),
            platform: "el9".into(),
            ..one.clone()
        };
        vec![one, other]
    }

    #[test]
    fn notes_have_by_product_what_is_new_and_the_errors_that_are_known() {
        let mut release = release(ReleaseState::Candidate);
        release.notes = Some("Two fixes.".to_owned());
        release.advisories = vec!["EGI-SVG-2026-03".to_owned()];
        release.installation = Some("Stop the service first.".to_owned());
        let errors = [
            error("E-1", &["6.0.2"]),
            error("E-2", &["5.2.0"]),
            error("E-3", &[]),
        ];
        let notes = Notes::compose(&release, &tickets(), &errors, Some("rm@example.org"));
        assert_eq!(notes.products.len(), 1);
        let text = markdown(&notes).unwrap();
        for part in [
            "# CMD 1.4.0",
            "Thu 17 Dec 2026",
            "Two fixes.",
            "## bdii 6.0.2",
            "al9 x86_64, el9 x86_64",
            "https://bdii.example/6.0.2",
            "bdii-6.0.2-1.noarch.rpm",
            "E-1: It hangs on reload",
            "Workaround: Restart it",
            "E-3",
            "EGI-SVG-2026-03",
            "Stop the service first.",
            "rm@example.org",
        ] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
        assert!(!text.contains("E-2"), "{text}");
        assert!(!text.contains("\n\n\n"), "{text}");
    }

    #[test]
    fn a_version_has_the_errors_of_the_same_number_however_it_is_written() {
        let errors = [error("E-1", &[" 7.0.3 "]), error("E-2", &["7.0.4"])];
        let of = |version| {
            let told = of_errors("bdii", version, &errors);
            told.into_iter().map(|it| it.id).collect::<Vec<_>>()
        };
        assert_eq!(of(Some("7.0.3")), ["E-1"]);
        assert_eq!(of(None), Vec::<String>::new());
    }

    #[test]
    fn an_imported_release_tells_what_it_shipped() {
        let mut release = release(ReleaseState::Published);
        release.shipped = ["al9", "el9"]
            .map(|platform| Shipped {
                product: "bdii".into(),
                version: Some("6.0.2".into()),
                platform: Some(platform.into()),
                ..Shipped::default()
            })
            .to_vec();
        let text = markdown(&Notes::compose(&release, &[], &[], None)).unwrap();
        assert!(
            text.contains("## bdii 6.0.2") && text.contains("al9, el9"),
            "{text}"
        );
    }

    #[test]
    fn a_text_that_turns_the_reading_order_does_not_reach_the_notes() {
        let mut release = release(ReleaseState::Planned);
        release.notes = Some("before\u{202e}after\u{1b}[2J".to_owned());
        let text = markdown(&Notes::compose(&release, &[], &[], None)).unwrap();
        assert!(
            !text.contains('\u{202e}') && !text.contains('\u{1b}'),
            "{text:?}"
        );
    }
}
