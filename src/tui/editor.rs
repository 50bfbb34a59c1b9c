//! A text in the user's own editor: a private file, the editor on it, and what came
//! back. Whatever goes wrong, the caller still has the old text, and what was written and
//! cannot be taken stays in its file, which the refusal names.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use super::model::Model;
use super::msg::Msg;
use super::words::words;
use crate::workspace::refusal::Refusal;

/// The longest text that comes back, in bytes.
const LONGEST: u64 = 1_000_000;

/// Editors that a machine is likely to have.
const USUAL: &[&str] = if cfg!(windows) {
    &["notepad"]
} else {
    &["nano", "vi"]
};

const HINT: &str = "Set $EDITOR to the editor you want.";

/// Opens a text in the user's editor; none if it came back as it was. The terminal must
/// have been given back before.
pub(super) fn edit(text: &str, name: &str) -> Result<Option<String>, Refusal> {
    let named = ["VISUAL", "EDITOR"].into_iter().find_map(|variable| {
        std::env::var(variable)
            .ok()
            .filter(|value| !value.trim().is_empty())
    });
    edit_with(named.as_deref(), &std::env::temp_dir(), text, name)
}

fn edit_with(
    editor: Option<&str>,
    temporary: &Path,
    text: &str,
    name: &str,
) -> Result<Option<String>, Refusal> {
    let mut draft = Draft::new(temporary, text, name)?;
    let status = match editor {
        Some(command) => run(command, &draft.file)?,
        None => run_usual(&draft.file)?,
    };
    if !status.success() {
        return Err(Refusal::failed(
            format!("The editor failed ({status}), so the text stays as it was."),
            draft.keep_unless(text).unwrap_or_else(|| HINT.to_owned()),
        ));
    }
    let back = tidy(draft.read()?, text);
    Ok((back != text).then_some(back))
}

/// A text whose form has gone meanwhile is kept in a file instead.
pub(super) fn arrived(model: &Model, msg: Msg) -> Msg {
    match msg {
        Msg::Edited {
            name,
            result: Ok(Some(text)),
        } if !model.form().is_some_and(|form| form.has(&name)) => Msg::Edited {
            result: Err(stranded(&std::env::temp_dir(), &text, &name)),
            name,
        },
        other => other,
    }
}

fn stranded(temporary: &Path, text: &str, name: &str) -> Refusal {
    match Draft::new(temporary, text, name) {
        Ok(mut draft) => Refusal::rule(
            "The form that the text was written for is not open any more.",
            draft.keep(),
        ),
        Err(refusal) => refusal,
    }
}

fn run(command: &str, file: &Path) -> Result<ExitStatus, Refusal> {
    let Some(words) = words(command) else {
        return Err(Refusal::usage(
            format!("The editor's command is not closed by a quote: {command}."),
            HINT,
        ));
    };
    let (program, args) = words
        .split_first()
        .ok_or_else(|| Refusal::usage("The editor's command is empty.", HINT))?;
    start(program, args, file).map_err(|error| {
        let message = if error.kind() == ErrorKind::NotFound {
            format!("There is no editor {program}.")
        } else {
            format!("The editor {program} cannot be started: {error}.")
        };
        Refusal::failed(message, HINT)
    })
}

/// The first of the usual editors that is there.
fn run_usual(file: &Path) -> Result<ExitStatus, Refusal> {
    for program in USUAL {
        match start(program, &[], file) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                return Err(Refusal::failed(
                    format!("The editor {program} cannot be started: {error}."),
                    HINT,
                ));
            }
            Ok(status) => return Ok(status),
        }
    }
    Err(Refusal::failed(
        format!(
            "There is no editor: $EDITOR is not set, and {} not here.",
            USUAL.join(" and ")
        ),
        HINT,
    ))
}

fn start(program: &str, args: &[String], file: &Path) -> std::io::Result<ExitStatus> {
    Command::new(program).args(args).arg(file).status()
}

