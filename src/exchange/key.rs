//! What makes a record the same at the next import. Case and spacing never do.

/// The parts in lower case, joined by `|`.
pub fn key(parts: &[&str]) -> String {
    let parts: Vec<String> = parts.iter().map(|part| same(part)).collect();
    parts.join("|")
}

/// A ticket's key; an unknown version is an empty part.
pub fn ticket(product: &str, version: Option<&str>, platform: &str, arch: &str) -> String {
    key(&[product, version.unwrap_or_default(), platform, arch])
}

/// A submission's key.
pub fn submission(product: &str, version: Option<&str>) -> String {
    key(&[product, version.unwrap_or_default()])
}

fn same(part: &str) -> String {
    let words: Vec<&str> = part.split_whitespace().collect();
    words.join(" ").to_lowercase().replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_spacing_do_not_make_another_record() {
        assert_eq!(ticket("Gfal2", None, "al9", "x86_64"), "gfal2||al9|x86_64");
        assert_eq!(
            submission(" HTCondor  CE", Some("23.0")),
            "htcondor ce|23.0"
        );
        assert_ne!(key(&["a|b", "c"]), key(&["a", "b|c"]));
    }
}
