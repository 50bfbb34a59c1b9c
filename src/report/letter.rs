//! The texts of the outbox, each from its template in `assets/templates`.
//! A template's first line is the subject. Sends nothing.

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde_json::Value;
use thiserror::Error;

use crate::domain::message::MessageKind;

/// A text that could not be made.
#[derive(Debug, Error)]
#[error("The {kind} could not be written: {detail}.")]
pub struct LetterError {
    kind: &'static str,
    detail: String,
}

/// A text ready to be looked over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub body: String,
}

fn template(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Receipt => include_str!("../../assets/templates/receipt.txt"),
        MessageKind::Answer => include_str!("../../assets/templates/answer.txt"),
        MessageKind::DelayNotice => include_str!("../../assets/templates/delay-notice.txt"),
        MessageKind::Question => include_str!("../../assets/templates/question.txt"),
        MessageKind::StatusMessage => include_str!("../../assets/templates/status-message.txt"),
        MessageKind::Rejection => include_str!("../../assets/templates/rejection.txt"),
        MessageKind::Refusal => include_str!("../../assets/templates/refusal.txt"),
        MessageKind::Announcement => include_str!("../../assets/templates/announcement.txt"),
        MessageKind::Reminder => include_str!("../../assets/templates/reminder.txt"),
        MessageKind::WideDeployment => include_str!("../../assets/templates/wide-deployment.txt"),
        MessageKind::OwnRisk => include_str!("../../assets/templates/own-risk.txt"),
        MessageKind::ProblemReport => include_str!("../../assets/templates/problem-report.txt"),
        MessageKind::Engagement => include_str!("../../assets/templates/engagement.txt"),
        MessageKind::Warning => include_str!("../../assets/templates/warning.txt"),
        MessageKind::RolloutEnded => include_str!("../../assets/templates/rollout-ended.txt"),
        MessageKind::HaltNotice => include_str!("../../assets/templates/halt-notice.txt"),
        MessageKind::ReleaseAnnouncement => {
            include_str!("../../assets/templates/release-announcement.txt")
        }
        MessageKind::EmergencyAnnouncement => {
            include_str!("../../assets/templates/emergency-announcement.txt")
        }
        MessageKind::RecallNotice => include_str!("../../assets/templates/recall-notice.txt"),
    }
}

const SIGNATURE: &str = include_str!("../../assets/templates/signature.txt");

/// Writes the text of a kind from its facts (a JSON object).
pub fn write(kind: MessageKind, facts: &Value) -> Result<Letter, LetterError> {
    let failed = |error: minijinja::Error| LetterError {
        kind: kind.label(),
        detail: error.to_string().replace('\n', " "),
    };
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    let signature = environment
        .render_str(SIGNATURE, minijinja::Value::from(Serde(facts)))
        .map_err(failed)?;
    let mut facts = facts.clone();
    if let Some(facts) = facts.as_object_mut() {
        facts.insert(
            "signature".to_owned(),
            Value::String(signature.trim_end().to_owned()),
        );
    }
    let text = environment
        .render_str(template(kind), minijinja::Value::from(Serde(&facts)))
        .map_err(failed)?;
    let (subject, body) = text.split_once('\n').unwrap_or((&text, ""));
    Ok(Letter {
        subject: one_line(subject.strip_prefix("Subject:").unwrap_or(subject)),
        body: format!("{}\n", tidy(body).trim()),
    })
}

/// A subject never breaks into a second line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// No spaces at a line's end, no two empty lines in a row.
pub(super) fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut empty = false;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && empty {
            continue;
        }
        empty = line.is_empty();
        tidy.push_str(line);
        tidy.push('\n');
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn r67_a_delay_notice_names_ticket_product_version_stage_limit_reason_and_promise() {
        let letter = write(
            MessageKind::DelayNotice,
            &json!({
                "desk": "CMD", "ticket": {"id": "T-12"}, "product": "ARC", "version": "7.0.3",
                "platform": "al9", "arch": "x86_64", "stage": "verification", "limit": "1 week",
                "due": "Mon 2 Mar 2026", "reason": "The testbed was down", "promise": "Fri 13 Mar 2026",
                "owner": "Alice", "sender": "Alice",
            }),
        )
        .unwrap();
        let all = format!("{}\n{}", letter.subject, letter.body);
        for part in [
            "T-12",
            "ARC",
            "7.0.3",
            "verification",
            "1 week",
            "The testbed was down",
            "Fri 13 Mar 2026",
        ] {
            assert!(all.contains(part), "{part} is missing in {all}");
        }
        assert!(!all.contains("\n\n\n"));
    }

    #[test]
    fn every_kind_of_message_has_a_template_that_needs_no_fact() {
        for kind in MessageKind::ALL {
            let letter = write(kind, &json!({"desk": "CMD"})).unwrap();
            assert!(
                !letter.subject.is_empty() && !letter.body.trim().is_empty(),
                "{kind:?}"
            );
        }
    }
}
