use std::fs::{self, File};
use std::time::UNIX_EPOCH;

use super::super::share::Durable;
use super::*;

fn share() -> (tempfile::TempDir, Folder) {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::open(dir.path()).unwrap();
    (dir, folder)
}

fn names_of(folder: &Folder) -> Vec<String> {
    let listed = folder.list().unwrap();
    listed.into_iter().map(|it| it.name).collect()
}

/// Everything on disk, temporary files as well.
fn on_disk(path: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path).unwrap().flatten() {
        names.push(entry.file_name().into_string().unwrap());
        if entry.file_type().unwrap().is_dir() {
            names.extend(on_disk(&entry.path()));
        }
    }
    names
}

#[test]
fn a_new_file_is_whole_and_leaves_nothing_beside_it() {
    let (_dir, folder) = share();
    assert_eq!(folder.list().unwrap(), []);
    let name = "d/00000000000000000000000000000000/pk-1.pk";
    assert_eq!(
        folder.put_new(name, b"bytes").unwrap().durable,
        Durable::Yes
    );
    assert_eq!(folder.get(name, 5).unwrap(), b"bytes");
    assert_eq!(names_of(&folder), [name]);
    let listed = folder.list().unwrap();
    assert_eq!(listed[0].size, 5);
    assert!(!on_disk(folder.root()).iter().any(|it| it.contains("tmp")));
    folder.put_new("README.txt", b"read").unwrap();
    folder.put_new(".gitattributes", b"x").unwrap();
    folder.put_new("genesis-00.ge", b"").unwrap();
    assert_eq!(names_of(&folder).len(), 4);
}

#[test]
fn what_is_written_is_listed_with_the_stamp_that_was_told() {
    let (_dir, folder) = share();
    for fat in [false, true] {
        fat::switch(fat);
        let name = format!("d/{fat}.pk");
        let told = folder.put_new(&name, b"bytes").unwrap().stamp;
        let listed = folder.list().unwrap();
        let listed = listed.iter().find(|it| it.name == name).unwrap();
        assert_eq!((listed.size, listed.stamp), (5, told));
    }
    fat::switch(false);
}

#[test]
fn the_first_look_is_of_when_a_folder_was_taken_unless_something_was_changed_since() {
    let (dir, folder) = share();
    folder.put_new("a.pk", b"a").unwrap();
    let taken = || Folder::opening(dir.path()).unwrap().open().unwrap();
    let (first, second, third) = (taken(), taken(), taken());
    folder.put_new("b.pk", b"b").unwrap();
    assert_eq!(names_of(&first), ["a.pk"]);
    assert_eq!(names_of(&first), ["a.pk", "b.pk"], "it is used once");
    second.put_new("c.pk", b"c").unwrap();
    assert_eq!(names_of(&second), ["a.pk", "b.pk", "c.pk"]);
    third.delete("a.pk").unwrap();
    assert_eq!(names_of(&third), ["b.pk", "c.pk"]);
}

#[test]
fn a_folder_that_is_paused_when_it_is_taken_is_not_looked_into() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join(".git")).unwrap();
    fs::write(dir.path().join(".git/MERGE_HEAD"), "x").unwrap();
    let folder = Folder::opening(dir.path()).unwrap().open().unwrap();
    assert_eq!(folder.paused(), Some(Paused::Merge));
    assert!(folder.seen.lock().unwrap().is_none());
    let gone = dir.path().join("gone");
    let opened = Folder::opening(&gone).and_then(Opening::open);
    assert!(matches!(opened, Err(ShareError::Gone(_))));
}

#[test]
fn a_name_that_is_there_is_never_written_over() {
    let (_dir, folder) = share();
    folder.put_new("d/x.pk", b"first").unwrap();
    let told = folder.put_new("d/x.pk", b"second").unwrap_err();
    assert_eq!(told, ShareError::Taken("d/x.pk".to_owned()));
    assert_eq!(folder.get("d/x.pk", 100).unwrap(), b"first");
    fs::create_dir(folder.root().join("d/y.pk")).unwrap();
    assert!(matches!(
        folder.put_new("d/y.pk", b""),
        Err(ShareError::Taken(_))
    ));
}

