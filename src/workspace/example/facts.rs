//! The public facts in the example, as `assets/example/facts.toml` holds them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::days::Days;
use super::story::{Contacts, Fields, Stand};
use super::wrong;
use crate::domain::kind::Kind;
use crate::domain::profile::Profile;
use crate::exchange::Import;
use crate::exchange::format::{self, Context};
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Facts {
    provider: String,
    platform: String,
    arch: String,
    board: Vec<BoardRow>,
    release: Vec<Release>,
}

/// One product of the board of 20 June 2011.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BoardRow {
    pub(super) product: String,
    version: Option<String>,
    /// `DONE / OnGoing`.
    pub(super) words: String,
}

/// A product release as it was handed in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Release {
    product: String,
    version: String,
    provider: String,
    platforms: Vec<String>,
    packages: Vec<String>,
}

impl Facts {
    pub(super) fn read() -> Result<Self, Refusal> {
        toml::from_str(include_str!("../../../assets/example/facts.toml"))
            .map_err(|error| wrong(&error.to_string()))
    }

    #[cfg(test)]
    pub(super) fn rows(&self) -> &[BoardRow] {
        &self.board
    }

    /// Every product, from a table as a community would have it.
    pub(super) fn products(
        &self,
        contacts: &Contacts,
        profile: &Profile,
    ) -> Result<Action, Refusal> {
        let mut table = "name,provider,contact\n".to_owned();
        let board = self.board.iter().map(|row| (&row.product, &self.provider));
        let releases = self.release.iter().map(|it| (&it.product, &it.provider));
        for (product, provider) in board.chain(releases) {
            let contact = if contacts.missing.contains(product) {
                String::new()
            } else {
                format!("{product}-team@{}", contacts.domain)
            };
            line(&mut table, &[product, provider, &contact]);
        }
        let import = read("products.csv", &table, Kind::Product, profile)?;
        Ok(Action::Import(import))
    }

    /// The board's products where the story has them stand.
    pub(super) fn board(
        &self,
        stands: &BTreeMap<String, Stand>,
        days: &Days,
        profile: &Profile,
    ) -> Result<Action, Refusal> {
        let mut table =
            "product,version,platform,arch,provider,state,entered,closing_reason\n".to_owned();
        for row in &self.board {
            let stand = stands
                .get(&row.product)
                .ok_or_else(|| wrong(&format!("{} stands nowhere", row.product)))?;
            let entered = days.counted(stand.day).to_string();
            line(
                &mut table,
                &[
                    &row.product,
                    row.version.as_deref().unwrap_or_default(),
                    &self.platform,
                    &self.arch,
                    &self.provider,
                    &stand.state,
                    &entered,
                    stand.reason.as_deref().unwrap_or_default(),
                ],
            );
        }
        let mut import = read("board.csv", &table, Kind::Ticket, profile)?;
        let words: BTreeMap<&str, &str> = self
            .board
            .iter()
            .map(|row| (row.product.as_str(), row.words.as_str()))
            .collect();
        for item in &mut import.items {
            let words = item
                .fields
                .get("product")
                .and_then(|it| words.get(it.as_str()?));
            if let Some(words) = words.copied() {
                item.fields
                    .insert("source_words".to_owned(), Value::from(words));
            }
        }
        Ok(Action::Import(import))
    }

    /// Fills in what a provider hands in.
    pub(super) fn submission(&self, rest: &mut Fields) -> Result<(), Refusal> {
        let named = rest.remove("release");
        let product = named.as_ref().and_then(Value::as_str).unwrap_or_default();
        let release = self
            .release
            .iter()
            .find(|release| release.product == product)
            .ok_or_else(|| wrong(&format!("no release of {product:?} is known")))?;
        let targets: Vec<Value> = release
            .platforms
            .iter()
            .map(|platform| json!({"platform": platform, "arch": self.arch}))
            .collect();
        let notes = format!("https://notes.example.org/{product}/{}", release.version);
        let said = json!({
            "product": product,
            "version": release.version,
            "targets": targets,
            "packages": release.packages,
            "notes_url": notes,
        });
        rest.extend(said.as_object().cloned().unwrap_or_default());
        Ok(())
    }
}

fn line(table: &mut String, cells: &[&str]) {
    table.push_str(&cells.join(","));
    table.push('\n');
}

fn read(name: &str, table: &str, kind: Kind, profile: &Profile) -> Result<Import, Refusal> {
    let files = [(name.to_owned(), table.as_bytes().to_vec())];
    let context = Context {
        profile,
        mapping: &[],
        kind: Some(kind),
        as_of: None,
    };
    Ok(format::read(&files, None, &context)?)
}
