//! Every file below a folder with its bytes and its time, to see that nothing was touched.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub(crate) type Tree = BTreeMap<PathBuf, (Vec<u8>, SystemTime)>;

/// The files below a folder.
pub(crate) fn tree(folder: &Path) -> Tree {
    let mut files = Tree::new();
    let Ok(entries) = std::fs::read_dir(folder) else {
        return files;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(tree(&path));
        } else {
            let modified = std::fs::metadata(&path).unwrap().modified().unwrap();
            files.insert(path.clone(), (std::fs::read(&path).unwrap(), modified));
        }
    }
    files
}
