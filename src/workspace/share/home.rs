//! Whether the place where a desk's file lies is one that other programs carry about. Only
//! warns: the desk may be there on purpose.

use std::path::Path;

/// File systems that are somewhere else, as the system names them.
const NETWORK: [&str; 8] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "fuse.sshfs",
    "9p",
    "davfs",
];

/// What programs that carry folders about leave in them, and their names.
const CARRIED: [(&str, &str); 5] = [
    (".stfolder", "Syncthing"),
    (".dropbox", "Dropbox"),
    (".dropbox.cache", "Dropbox"),
    (".owncloudsync.log", "ownCloud"),
    (".sync_journal.db", "Nextcloud"),
];

/// A sentence about a desk that lies where it should not; none where all is well.
pub fn warning(desk: &Path) -> Option<String> {
    let folder = std::fs::canonicalize(desk.parent()?).ok()?;
    let why = carried(&folder).or_else(|| {
        let mounts = std::fs::read_to_string("/proc/self/mounts").ok()?;
        network(&folder, &mounts)
    })?;
    Some(format!(
        "The desk's file lies {why}, where it can be damaged: move it with `relmate backup FILE` and `relmate restore FILE --desk PLACE`."
    ))
}

fn carried(folder: &Path) -> Option<String> {
    folder.ancestors().find_map(|place| {
        let found = CARRIED.iter().find(|(mark, _)| place.join(mark).exists())?;
        Some(format!("in a folder that {} carries about", found.1))
    })
}

/// The file system of the longest mount point that holds the folder.
fn network(folder: &Path, mounts: &str) -> Option<String> {
    let mounts = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        Some((words.next()?, words.next()?))
    });
    let (_, kind) = mounts
        .filter(|(place, _)| folder.starts_with(place))
        .max_by_key(|(place, _)| place.len())?;
    NETWORK
        .contains(&kind)
        .then(|| "on a network drive".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_drive_is_told_by_the_mount_that_holds_the_folder() {
        let mounts = "/dev/sda / ext4 rw 0 0\nserver:/x /mnt/team nfs4 rw 0 0\n";
        assert!(network(Path::new("/mnt/team/desks"), mounts).is_some());
        assert_eq!(network(Path::new("/mnt/teams"), mounts), None);
        assert_eq!(network(Path::new("/home"), ""), None);
    }

    #[test]
    fn a_folder_that_is_carried_about_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let desk = folder.path().join("desks/cmd.relmate");
        std::fs::create_dir_all(desk.parent().unwrap()).unwrap();
        assert_eq!(carried(desk.parent().unwrap()), None);
        std::fs::create_dir(folder.path().join(".stfolder")).unwrap();
        assert!(warning(&desk).unwrap().contains("Syncthing"));
    }
}
