//! A message as a `mailto:` link (RFC 6068). Opens nothing.

use crate::domain::message::Message;
use crate::domain::people::is_mail;

/// The link; none when no addressee has a mail address.
pub fn link(message: &Message) -> Option<String> {
    let to: Vec<String> = message
        .to
        .iter()
        .filter(|to| is_mail(to))
        .map(|to| escape(to, "@"))
        .collect();
    if to.is_empty() {
        return None;
    }
    let body = message.body.replace("\r\n", "\n").replace('\n', "\r\n");
    Some(format!(
        "mailto:{}?subject={}&body={}",
        to.join(","),
        escape(&message.subject, ""),
        escape(&body, "")
    ))
}

/// Percent-encodes everything but unreserved characters (RFC 3986) and `kept`.
fn escape(text: &str, kept: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        let letter = char::from(byte);
        if letter.is_ascii_alphanumeric() || "-._~".contains(letter) || kept.contains(letter) {
            escaped.push(letter);
        } else {
            escaped.push('%');
            for digit in [byte >> 4, byte & 15] {
                escaped.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_carries_no_raw_character_of_the_text() {
        assert_eq!(escape("a b&c=d?é\r\n", ""), "a%20b%26c%3Dd%3F%C3%A9%0D%0A");
        assert_eq!(escape("arc@example.org", "@"), "arc@example.org");
    }
}