#[test]
fn on_fat_a_file_is_whole_never_written_over_and_not_sure_to_be_kept() {
    fat::switch(true);
    let (_dir, folder) = share();
    let name = "d/00000000000000000000000000000000/pk-1.pk";
    assert_eq!(
        folder.put_new(name, b"bytes").unwrap().durable,
        Durable::Unknown
    );
    let taken = ShareError::Taken(name.to_owned());
    assert_eq!(folder.put_new(name, b"other"), Err(taken));
    assert_eq!(folder.get(name, 5).unwrap(), b"bytes");
    assert_eq!(names_of(&folder), [name]);
    assert!(!on_disk(folder.root()).iter().any(|it| it.contains("tmp")));
    // Names that only differ in their letters' size would be one there: none is ever written.
    assert!(folder.put_new("d/X.pk", b"x").is_err());
    folder.delete(name).unwrap();
    assert_eq!(
        folder.put_new(name, b"again").unwrap().durable,
        Durable::Unknown
    );
    fat::switch(false);
}

#[test]
fn a_file_is_read_up_to_its_limit_and_no_further() {
    let (_dir, folder) = share();
    folder.put_new("x.pk", b"12345").unwrap();
    assert_eq!(folder.get("x.pk", 5).unwrap(), b"12345");
    let told = folder.get("x.pk", 4).unwrap_err();
    assert_eq!(told, ShareError::TooLarge("x.pk".to_owned(), 4));
    assert_eq!(
        folder.get("y.pk", 4),
        Err(ShareError::Missing("y.pk".to_owned()))
    );
}

#[test]
fn what_is_deleted_twice_is_gone_and_no_error() {
    let (_dir, folder) = share();
    folder.put_new("d/x.pk", b"1").unwrap();
    folder.delete("d/x.pk").unwrap();
    folder.delete("d/x.pk").unwrap();
    folder.delete("e/f/x.pk").unwrap();
    assert_eq!(names_of(&folder), Vec::<String>::new());
}

#[test]
fn a_file_that_was_touched_has_another_stamp() {
    let (_dir, folder) = share();
    folder.put_new("x.pk", b"12345").unwrap();
    let stamp = || folder.list().unwrap()[0].stamp;
    let first = stamp();
    assert_eq!(stamp(), first);
    let path = folder.root().join("x.pk");
    let file = File::options().write(true).open(&path).unwrap();
    file.set_modified(UNIX_EPOCH + std::time::Duration::new(5, 1))
        .unwrap();
    let second = stamp();
    assert_ne!(second, first);
    file.set_modified(UNIX_EPOCH + std::time::Duration::new(5, 2))
        .unwrap();
    assert_ne!(stamp(), second);
    assert!(i64::try_from(stamp()).is_ok());
}

#[test]
fn a_folder_that_is_not_there_is_told_from_an_empty_one() {
    let (dir, folder) = share();
    assert_eq!(folder.list().unwrap(), []);
    fs::remove_dir_all(dir.path()).unwrap();
    assert!(matches!(folder.list(), Err(ShareError::Gone(_))));
    assert!(matches!(folder.get("x.pk", 1), Err(ShareError::Gone(_))));
    assert!(matches!(
        folder.put_new("x.pk", b""),
        Err(ShareError::Gone(_))
    ));
    assert!(matches!(folder.delete("x.pk"), Err(ShareError::Gone(_))));
    assert!(matches!(Folder::open(dir.path()), Err(ShareError::Gone(_))));
    assert!(!dir.path().exists());
}

#[test]
fn no_name_leads_out_of_the_share() {
    let (dir, folder) = share();
    fs::write(dir.path().join("secret.pk"), "x").unwrap();
    for name in ["../secret.pk", "/etc/passwd", "d/../../secret.pk", ""] {
        assert!(
            matches!(folder.get(name, 100), Err(ShareError::Failed { .. })),
            "{name}"
        );
        assert!(folder.put_new(name, b"x").is_err(), "{name}");
        assert!(folder.delete(name).is_err(), "{name}");
    }
    assert!(dir.path().join("secret.pk").exists());
}

#[cfg(unix)]
#[test]
fn a_link_is_neither_listed_nor_read_nor_entered() {
    use std::os::unix::fs::symlink;
    let (dir, folder) = share();
    let outside = dir.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("x.pk"), "x").unwrap();
    folder.put_new("x.pk", b"x").unwrap();
    symlink(outside.join("x.pk"), folder.root().join("link.pk")).unwrap();
    symlink(&outside, folder.root().join("d")).unwrap();
    assert_eq!(names_of(&folder), ["x.pk"]);
    assert!(folder.get("link.pk", 10).is_err());
    assert!(folder.get("d/x.pk", 10).is_err());
    assert!(folder.put_new("d/y.pk", b"y").is_err());
    assert!(folder.delete("d/x.pk").is_err());
    assert_eq!(on_disk(&outside), ["x.pk"]);

    let (dir, folder) = share();
    symlink(&outside, dir.path().join(OWN)).unwrap();
    assert!(folder.put_new("y.pk", b"y").is_err());
    assert!(folder.list().is_err());
}

