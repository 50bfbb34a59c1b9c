//! What a run of the program left: code, standard output, standard error.

use std::fmt;
use std::process::Output;

use serde_json::Value;

/// A letter that turns the reading order of what follows.
fn turns(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The end of one run.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            code,
            stdout,
            stderr,
        } = self;
        write!(f, "code {code}\n--- stdout\n{stdout}--- stderr\n{stderr}")
    }
}

impl Outcome {
    /// Output that is not UTF-8 or moves the cursor is a fault of its own.
    #[track_caller]
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("output is UTF-8");
            // A spreadsheet's lines end with CR LF.
            let lines = text.replace("\r\n", "\n");
            let shown = |it: char| "\n\t".contains(it) || !(it.is_control() || turns(it));
            let raw = lines.chars().find(|it| !shown(*it));
            assert_eq!(
                raw, None,
                "a control character reached the output: {text:?}"
            );
            text
        };
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// One sentence and a hint on standard error, nothing on standard output.
    #[track_caller]
    pub(crate) fn is_refusal(&self, code: i32, line: &str) {
        assert_eq!(self.code, code, "`{line}` ended otherwise:\n{self}");
        assert!(
            !self.stderr.contains("panicked"),
            "`{line}` panicked:\n{self}"
        );
        let told = self.stderr.contains("error: ") || self.stderr.contains("{\"error\":");
        assert!(told, "`{line}` does not say why:\n{self}");
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}:\n{self}"))
    }

    /// Standard output has every one of these.
    #[track_caller]
    pub(crate) fn says(&self, texts: &[&str]) -> &Self {
        for text in texts {
            assert!(self.stdout.contains(text), "{text:?} is not said:\n{self}");
        }
        self
    }

    /// Standard error has every one of these.
    #[track_caller]
    pub(crate) fn complains(&self, texts: &[&str]) -> &Self {
        for text in texts {
            assert!(
                self.stderr.contains(text),
                "{text:?} is not complained of:\n{self}"
            );
        }
        self
    }

    /// Neither output has any of these.
    #[track_caller]
    pub(crate) fn hides(&self, texts: &[&str]) -> &Self {
        for text in texts {
            let told = self.stdout.contains(text) || self.stderr.contains(text);
            assert!(!told, "{text:?} is told:\n{self}");
        }
        self
    }
}
