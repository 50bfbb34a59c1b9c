//! Whether submissions are injected in time (metric 2).

use serde_json::json;

use super::{Facts, Figure, Measure, Metric};
use crate::domain::queue::clocks::submission_due;
use crate::domain::queue::state::SubmissionState;

/// Metric 2. Of the submissions whose answer fell due in the period (its last day is past):
/// those injected, and those answered, on or before that day. One that was withdrawn or
/// refused owes no answer; an imported one that was answered nobody knows when is left out.
pub(super) const INJECTION: Metric = Metric {
    number: 2,
    name: "injection",
    title: "Injection in time",
    formula: "Submissions injected within the limit / submissions whose answer fell due in the period.",
    of_a_site: false,
    columns: &[
        "submission",
        "release",
        "submitted",
        "due",
        "injected",
        "answered",
        "in_time",
    ],
    measure,
};

fn measure(facts: &Facts<'_>) -> Measure {
    let (mut injected, mut answered) = (0, 0);
    let mut rows = Vec::new();
    for it in facts.submissions.iter().filter(|it| !it.deleted) {
        let unknown = it.standing.state == SubmissionState::Answered && it.answered.is_none();
        let Some(due) = submission_due(it, facts.setting) else {
            continue;
        };
        let fell_due = due < facts.today && facts.period.contains(due);
        if !facts.wants(&it.product) || unknown || !fell_due {
            continue;
        }
        let by_due = |day: Option<chrono::NaiveDate>| day.is_some_and(|day| day <= due);
        let injected_on = it.injected.map(|at| facts.day(at));
        let answered_on = it.answered.map(|at| facts.day(at));
        injected += usize::from(by_due(injected_on));
        answered += usize::from(by_due(answered_on));
        rows.push(vec![
            json!(it.id),
            json!(it.label()),
            json!(facts.day(it.submitted)),
            json!(due),
            json!(injected_on),
            json!(answered_on),
            json!(if by_due(injected_on) { "yes" } else { "no" }),
        ]);
    }
    Measure {
        figures: vec![
            Figure::share("injected in time", injected, rows.len()),
            Figure::share("answered in time", answered, rows.len()),
        ],
        rows,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{on, says, when, with};
    use super::*;
    use crate::domain::queue::submission::Submission;

    fn submission(submitted: &str, injected: Option<&str>, answered: Option<&str>) -> Submission {
        serde_json::from_value(json!({
            "id": "S-1", "product": "bdii", "targets": [], "submitted": submitted,
            "state": {"state": "submitted", "entered": submitted, "limit": "5 working days"},
            "injected": injected, "answered": answered,
        }))
        .unwrap()
    }

    #[test]
    fn metric_2_the_last_day_is_in_time_and_injected_is_not_answered() {
        with(|facts| {
            // Friday the 13th and five working days: Friday the 20th.
            facts.submissions = vec![
                submission("2026-11-13", Some("2026-11-20"), Some("2026-11-21")),
                submission("2026-11-13", Some("2026-11-21"), None),
            ];
            says(
                &INJECTION,
                facts,
                &[
                    "injected in time: 1 of 2, 50 %",
                    "answered in time: 0 of 2, 0 %",
                ],
            );
        });
    }

    #[test]
    fn metric_2_what_is_not_due_yet_or_owes_no_answer_does_not_count() {
        with(|facts| {
            let mut refused = submission("2026-11-02", None, None);
            refused.standing.state = SubmissionState::Refused;
            let mut imported = submission("2026-11-02", None, None);
            imported.standing.state = SubmissionState::Answered;
            facts.submissions = vec![refused, imported, submission("2026-11-13", None, None)];
            facts.today = on("2026-11-20");
            says(&INJECTION, facts, &["injected in time: no data"]);
            facts.today = on("2026-11-21");
            says(&INJECTION, facts, &["injected in time: 0 of 1, 0 %"]);
            facts.submissions[2].injected = Some(when("2026-11-14"));
            says(&INJECTION, facts, &["injected in time: 1 of 1, 100 %"]);
        });
    }
}
