//! Notices when another process changes the desk's files. Reads nothing: it only says
//! that something happened, and says it once until that was taken in.

use std::ffi::OsString;
use std::path::Path;

use notify::event::ModifyKind;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc::UnboundedSender;

use super::msg::Msg;

/// Watches until it is dropped.
pub(super) struct Watch {
    _watcher: RecommendedWatcher,
}

/// Starts to watch the desk's folder; an error is a sentence for the footer.
pub(super) fn start(path: &Path, inbox: UnboundedSender<Msg>) -> Result<Watch, String> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().map(OsString::from).unwrap_or_default();
    let mut log = name.clone();
    log.push("-wal");
    let concerns = move |event: &notify::Event| {
        // Looking opens and closes files, and its log comes and goes with an exchange that finds
        // nothing; only what is written counts.
        let read = matches!(event.kind, EventKind::Access(_));
        let written = matches!(
            event.kind,
            EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Any) | EventKind::Any
        );
        let mut names = event.paths.iter().filter_map(|path| path.file_name());
        names.any(|file| file == name && !read || file == log && written)
    };
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let told = match event {
            Ok(event) if concerns(&event) => inbox.send(Msg::Touched),
            Ok(_) => Ok(()),
            Err(error) => inbox.send(Msg::Unwatched(sentence(&error))),
        };
        // The screen may have gone; then nobody is left to be told.
        drop(told);
    })
    .map_err(|error| sentence(&error))?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    watcher
        .watch(
            folder.unwrap_or(Path::new(".")),
            RecursiveMode::NonRecursive,
        )
        .map_err(|error| sentence(&error))?;
    Ok(Watch { _watcher: watcher })
}

fn sentence(error: &notify::Error) -> String {
    let why = error.to_string();
    format!(
        "Changes by others are seen only each minute: {}.",
        why.trim_end_matches('.')
    )
}
