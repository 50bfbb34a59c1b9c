//! The names of a table's columns, compared as people write them. Knows no format.

/// Column names in their order, trimmed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header(pub Vec<String>);

impl Header {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The column of this name; case, spaces, `_`, `-` and `.` do not matter.
    pub fn find(&self, name: &str) -> Option<usize> {
        let wanted = folded(name);
        self.0.iter().position(|column| folded(column) == wanted)
    }

    pub fn has_all(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.find(name).is_some())
    }

    /// A name that stands twice.
    pub fn repeated(&self) -> Option<&str> {
        self.0
            .iter()
            .enumerate()
            .find(|(at, name)| !name.is_empty() && self.0[..*at].contains(name))
            .map(|(_, name)| name.as_str())
    }

    /// "product, version, state", shortened when there are many.
    pub fn listed(&self) -> String {
        let shown: Vec<&str> = self.0.iter().take(20).map(String::as_str).collect();
        let more = if self.0.len() > 20 { ", …" } else { "" };
        format!("{}{more}", shown.join(", "))
    }
}

/// A word without what people vary in it.
pub(super) fn folded(word: &str) -> String {
    word.chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '_' | '-' | '.'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_found_however_it_is_written() {
        let header = Header(vec!["Technology provider".to_owned(), "as_of".to_owned()]);
        assert_eq!(header.find("technology_provider"), Some(0));
        assert_eq!(header.find("As Of"), Some(1));
        assert_eq!(header.find("product"), None);
        assert!(!header.has_all(&["as_of", "product"]));
    }
}
