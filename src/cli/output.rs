//! What a command prints: gathered first, written once, so that a closed pipe
//! is a quiet end and a look that runs twice prints once.

use std::io::{IsTerminal, Write};

use serde_json::Value;

use super::context::Globals;
use crate::domain::plain::{plain, plain_json};

/// Gathers standard output and standard error.
pub struct Output {
    text: String,
    errors: String,
    /// Whether words may be coloured.
    pub color: bool,
    /// Columns of the terminal, if it is one.
    pub width: Option<usize>,
    pub plain: bool,
}

/// The colours of states, by what they mean; the word always stands beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Bad,
    Warn,
    Good,
    Faint,
    Bold,
}

impl Output {
    pub fn new(globals: &Globals) -> Self {
        let mut out = Self {
            text: String::new(),
            errors: String::new(),
            color: false,
            width: None,
            plain: false,
        };
        out.restyle(globals);
        out
    }

    /// Colour and alignment as the options and the configuration say.
    pub fn restyle(&mut self, globals: &Globals) {
        let terminal = std::io::stdout().is_terminal();
        let color = match globals.color.as_str() {
            "always" => true,
            "never" => false,
            _ => {
                terminal
                    && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                    && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        };
        self.width = terminal
            .then(terminal_size::terminal_size)
            .flatten()
            .map(|(width, _)| usize::from(width.0));
        self.color = color && !globals.plain && !globals.json;
        self.plain = globals.plain;
    }

    /// One line of text; nothing in it reaches the terminal raw.
    pub fn line(&mut self, line: &str) {
        self.text.push_str(&plain(line));
        self.text.push('\n');
    }

    /// Text that is already safe and coloured.
    pub fn raw(&mut self, text: &str) {
        self.text.push_str(text);
        if !text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// A question on standard error, at once and without a line's end.
    pub fn ask(&mut self, question: &str) -> std::io::Result<()> {
        self.flush()?;
        let mut errors = std::io::stderr().lock();
        quiet(
            errors
                .write_all(plain(question).as_bytes())
                .and_then(|()| errors.flush()),
        )
    }

    /// Several lines, each made safe.
    pub fn lines(&mut self, text: &str) {
        for line in text.lines() {
            self.line(line);
        }
    }

    /// One record on one line, its fields apart by a tab.
    pub fn line_of_cells(&mut self, cells: &[String]) {
        let cells: Vec<_> = cells.iter().map(|cell| plain(cell)).collect();
        self.text.push_str(cells.join("\t").trim_end());
        self.text.push('\n');
    }

    pub fn json(&mut self, value: &Value) {
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        self.raw(&plain_json(&text));
    }

    /// A remark on standard error.
    pub fn warn(&mut self, line: &str) {
        self.errors.push_str("note: ");
        self.errors.push_str(&plain(line));
        self.errors.push('\n');
    }

    /// Text in a tone, where colour is wanted.
    pub fn tint(&self, tone: Tone, text: &str) -> String {
        let text = plain(text);
        if !self.color {
            return text.into_owned();
        }
        let code = match tone {
            Tone::Bad => "31;1",
            Tone::Warn => "33",
            Tone::Good => "32",
            Tone::Faint => "2",
            Tone::Bold => "1",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    /// Writes what was gathered. A pipe that was closed is no error.
    pub fn flush(&mut self) -> std::io::Result<()> {
        let errors = std::mem::take(&mut self.errors);
        let text = std::mem::take(&mut self.text);
        quiet(std::io::stderr().lock().write_all(errors.as_bytes()))?;
        let mut out = std::io::stdout().lock();
        quiet(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }
}

fn quiet(result: std::io::Result<()>) -> std::io::Result<()> {
    match result {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
