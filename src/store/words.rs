//! A line of words as a desk keeps it of a file on the share: every exchange reads one for each file.
//! Refuses what is not written as it is kept.

/// The lines of a text that hold something.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut begins = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    let lines = ends.map(move |end| {
        let line = &text[begins..end];
        begins = end + 1;
        line
    });
    lines.filter(|line| !line.is_empty())
}

/// Takes the next word of a line, which is not the last one.
pub fn word<'t>(line: &mut &'t str) -> Option<&'t str> {
    let (word, rest) = line.split_at(memchr::memchr(b' ', line.as_bytes())?);
    *line = &rest[1..];
    Some(word)
}

/// So many digits are never too many.
const SURE: usize = 19;

/// Takes the next word, a number without a sign.
pub fn number(line: &mut &str) -> Option<u64> {
    let mut number: u64 = 0;
    for (at, byte) in line.bytes().enumerate() {
        if byte == b' ' {
            *line = &line[at + 1..];
            return (at > 0).then_some(number);
        }
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = if at < SURE {
            number * 10 + u64::from(digit)
        } else {
            number.checked_mul(10)?.checked_add(u64::from(digit))?
        };
    }
    None
}

/// Takes the next word, a number that may be below zero.
pub fn signed(line: &mut &str) -> Option<i64> {
    let below = line.starts_with('-');
    if below {
        *line = &line[1..];
    }
    let number = number(line)?;
    if below {
        0_i64.checked_sub_unsigned(number)
    } else {
        number.try_into().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_come_one_after_the_other_and_the_last_is_what_is_left() {
        let mut line = "name 0 18446744073709551615 -9223372036854775808 7 what is left";
        assert_eq!(word(&mut line), Some("name"));
        assert_eq!(number(&mut line), Some(0));
        assert_eq!(number(&mut line), Some(u64::MAX));
        assert_eq!(signed(&mut line), Some(i64::MIN));
        assert_eq!(signed(&mut line), Some(7));
        assert_eq!(line, "what is left");
    }

    #[test]
    fn lines_are_those_that_hold_something() {
        for text in ["", "\n", "one", "one\n", "one\ntwo", "\none\n\ntwo\n"] {
            let expected: Vec<_> = text.lines().filter(|it| !it.is_empty()).collect();
            assert_eq!(lines(text).collect::<Vec<_>>(), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            " ",
            "7",
            "x ",
            "7x ",
            "+7 ",
            "-7 ",
            "18446744073709551616 ",
        ] {
            assert_eq!(number(&mut &*text), None, "{text:?}");
        }
        for text in [
            "- ",
            "--7 ",
            "9223372036854775808 ",
            "-9223372036854775809 ",
        ] {
            assert_eq!(signed(&mut &*text), None, "{text:?}");
        }
    }
}
