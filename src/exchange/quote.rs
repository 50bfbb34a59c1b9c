//! Whether a record's quotation marks are paired; a reader of records would silently
//! swallow the lines behind a stray one. Follows RFC 4180 as the reader does.

/// What the quotation marks of one record's bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    Paired,
    /// A quoted cell goes on over lines and something else than the next cell follows it.
    Stray,
    /// The record ends inside a quoted cell.
    Open,
}

/// Reads the bytes of one record.
pub(super) fn judge(record: &[u8], delimiter: u8) -> Quotes {
    let is_break = |byte: u8| matches!(byte, b'\n' | b'\r');
    let mut inside = false;
    let mut spans_lines = false;
    let mut cell_starts = true;
    let mut bytes = record.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if !inside {
            inside = cell_starts && byte == b'"';
            spans_lines &= !inside;
            cell_starts = byte == delimiter;
        } else if byte == b'"' {
            match bytes.peek() {
                Some(b'"') => {
                    bytes.next();
                }
                Some(&next) if spans_lines && next != delimiter && !is_break(next) => {
                    return Quotes::Stray;
                }
                _ => inside = false,
            }
        } else {
            spans_lines |= is_break(byte);
        }
    }
    if inside { Quotes::Open } else { Quotes::Paired }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(record: &str, expected: Quotes) {
        assert_eq!(judge(record.as_bytes(), b','), expected, "{record}");
    }

    #[test]
    fn a_quotation_mark_counts_at_the_start_of_a_cell_only() {
        check("a,\"b\nc", Quotes::Open);
        check("a,\"b\"\"\nc", Quotes::Open);
        check("a,\"b\nc\"", Quotes::Paired);
        check("a,a 5\" disk\n", Quotes::Paired);
        check("\"5\"\" disk\",\"\"", Quotes::Paired);
    }

    #[test]
    fn a_pair_over_lines_with_text_behind_it_was_never_meant() {
        check("1,\"x\n2,y\n3,5\" disk\n", Quotes::Stray);
        check("1,\"x\n2\",\"y\"z\n", Quotes::Paired);
        check("1,\"x\"y\n", Quotes::Paired);
    }
}
