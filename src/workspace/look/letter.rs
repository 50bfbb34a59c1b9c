//! A drafted message as it would be sent: the same lines for the shell, the screen and
//! the clipboard.

use crate::domain::message::Message;

/// To whom, the subject, and the text, line by line.
pub fn lines(message: &Message) -> Vec<String> {
    let to = if message.to.is_empty() {
        "(no addressee)".to_owned()
    } else {
        message.to.join(", ")
    };
    let mut lines = vec![
        format!("To: {to}"),
        format!("Subject: {}", message.subject),
        String::new(),
    ];
    lines.extend(message.body.lines().map(str::to_owned));
    lines
}