/// SYNC 17: nothing is opened that could be waited for, and everything that lies there is named.
#[cfg(target_os = "linux")]
#[test]
fn a_pipe_a_link_and_a_folder_with_a_files_name_are_named_and_never_opened() {
    use std::os::unix::fs::symlink;
    let (dir, folder) = share();
    folder.put_new("d/x.pk", b"x").unwrap();
    let at = |name: &str| folder.root().join(name);
    let made = std::process::Command::new("mkfifo")
        .arg(at("d/pipe.pk"))
        .status();
    assert!(made.unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(at("d/socket.hd")).unwrap();
    symlink("loop", at("d/loop")).unwrap();
    fs::create_dir(at("d/folder.pk")).unwrap();
    fs::write(at("d/~0000000000000000.tmp"), "x").unwrap();
    assert_eq!(names_of(&folder), ["d/x.pk"]);
    let (_, strange) = folder.look().unwrap();
    let names: Vec<_> = strange.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "d/folder.pk",
            "d/loop",
            "d/pipe.pk",
            "d/socket.hd",
            "d/~0000000000000000.tmp"
        ]
    );
    assert!(folder.get("d/pipe.pk", 10).is_err());
    assert!(folder.get("d/folder.pk", 10).is_err());
    assert_eq!(
        folder.put_new("d/pipe.pk", b"x"),
        Err(ShareError::Taken("d/pipe.pk".to_owned()))
    );
    // A device in the place of the whole folder, and a loop of links.
    fs::rename(folder.root(), dir.path().join("aside")).unwrap();
    for way in ["/dev/zero", OWN] {
        symlink(way, folder.root()).unwrap();
        assert!(folder.list().is_err(), "{way}");
        assert!(folder.get("d/x.pk", 10).is_err(), "{way}");
        fs::remove_file(folder.root()).unwrap();
    }
}

#[test]
fn what_is_being_written_or_hidden_is_not_listed() {
    let (_dir, folder) = share();
    folder.put_new("d/x.pk", b"x").unwrap();
    let root = folder.root();
    fs::write(root.join("d/~0000000000000000.tmp"), "x").unwrap();
    fs::write(root.join("d/.syncthing.x.pk.tmp"), "x").unwrap();
    fs::create_dir_all(root.join(".stversions/d")).unwrap();
    fs::write(root.join(".stversions/d/x.pk"), "x").unwrap();
    fs::create_dir_all(root.join("1/2/3/4/5")).unwrap();
    fs::write(root.join("1/2/3/x.pk"), "x").unwrap();
    fs::write(root.join("1/2/3/4/x.pk"), "x").unwrap();
    fs::write(root.join("a note.txt"), "x").unwrap();
    assert_eq!(names_of(&folder), ["1/2/3/x.pk", "a note.txt", "d/x.pk"]);
}

#[test]
fn what_a_crash_left_goes_after_an_hour_and_nothing_else_does() {
    let (_dir, folder) = share();
    let replica = ReplicaId([1; 16]);
    let own = names::folder(&replica);
    folder.put_new(&format!("{own}x.pk"), b"x").unwrap();
    let at = |name: &str, seconds: u64| {
        let path = folder.root().join(&own).join(name);
        let file = File::create(path).unwrap();
        let time = UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        file.set_modified(time).unwrap();
    };
    at("~0000000000000001.tmp", 1_000);
    at("~0000000000000002.tmp", 9_000);
    at("~WRL0001.tmp", 1_000);
    assert_eq!(folder.sweep(&replica, 4_000).unwrap(), 0);
    assert_eq!(folder.sweep(&ReplicaId([2; 16]), 10_000).unwrap(), 0);
    assert_eq!(folder.sweep(&replica, 10_000).unwrap(), 1);
    // What a listing did not see is not looked for again.
    at("~0000000000000001.tmp", 1_000);
    folder.list().unwrap();
    fs::remove_file(folder.root().join(&own).join("~0000000000000002.tmp")).unwrap();
    assert_eq!(folder.sweep(&replica, 10_000).unwrap(), 1);
    folder.list().unwrap();
    at("~0000000000000002.tmp", 9_000);
    assert_eq!(folder.sweep(&replica, 4_000).unwrap(), 0);
    let mut left = on_disk(&folder.root().join(&own));
    left.sort();
    assert_eq!(left, ["x.pk", "~0000000000000002.tmp", "~WRL0001.tmp"]);
}