/// The text as it is meant: editors end the last line, and some end lines their own way.
fn tidy(back: String, before: &str) -> String {
    let mut back = if back.contains('\r') {
        back.replace("\r\n", "\n")
    } else {
        back
    };
    if back.ends_with('\n') && !before.ends_with('\n') {
        back.pop();
    }
    back
}

/// A text in a file that nobody else can read, in a folder that takes with it what
/// the editor leaves beside the file.
struct Draft {
    folder: PathBuf,
    file: PathBuf,
    /// Somebody may still want it.
    kept: bool,
}

impl Draft {
    fn new(temporary: &Path, text: &str, name: &str) -> Result<Self, Refusal> {
        let failed = |error: std::io::Error| {
            Refusal::failed(
                format!(
                    "No file for the editor can be made in {}: {error}.",
                    temporary.display()
                ),
                "Set TMPDIR to a folder that can be written to.",
            )
        };
        let folder = temporary.join(format!("relmate-{}", random().map_err(failed)?));
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(failed)?;
        let draft = Self {
            file: folder.join(file_name(name)),
            folder,
            kept: false,
        };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(&draft.file)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(failed)?;
        Ok(draft)
    }

    /// Leaves the file where it is, and says where.
    fn keep(&mut self) -> String {
        self.kept = true;
        format!("Your text is in {}.", self.file.display())
    }

    /// The same where something was written that is not the text there was.
    fn keep_unless(&mut self, text: &str) -> Option<String> {
        let file = std::fs::File::open(&self.file).ok()?;
        let mut start = Vec::new();
        // One byte more tells that it is longer.
        let read = file.take(text.len() as u64 + 1).read_to_end(&mut start);
        let written = read.is_err() || start != text.as_bytes();
        written.then(|| self.keep())
    }

    fn read(&mut self) -> Result<String, Refusal> {
        let failed = |error: std::io::Error| {
            Refusal::failed(
                format!("What the editor wrote cannot be read: {error}."),
                "The text stays as it was; save it under the name it was opened with.",
            )
        };
        let mut bytes = Vec::new();
        std::fs::File::open(&self.file)
            .and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
            .map_err(failed)?;
        if bytes.len() as u64 > LONGEST {
            return Err(Refusal::usage(
                "What the editor wrote is longer than 1 MB, so the text stays as it was.",
                self.keep(),
            ));
        }
        String::from_utf8(bytes).map_err(|_| {
            Refusal::usage(
                "What the editor wrote is not UTF-8, so the text stays as it was.",
                self.keep(),
            )
        })
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // A temporary folder that cannot be removed is the system's to clear.
        if !self.kept {
            drop(std::fs::remove_dir_all(&self.folder));
        }
    }
}

/// The draft's name, which the editor shows: letters, digits and dashes of what is edited.
fn file_name(name: &str) -> String {
    let mut file = "relmate-".to_owned();
    for letter in name.chars().take(40) {
        if letter.is_alphanumeric() {
            file.push(letter);
        } else if !file.ends_with('-') {
            file.push('-');
        }
    }
    format!("{}.txt", file.trim_end_matches('-'))
}

