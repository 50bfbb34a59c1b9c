//! Yes and no as people and tables write them. What a field makes of it is the field's.

/// Whether a word says yes or no; none if it says neither.
pub fn read(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "true" | "on" | "1" | "x" => Some(true),
        "no" | "false" | "off" | "0" | "-" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn yes_and_no_are_told_in_any_case_and_a_word_that_is_neither_is_neither() {
        assert_eq!(read("Yes"), Some(true));
        assert_eq!(read("OFF"), Some(false));
        assert_eq!(read("maybe"), None);
    }
}
