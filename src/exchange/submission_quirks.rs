//! What in a submission does not agree with itself: its version against the file it
//! was handed in with and against the package of its own name. Notes both, corrects nothing.

/// The path's file name tells another version than the submission.
pub(super) fn path_note(product: &str, version: &str, path: &str) -> Option<String> {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.strip_suffix(".json").unwrap_or(file);
    if version.is_empty() || agrees(stem, product, version) {
        return None;
    }
    Some(format!("{product} {version} was handed in as {file}"))
}

/// The name tells this version, the start of it, or none.
fn agrees(stem: &str, product: &str, version: &str) -> bool {
    let (stem, product) = (stem.to_lowercase(), product.to_lowercase());
    let rest = stem
        .split_once(&product)
        .map_or(stem.as_str(), |(_, rest)| rest);
    let mut told = rest
        .split(|letter: char| !letter.is_ascii_digit() && letter != '.')
        .map(|word| word.trim_matches('.'))
        .filter(|word| word.contains('.'))
        .peekable();
    told.peek().is_none()
        || told.any(|word| word == version || version.starts_with(&format!("{word}.")))
}

/// A package named like the product is of another version.
pub(super) fn package_note(
    product: &str,
    version: &str,
    source: &str,
    packages: &[&str],
) -> Option<String> {
    let name = product.to_lowercase();
    let other = packages.iter().find(|package| {
        let package = package.to_lowercase();
        let rest = package
            .strip_prefix(&name)
            .and_then(|rest| rest.strip_prefix('-'));
        let told = rest.and_then(|rest| rest.split('-').next());
        told.is_some_and(|told| {
            told.starts_with(|letter: char| letter.is_ascii_digit())
                && told.contains('.')
                && told != version
        })
    })?;
    Some(format!(
        "{product} {version} lists the package {other} ({source})"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(product: &str, version: &str, path: &str, noted: bool) {
        assert_eq!(path_note(product, version, path).is_some(), noted, "{path}");
    }

    /// Paths of `egi_product_submissions.csv`.
    #[test]
    fn a_path_that_tells_another_version_is_noted() {
        check("fts3", "3.13.2", "json/umd5/fts3.13.4.json", true);
        check("Gfal2", "2.23.0", "json/umd5/gfal2.2.23.1-el9.json", true);
        check(
            "bdii-config-top",
            "1.1.0",
            "json/umd5/top-bdii-1.0.8-el9.json",
            true,
        );
        check(
            "frontier-squid",
            "5.9.2",
            "json/umd5/squid.5.9.2.1-el9.json",
            true,
        );
    }

    #[test]
    fn a_path_that_tells_the_version_or_none_is_not() {
        check("bdii", "6.0.0", "json/bdii.json", false);
        check("ARC", "6.20.1", "json/umd5/arc6-6.20.1-el9.json", false);
        check(
            "Gfal2",
            "2.22.1",
            "frontend-data/products/UMD/4.18.0/cern.gfal22.22.1.json",
            false,
        );
        check(
            "cvmfs",
            "2.11.2",
            "frontend-data/products/UMD/4.18.0/cernvm.cvmfs2.11.2.json",
            false,
        );
        check("cvmfs", "2.11.5", "json/umd5/cvfms-2.11.5-el9.json", false);
        check("lcmaps", "1.6.6", "json/umd5/lcmaps-1.6.6-el9.json", false);
        check("apel", "2.1.0", "json/umd5/apel-2.1.0-1-el9.json", false);
        check(
            "HTCondor-CE",
            "23.0.13",
            "json/umd5/htcondor-ce-23.0-el9.json",
            false,
        );
        check("ui", "", "x-1.0.json", false);
    }

    #[test]
    fn a_package_of_the_products_name_with_another_version_is_noted() {
        let packages = [
            "lcmaps-plugins-basic-1.7.1-2.el9.x86_64.rpm",
            "lcmaps-1.6.5-3.el9.x86_64.rpm",
        ];
        let note = package_note("lcmaps", "1.6.6", "packages.csv:9", &packages);
        assert_eq!(
            note.as_deref(),
            Some("lcmaps 1.6.6 lists the package lcmaps-1.6.5-3.el9.x86_64.rpm (packages.csv:9)")
        );
        assert_eq!(package_note("lcmaps", "1.7.1", "p:1", &packages[..1]), None);
    }
}
