//! Bars and sparklines made of characters, in blocks or, where these cannot be had, in letters.

/// A bar of so many characters, each part of it by its share; no part with a share vanishes
/// while there is room for all. Empty where there is nothing to show.
pub fn bar(parts: &[(char, i64)], width: usize) -> String {
    let total: i64 = parts.iter().map(|(_, n)| (*n).max(0)).sum();
    let Ok(columns) = i64::try_from(width) else {
        return String::new();
    };
    if total <= 0 || columns == 0 {
        return String::new();
    }
    let seen: Vec<(char, i64)> = parts.iter().copied().filter(|(_, n)| *n > 0).collect();
    let least = i64::from(seen.len() <= width);
    let mut lengths: Vec<i64> = seen
        .iter()
        .map(|(_, n)| (n.saturating_mul(columns) / total).max(least))
        .collect();
    // What rounding left over or took too much is the longest part's.
    let spare = columns - lengths.iter().sum::<i64>();
    let longest = (0..lengths.len()).max_by_key(|at| lengths[*at]);
    if let Some(longest) = longest {
        lengths[longest] = (lengths[longest] + spare).max(0);
    }
    let part = |((letter, _), n): (&(char, i64), &i64)| {
        std::iter::repeat_n(*letter, usize::try_from(*n).unwrap_or(0)).collect::<String>()
    };
    seen.iter().zip(&lengths).map(part).collect()
}

/// One level of a sparkline, from 0 to a whole (1000); what is more is the whole.
pub fn level(permille: u32, ascii: bool) -> char {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    const DIGITS: [char; 8] = ['1', '2', '3', '4', '5', '6', '7', '8'];
    let at = (permille.min(1000) as usize * 7).div_ceil(1000);
    if ascii { DIGITS[at] } else { BLOCKS[at] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_has_its_width_and_every_part_its_share() {
        assert_eq!(bar(&[('a', 5), ('b', 5)], 10), "aaaaabbbbb");
        assert_eq!(bar(&[('a', 1), ('b', 0), ('c', 999)], 10), "accccccccc");
        assert_eq!(bar(&[('a', 1), ('b', 1), ('c', 1)], 10), "aaabbbcccc");
        assert_eq!(bar(&[], 10), "");
        assert_eq!(bar(&[('a', 0)], 10), "");
        assert_eq!(bar(&[('a', 3), ('b', 3)], 1).chars().count(), 1);
    }

    #[test]
    fn a_level_grows_with_its_share() {
        let levels: String = [0, 100, 500, 1000, 5000]
            .map(|it| level(it, false))
            .iter()
            .collect();
        assert_eq!(levels, "▁▂▅██");
        assert_eq!(level(1000, true), '8');
    }
}
