//! One line on a terminal's standard error while somebody waits for the folder, written over and
//! taken away. Refuses to write into a pipe, beside JSON, and where lines are read aloud.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;

use super::context::Context;
use crate::workspace::share::progress::Waiting;
use crate::workspace::share::watch::Doing;
use crate::workspace::share::{Here, sentence};

/// The width of a terminal that does not tell its own.
const USUAL: usize = 80;

fn shown(context: &Context) -> bool {
    let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
    let wanted = !context.globals.json && !context.globals.plain;
    wanted && !dumb && std::io::stderr().is_terminal()
}

/// Does something with the folder and says meanwhile how far it is.
pub(super) fn during<T>(context: &Context, here: &Here, work: impl FnOnce(&Here) -> T) -> T {
    let waiting = shown(context).then(|| Waiting::begin(&here.meter, write));
    let done = work(here);
    drop(waiting);
    done
}

/// The same for what goes on and on.
pub(super) fn doing(context: &Context) -> Doing {
    if shown(context) {
        Arc::new(write)
    } else {
        Arc::new(|_: &str| {})
    }
}

fn write(text: &str) {
    let size = terminal_size::terminal_size_of(std::io::stderr());
    let width = size.map_or(USUAL, |(width, _)| usize::from(width.0));
    let mut errors = std::io::stderr().lock();
    // A terminal that is gone needs no line.
    drop(
        errors
            .write_all(line(text, width).as_bytes())
            .and_then(|()| errors.flush()),
    );
}

/// The line in the place of the one before; none takes that away.
fn line(text: &str, width: usize) -> String {
    const OVER: &str = "\r\u{1b}[K";
    if text.is_empty() {
        return OVER.to_owned();
    }
    let text = sentence(text);
    let text = format!("{} …", text.trim_end_matches('.'));
    // One that wrapped could not be written over.
    let fits: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{OVER}{fits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_written_over_the_last_one_and_never_wraps() {
        assert_eq!(
            line("showing what came", 80),
            "\r\u{1b}[KShowing what came …"
        );
        assert_eq!(line("showing what came", 8), "\r\u{1b}[KShowing");
        assert_eq!(line("", 80), "\r\u{1b}[K");
    }
}
