//! Process profiles by name: the shipped ones, or a file.

use super::files;
use super::refusal::Refusal;

/// The process of a desk that names none.
pub const USUAL: &str = "egi-cmd";

/// The shipped profiles.
const SHIPPED: &[(&str, &str)] = &[(USUAL, include_str!("../../assets/profiles/egi-cmd.toml"))];

/// The names of the shipped profiles.
pub fn shipped() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(name, _)| *name)
}

/// A profile's TOML, by shipped name or from a file.
pub fn text(name: &str) -> Result<String, Refusal> {
    if let Some((_, text)) = SHIPPED.iter().find(|(shipped, _)| *shipped == name) {
        return Ok((*text).to_owned());
    }
    if std::path::Path::new(name).exists() {
        return files::text(name);
    }
    let names: Vec<&str> = shipped().collect();
    Err(Refusal::not_found(
        format!("There is no process profile {name}."),
        format!(
            "Shipped is {}; a profile of your own is a TOML file.",
            names.join(", ")
        ),
    ))
}
