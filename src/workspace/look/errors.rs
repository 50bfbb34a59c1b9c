//! The known errors that a text about a product has to print: those that are not fixed.

use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::problem::known_error::KnownError;
use crate::store::Reader;
use crate::workspace::refusal::Refusal;

/// Open known errors of a product that one version has; of every version where none is named.
pub fn of_product(
    reader: &Reader<'_>,
    product: &str,
    version: Option<&str>,
) -> Result<Vec<KnownError>, Refusal> {
    let mut errors = Vec::new();
    for row in reader.in_state(Kind::KnownError, "open")? {
        if let Some(Noun::KnownError(error)) = row.noun()?
            && error.product.eq_ignore_ascii_case(product)
            && error.concerns(version)
        {
            errors.push(*error);
        }
    }
    Ok(errors)
}
