//! How many days become a median, a ninth decile and a share. One definition for all
//! metrics, so that two reports never differ by their arithmetic.

/// What a set of whole days looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    pub n: usize,
    pub median: f64,
    pub p90: i64,
    pub max: i64,
}

/// The value in the middle; of an even number the mean of the two in the middle.
#[allow(
    clippy::cast_precision_loss,
    reason = "days are far below what a float holds exactly"
)]
pub fn median(days: &[i64]) -> Option<f64> {
    let days = sorted(days);
    let upper = *days.get(days.len() / 2)?;
    let lower = days[(days.len() - 1) / 2];
    Some((lower + upper) as f64 / 2.0)
}

/// The smallest value that more than nine tenths of the values do not exceed: in order, the
/// one with rank ⌊0.9 n⌋ + 1 (the last one at most). With EGI's 130 releases that is the
/// 118th, 38 days.
pub fn p90(days: &[i64]) -> Option<i64> {
    let days = sorted(days);
    days.get(days.len() * 9 / 10).copied()
}

/// Median, ninth decile and maximum; none of nothing.
pub fn spread(days: &[i64]) -> Option<Spread> {
    Some(Spread {
        n: days.len(),
        median: median(days)?,
        p90: p90(days)?,
        max: days.iter().copied().max()?,
    })
}

/// `part / n` to four places; none of nothing.
#[allow(
    clippy::cast_precision_loss,
    reason = "counts are far below what a float holds exactly"
)]
pub fn share(part: usize, n: usize) -> Option<f64> {
    (n > 0).then(|| (part as f64 / n as f64 * 10_000.0).round() / 10_000.0)
}

fn sorted(days: &[i64]) -> Vec<i64> {
    let mut days = days.to_vec();
    days.sort_unstable();
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_nothing_there_is_no_figure() {
        assert_eq!(spread(&[]), None);
        assert_eq!((median(&[]), p90(&[]), share(0, 0)), (None, None, None));
    }

    #[test]
    fn of_one_value_every_figure_is_that_value() {
        let one = spread(&[7]).unwrap();
        assert_eq!((one.median, one.p90, one.max), (7.0, 7, 7));
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        assert_eq!(median(&[9, 1, 2, 4]), Some(3.0));
        assert_eq!(median(&[1, 2]), Some(1.5));
    }

    #[test]
    fn the_ninth_decile_is_the_value_that_more_than_nine_tenths_do_not_exceed() {
        let ten: Vec<i64> = (1..=10).collect();
        assert_eq!(p90(&ten), Some(10));
        let eleven: Vec<i64> = (1..=11).collect();
        assert_eq!(p90(&eleven), Some(10));
    }

    #[test]
    fn a_share_has_four_places() {
        assert_eq!(share(2, 3), Some(0.6667));
        assert_eq!(share(0, 3), Some(0.0));
    }
}
