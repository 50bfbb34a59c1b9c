//! Several things in one sentence. Refuses to name more than a line holds.

use super::plain::and;

/// How many are named.
const NAMED: usize = 6;

/// "M-6", "M-6 and M-7", "M-6, M-7 and M-8", "M-6, …, M-10 and 12 more".
pub fn listed(items: &[impl AsRef<str>]) -> String {
    if items.len() <= NAMED {
        return and(items);
    }
    let (named, more) = items.split_at(NAMED - 1);
    let more = format!("{} more", more.len());
    let mut named: Vec<&str> = named.iter().map(AsRef::as_ref).collect();
    named.push(&more);
    and(&named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_a_few_and_counts_the_rest() {
        let said = |count: usize| {
            let items: Vec<_> = (1..=count).map(|number| format!("M-{number}")).collect();
            listed(&items)
        };
        assert_eq!(said(0), "");
        assert_eq!(said(1), "M-1");
        assert_eq!(said(2), "M-1 and M-2");
        assert_eq!(said(6), "M-1, M-2, M-3, M-4, M-5 and M-6");
        assert_eq!(said(7), "M-1, M-2, M-3, M-4, M-5 and 2 more");
    }
}