#[test]
fn a_checkout_in_the_middle_of_something_pauses() {
    let (dir, folder) = share();
    assert_eq!(folder.paused(), None);
    let git = dir.path().join(".git");
    fs::create_dir(&git).unwrap();
    let now = || Folder::open(dir.path()).unwrap().paused();
    assert_eq!(now(), None);
    for (sign, paused) in [
        ("MERGE_HEAD", Paused::Merge),
        ("rebase-merge", Paused::Rebase),
        ("rebase-apply", Paused::Rebase),
        ("CHERRY_PICK_HEAD", Paused::CherryPick),
        ("REVERT_HEAD", Paused::Revert),
    ] {
        fs::write(git.join(sign), "x").unwrap();
        assert_eq!(now(), Some(paused));
        assert!(paused.to_string().contains("--abort"));
        fs::remove_file(git.join(sign)).unwrap();
    }
    // The share below the checkout, and a second working tree of it.
    let below = dir.path().join("a/b");
    fs::create_dir_all(&below).unwrap();
    fs::write(git.join("MERGE_HEAD"), "x").unwrap();
    assert_eq!(Folder::open(&below).unwrap().paused(), Some(Paused::Merge));
    let tree = tempfile::tempdir().unwrap();
    fs::write(
        tree.path().join(".git"),
        format!("gitdir: {}\n", git.display()),
    )
    .unwrap();
    assert_eq!(
        Folder::open(tree.path()).unwrap().paused(),
        Some(Paused::Merge)
    );
}

#[cfg(target_os = "linux")]
#[test]
fn what_the_system_refuses_is_told_apart() {
    let errno = |number| refused("x.pk", &io::Error::from_raw_os_error(number));
    // ENOSPC, EDQUOT, EROFS, EACCES, EPERM, ETIMEDOUT, ESTALE, EIO.
    assert_eq!(errno(28), ShareError::Full);
    assert_eq!(errno(122), ShareError::Full);
    assert_eq!(errno(30), ShareError::ReadOnly);
    assert_eq!(errno(13), ShareError::ReadOnly);
    assert_eq!(errno(1), ShareError::ReadOnly);
    assert_eq!(errno(110), ShareError::Slow);
    assert!(matches!(errno(116), ShareError::Gone(_)));
    assert!(matches!(errno(5), ShareError::Failed { .. }));
}

#[cfg(unix)]
#[test]
fn a_share_that_may_only_be_read_is_read() {
    use std::os::unix::fs::PermissionsExt;
    let (_dir, folder) = share();
    folder.put_new("x.pk", b"x").unwrap();
    let mode = |mode| {
        fs::set_permissions(folder.root(), PermissionsExt::from_mode(mode)).unwrap();
    };
    mode(0o555);
    if fs::write(folder.root().join("probe"), "").is_ok() {
        println!("skipped: this user may write everywhere");
        mode(0o755);
        return;
    }
    let told = folder.put_new("y.pk", b"y");
    let deleted = folder.delete("x.pk");
    let read = folder.get("x.pk", 1);
    mode(0o755);
    assert_eq!(told, Err(ShareError::ReadOnly));
    assert_eq!(deleted, Err(ShareError::ReadOnly));
    assert_eq!(read.unwrap(), b"x");
    assert_eq!(names_of(&folder), ["x.pk"]);
}

#[test]
fn several_go_one_after_the_other_until_one_cannot_and_something_else_is_done_meanwhile() {
    let (_dir, folder) = share();
    for name in ["a.pk", "b.pk"] {
        folder.put_new(name, b"x").unwrap();
    }
    let mut done = 0;
    let names = ["a.pk", "gone.pk", "../out.pk", "b.pk"].map(str::to_owned);
    let (went, ended) = folder.delete_while(&names, &mut || done += 1);
    assert_eq!((went, done), (2, 1));
    assert!(ended.is_err());
    assert_eq!(names_of(&folder), ["b.pk"]);
}
