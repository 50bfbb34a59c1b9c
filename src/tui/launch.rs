//! Opens a link in the browser or a draft in the mail program, and forgets it. Only
//! `http`, `https` and `mailto` are opened; nothing that it prints reaches the screen.

use std::io::ErrorKind;
use std::process::{Child, Command, Stdio};

use tokio::sync::mpsc::UnboundedSender;

use super::msg::Msg;
use super::words::words;
use crate::workspace::refusal::Refusal;

/// What opens links on this system, with its arguments.
const OPENERS: &[&[&str]] = if cfg!(target_os = "macos") {
    &[&["open"]]
} else if cfg!(windows) {
    // `start` is a word of a shell that would obey a `&` in the link.
    &[&["rundll32", "url.dll,FileProtocolHandler"]]
} else {
    &[&["xdg-open"], &["gio", "open"], &["open"]]
};

const HINT: &str = "Copy it, and open it yourself.";

/// Opens a link; `tell` hears that it was opened, and once more if that failed after all.
pub(super) fn launch(link: String, browser: Option<String>, tell: &UnboundedSender<Msg>) {
    let work = {
        let tell = tell.clone();
        move || {
            if let Err(refusal) = open(&link, browser.as_deref(), &tell) {
                // The screen may have gone.
                drop(tell.send(Msg::Launched(Err(refusal))));
            }
        }
    };
    let thread = std::thread::Builder::new()
        .name("launch".to_owned())
        .spawn(work);
    if let Err(error) = thread {
        let refusal = Refusal::failed(format!("Nothing can be opened: {error}."), HINT);
        drop(tell.send(Msg::Launched(Err(refusal))));
    }
}

fn open(link: &str, browser: Option<&str>, tell: &UnboundedSender<Msg>) -> Result<(), Refusal> {
    let kind = kind(link)?;
    for command in commands(link, kind, browser) {
        match start(&command) {
            Ok(mut child) => {
                drop(tell.send(Msg::Launched(Ok(()))));
                let failed = child.wait().is_ok_and(|status| !status.success());
                return if failed {
                    let message = format!("{} could not open it.", command[0]);
                    Err(Refusal::failed(message, HINT))
                } else {
                    Ok(())
                };
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                let message = format!("{} cannot be started: {error}.", command[0]);
                return Err(Refusal::failed(message, HINT));
            }
        }
    }
    Err(Refusal::failed(
        "There is no program here that opens links.",
        "Copy it, or set $BROWSER to the program you want.",
    ))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Web,
    Mail,
}

fn kind(link: &str) -> Result<Kind, Refusal> {
    let refused = |what: &str| Refusal::rule(what, "Only http, https and mailto are opened.");
    if link
        .chars()
        .any(|letter| letter.is_control() || letter.is_whitespace())
    {
        return Err(refused(
            "This is no link: it has a blank or a control character in it.",
        ));
    }
    let (scheme, rest) = link.split_once(':').unwrap_or_default();
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" if rest.starts_with("//") && rest.len() > 2 => Ok(Kind::Web),
        "mailto" if !rest.is_empty() => Ok(Kind::Mail),
        _ => Err(refused("This is no link that can be opened from here.")),
    }
}

/// The programs to try in turn. The user's browser comes first for what is its business.
fn commands(link: &str, kind: Kind, browser: Option<&str>) -> Vec<Vec<String>> {
    let own = browser
        .into_iter()
        .flat_map(|list| list.split(if cfg!(windows) { ';' } else { ':' }))
        .filter_map(words)
        .filter(|words| !words.is_empty());
    let system = OPENERS
        .iter()
        .map(|words| words.iter().map(|word| (*word).to_owned()).collect());
    let mut all: Vec<Vec<String>> = match kind {
        Kind::Web => own.chain(system).collect(),
        Kind::Mail => system.chain(own).collect(),
    };
    for command in &mut all {
        let mut placed = false;
        for word in command
            .iter_mut()
            .skip(1)
            .filter(|word| word.contains("%s"))
        {
            *word = word.replace("%s", link);
            placed = true;
        }
        if !placed {
            command.push(link.to_owned());
        }
    }
    all
}

fn start(command: &[String]) -> std::io::Result<Child> {
    let mut process = Command::new(&command[0]);
    process
        .args(&command[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    // Ctrl-C and Ctrl-Z on our terminal are none of its business.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut process, 0);
    process.spawn()
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;

    #[test]
    fn only_the_web_and_mail_are_opened() {
        assert_eq!(kind("https://example.org/?a=b&c=%20d;e"), Ok(Kind::Web));
        assert_eq!(kind("HTTP://example.org"), Ok(Kind::Web));
        assert_eq!(kind("mailto:arc@example.org?subject=T-1"), Ok(Kind::Mail));
        for odd in [
            "",
            "https",
            "https:",
            "https://",
            "mailto:",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://example.org",
            "/etc/passwd",
            "--help",
            "-https://example.org",
            " https://example.org",
            "https://example.org/a b",
            "https://example.org\nfile:///etc",
            "https://example.org/\u{1b}[2J",
            "mailto:a@b\u{9b}31m",
        ] {
            let refusal = kind(odd).unwrap_err();
            assert!(refusal.hint.is_some(), "{odd}");
        }
    }

    #[test]
    fn the_users_browser_comes_first_on_the_web_and_last_for_mail() {
        let commands = |link, kind| commands(link, kind, Some("w3 --new '%s' x:'my w3'"));
        let web = commands("http://a/%s", Kind::Web);
        if cfg!(unix) {
            assert_eq!(web[0], ["w3", "--new", "http://a/%s", "x"]);
            assert_eq!(web[1], ["my w3", "http://a/%s"]);
            assert_eq!(web[2].last().unwrap(), "http://a/%s");
        }
        let mail = commands("mailto:a", Kind::Mail);
        assert_eq!(mail[0][0], OPENERS[0][0]);
        assert_eq!(mail.len(), web.len());
    }

    /// What is heard when a link is opened.
    #[cfg(unix)]
    fn heard(link: &str, browser: &str) -> Vec<Result<(), Refusal>> {
        let (tell, mut inbox) = unbounded_channel();
        launch(link.to_owned(), Some(browser.to_owned()), &tell);
        drop(tell);
        let mut heard = Vec::new();
        while let Some(msg) = inbox.blocking_recv() {
            match msg {
                Msg::Launched(result) => heard.push(result),
                other => panic!("{other:?}"),
            }
        }
        heard
    }

    #[test]
    #[cfg(unix)]
    fn what_happened_is_told_and_the_link_is_one_word() {
        let folder = tempfile::tempdir().unwrap();
        let seen = folder.path().join("seen");
        let browser = format!("sh -c 'printf \"$1|$#\" > {}' sh", seen.display());
        assert_eq!(heard("https://a/?b=c&d=$(e);'f'", &browser), [Ok(())]);
        assert_eq!(
            std::fs::read_to_string(&seen).unwrap(),
            "https://a/?b=c&d=$(e);'f'|1"
        );
        let failed = heard("https://a/", "/no/such/browser:false");
        assert_eq!(failed[0], Ok(()));
        assert_eq!(
            failed[1].as_ref().unwrap_err().message,
            "false could not open it."
        );
        assert!(heard("file:///etc/passwd", "true")[0].is_err());
    }
}