fn random() -> std::io::Result<String> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(format!("{:016x}", u64::from_ne_bytes(bytes)))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// Edits a text with a script; the folder must be empty again.
    #[track_caller]
    fn with(script: &str, text: &str) -> Result<Option<String>, Refusal> {
        let folder = tempfile::tempdir().unwrap();
        let result = with_in(script, text, folder.path());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        result
    }

    fn with_in(script: &str, text: &str, folder: &Path) -> Result<Option<String>, Refusal> {
        let command = format!("sh -c '{script}' sh");
        edit_with(Some(&command), folder, text, "comment on T-1")
    }

    #[track_caller]
    fn refused(result: Result<Option<String>, Refusal>, part: &str) {
        let refusal = result.unwrap_err();
        assert!(refusal.message.contains(part), "{refusal}");
        assert!(refusal.message.ends_with('.') && refusal.hint.is_some());
    }

    #[test]
    fn what_the_editor_wrote_comes_back_without_its_last_line_end() {
        assert_eq!(
            with("echo two >> $1", "one\n"),
            Ok(Some("one\ntwo\n".to_owned()))
        );
        assert_eq!(with("echo two > $1", "one"), Ok(Some("two".to_owned())));
        assert_eq!(
            with("printf \"a\\\\r\\\\nb\\\\r\\\\n\" > $1", ""),
            Ok(Some("a\nb".to_owned()))
        );
        assert_eq!(
            with("mv $1 $1~; echo new > $1", "old"),
            Ok(Some("new".to_owned()))
        );
    }

    #[test]
    fn a_text_that_came_back_as_it_was_is_none() {
        assert_eq!(with("true", "one\ntwo"), Ok(None));
        assert_eq!(with("echo >> $1", "one"), Ok(None));
        assert_eq!(with("echo > $1", ""), Ok(None));
    }

    #[test]
    fn the_file_is_private_and_says_what_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let script = "ls -ld $1 > $1.seen; ls -ld $(dirname $1) >> $1.seen; cat $1.seen > $1";
        let text = with_in(script, "", folder.path()).unwrap().unwrap();
        let (file, around) = text.split_once('\n').unwrap();
        assert!(file.starts_with("-rw-------"), "{file}");
        assert!(file.ends_with("/relmate-comment-on-T-1.txt"), "{file}");
        assert!(around.starts_with("drwx------"), "{around}");
    }

    #[test]
    fn an_editor_that_fails_or_is_not_there_is_a_sentence_and_a_hint() {
        refused(with("exit 3", "one"), "exit status: 3");
        refused(with("kill -9 $$", "one"), "signal: 9");
        refused(with("rm $1", "one"), "cannot be read");
        let here = tempfile::tempdir().unwrap();
        let open = |editor| edit_with(Some(editor), here.path(), "one", "x");
        refused(
            open("/no/such/editor -x"),
            "There is no editor /no/such/editor.",
        );
        refused(open("vi 'x"), "quote");
        refused(open("''"), "There is no editor");
        let plain = here.path().join("plain");
        std::fs::write(&plain, "").unwrap();
        std::fs::set_permissions(&plain, PermissionsExt::from_mode(0o600)).unwrap();
        refused(open(plain.to_str().unwrap()), "cannot be started");
        let nowhere = edit_with(Some("true"), Path::new("/no/such/folder"), "one", "x");
        refused(nowhere, "No file for the editor");
    }

    #[test]
    fn what_was_written_and_cannot_be_taken_stays_in_its_file() {
        for (script, part, size) in [
            ("echo lost > $1; exit 3", "exit status: 3", 5),
            ("printf \"\\\\377\" > $1", "not UTF-8", 1),
            ("head -c 1000001 /dev/zero > $1", "1 MB", 1_000_001),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let result = with_in(script, "one", folder.path());
            let hint = result.clone().unwrap_err().hint.unwrap();
            refused(result, part);
            let path = hint.strip_prefix("Your text is in ").unwrap();
            let file = std::fs::metadata(path.strip_suffix('.').unwrap()).unwrap();
            assert_eq!(file.len(), size, "{script}");
        }
    }

    #[test]
    fn a_text_whose_form_has_gone_stays_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let refusal = stranded(folder.path(), "a remark", "comment on T-1");
        let hint = refusal.hint.unwrap();
        let path = hint.strip_prefix("Your text is in ").unwrap();
        let text = std::fs::read(path.strip_suffix('.').unwrap()).unwrap();
        assert_eq!(text, b"a remark");
        assert!(path.starts_with(folder.path().to_str().unwrap()), "{path}");
    }

    #[test]
    fn a_name_makes_a_plain_file_name() {
        assert_eq!(file_name("../../etc/passwd"), "relmate-etc-passwd.txt");
        assert_eq!(file_name(""), "relmate.txt");
        assert_eq!(file_name(&"x".repeat(500)).len(), "relmate-.txt".len() + 40);
    }
}
