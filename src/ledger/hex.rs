//! Lower-case hexadecimal, both ways. Refuses upper case: an id has one spelling.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

pub(super) fn write(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// Reads so many bytes, a multiple of four. Eight digits at a time: every exchange reads a hash for
/// each file that lies on the share.
pub(super) fn read<const N: usize>(text: &str) -> Option<[u8; N]> {
    const { assert!(N.is_multiple_of(4)) };
    if text.len() != N * 2 {
        return None;
    }
    let mut bytes = [0; N];
    let mut wrong = 0;
    let (eights, _) = text.as_bytes().as_chunks();
    let (fours, _) = bytes.as_chunks_mut();
    for (four, eight) in fours.iter_mut().zip(eights) {
        let digits = u64::from_le_bytes(*eight);
        let values = values(digits);
        wrong |= written(values) ^ digits;
        *four = joined(values);
    }
    (wrong == 0).then_some(bytes)
}

/// One in each byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// The lower half of each byte.
const HALVES: u64 = 0x0F0F_0F0F_0F0F_0F0F;

/// What eight digits are worth, each in its byte: letters have a bit that numbers have not.
const fn values(digits: u64) -> u64 {
    let letters = digits >> 6 & ONES;
    ((digits & HALVES) + letters * 9) & HALVES
}

/// The digits of eight values, each below 16.
const fn written(values: u64) -> u64 {
    let letters = (values + 6 * ONES) >> 4 & ONES;
    values + b'0' as u64 * ONES + letters * (b'a' - b'0' - 10) as u64
}

/// Two values make a byte, the first one the upper half.
const fn joined(values: u64) -> [u8; 4] {
    let pairs = (values << 4 | values >> 8).to_le_bytes();
    [pairs[0], pairs[2], pairs[4], pairs[6]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_read_as_it_is_written() {
        for byte in 0..=u8::MAX {
            let bytes = [byte, !byte, byte.rotate_left(4), byte ^ 0x5A];
            assert_eq!(read(&write(&bytes)), Some(bytes), "{byte}");
        }
    }

    #[test]
    fn what_is_no_lower_case_digit_is_refused_wherever_it_stands() {
        for at in 0..16 {
            for ascii in 0..128 {
                let mut text = *b"0123456789abcdef";
                text[at] = ascii;
                let text = std::str::from_utf8(&text).unwrap();
                let digit = DIGITS.contains(&ascii);
                assert_eq!(read::<8>(text).is_some(), digit, "{text:?}");
            }
        }
        // Letters of two and of four bytes, where eight digits would stand.
        assert_eq!(read::<4>("é123456"), None);
        assert_eq!(read::<4>("0000\u{10FFFF}"), None);
        assert_eq!(read::<4>("1234567"), None);
        assert_eq!(read::<4>("123456789"), None);
    }
}
