//! The names of a table's columns, compared as people write them. Knows no format.

/// Column names in their order, trimmed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    columns: Vec<String>,
    /// The same as they are compared.
    folded: Vec<String>,
}

impl Header {
    pub fn new(columns: Vec<String>) -> Self {
        let folded = columns.iter().map(|column| folded(column)).collect();
        Self { columns, folded }
    }

    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The column of this name; case, spaces, `_`, `-` and `.` do not matter.
    pub fn find(&self, name: &str) -> Option<usize> {
        let wanted = folded(name);
        self.folded.iter().position(|column| *column == wanted)
    }

    pub fn has_all(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.find(name).is_some())
    }

    /// A name that stands twice.
    pub fn repeated(&self) -> Option<&str> {
        self.columns
            .iter()
            .enumerate()
            .find(|(at, name)| !name.is_empty() && self.columns[..*at].contains(name))
            .map(|(_, name)| name.as_str())
    }

    /// "product, version, state", shortened when there are many.
    pub fn listed(&self) -> String {
        let shown: Vec<&str> = self.columns.iter().take(20).map(String::as_str).collect();
        let more = if self.columns.len() > 20 { ", …" } else { "" };
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
        let header = Header::new(vec!["Technology provider".to_owned(), "as_of".to_owned()]);
        assert_eq!(header.find("technology_provider"), Some(0));
        assert_eq!(header.find("As Of"), Some(1));
        assert_eq!(header.find("product"), None);
        assert!(!header.has_all(&["as_of", "product"]));
    }
}
