//! The terminal's clipboard by OSC 52, which also works over ssh and, with
//! `set-clipboard on`, in tmux. Nothing but base64 is written between its ends.

use crate::workspace::refusal::Refusal;

/// The longest base64 that terminals are known to take.
const LONGEST: usize = 100_000;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What hands a text to the terminal's clipboard.
pub(super) fn osc52(text: &str) -> Result<String, Refusal> {
    if text.len().div_ceil(3) * 4 > LONGEST {
        return Err(Refusal::usage(
            format!(
                "This is too long for a terminal's clipboard: {} kB.",
                text.len().div_ceil(1000)
            ),
            "`relmate export` writes it into a file.",
        ));
    }
    Ok(format!("\u{1b}]52;c;{}\u{7}", base64(text.as_bytes())))
}

/// RFC 4648 with padding.
fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let mut bits = 0;
        for (place, byte) in group.iter().enumerate() {
            bits |= u32::from(*byte) << (16 - 8 * place);
        }
        for place in 0..4 {
            let digit = (bits >> (18 - 6 * place)) & 63;
            // A group of n bytes has n + 1 digits.
            let letter = if place <= group.len() {
                DIGITS[digit as usize]
            } else {
                b'='
            };
            text.push(char::from(letter));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
            ("\u{1b}]52;?\u{7}ÿ", "G101Mjs/B8O/"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn nothing_but_base64_reaches_the_terminal() {
        let text: String = (0..=255_u8).map(char::from).collect();
        let sequence = osc52(&text).unwrap();
        let inner = sequence
            .strip_prefix("\u{1b}]52;c;")
            .and_then(|rest| rest.strip_suffix('\u{7}'))
            .unwrap();
        let digit = |letter: char| letter.is_ascii_alphanumeric() || "+/=".contains(letter);
        assert!(!inner.is_empty() && inner.chars().all(digit), "{inner}");
    }

    #[test]
    fn what_is_too_long_is_refused_and_not_cut() {
        assert_eq!(
            osc52(&"x".repeat(75_000)).unwrap().len(),
            LONGEST + "\u{1b}]52;c;\u{7}".len()
        );
        let refusal = osc52(&"x".repeat(75_001)).unwrap_err();
        assert!(refusal.message.contains("76 kB"), "{refusal}");
    }
}
