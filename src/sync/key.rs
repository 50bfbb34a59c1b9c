//! A device's key: what signs, where it is kept, and how a signature is checked. Refuses a key
//! file that others can read, and never shows the secret half.

use std::fmt::{self, Formatter};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use thiserror::Error;

use crate::ledger::{Hash, Key, Signature};

/// What a signature is about: bytes signed as one thing never pass for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// A file on the share, as a whole.
    File,
    /// A chain up to its tip, by its author.
    Tip,
}

impl Domain {
    const fn text(self) -> &'static [u8] {
        match self {
            Self::File => b"relmate file 1",
            Self::Tip => b"relmate tip 1",
        }
    }
}

/// Why a key file cannot be used.
#[derive(Debug, Error)]
pub enum KeyError {
    #[error("there is no key file {0}")]
    Missing(String),
    #[error(
        "the key file {0} can be read by others, who could sign as you: take that away with \
         `chmod 600` and ask yourself who has read it"
    )]
    Open(String),
    #[error(
        "the key file {0} does not hold a key: put the right file there from a backup, or take it \
         away and be admitted with a new key"
    )]
    Malformed(String),
    #[error("there is a key file {0} already; it is never written over")]
    Taken(String),
    #[error("the key file {path} cannot be used: {why}")]
    Io { path: String, why: io::Error },
}

/// The first line of a key file, for the person who finds it.
const REMARK: &str = "# relmate: the secret key of this device. Whoever has it signs as you: \
                      keep it here, never on a share.\n";
const WORD: &str = "ed25519 ";
/// More than any key file holds.
const LONGEST: u64 = 4096;

/// The secret key of this device, for one person in one workspace.
#[derive(Clone)]
pub struct DeviceKey(SigningKey);

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceKey({})", self.public())
    }
}

impl DeviceKey {
    /// Makes a key of 32 random bytes.
    pub fn generate(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    pub fn public(&self) -> Key {
        Key(self.0.verifying_key().to_bytes())
    }

    pub fn sign(&self, domain: Domain, parts: &[&[u8]]) -> Signature {
        #[cfg(test)]
        if cheap::is_on() {
            return cheap::sign(&self.public(), &message(domain, parts));
        }
        Signature(self.0.sign(&message(domain, parts)).to_bytes())
    }

    /// Reads a key file.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let shown = || path.display().to_string();
        let failed = |why: io::Error| {
            if why.kind() == io::ErrorKind::NotFound {
                KeyError::Missing(shown())
            } else {
                KeyError::Io { path: shown(), why }
            }
        };
        let file = File::open(path).map_err(failed)?;
        let meta = file.metadata().map_err(failed)?;
        if !meta.is_file() {
            return Err(KeyError::Malformed(shown()));
        }
        if open_to_others(&meta) {
            return Err(KeyError::Open(shown()));
        }
        let mut text = Vec::new();
        let mut file = file.take(LONGEST);
        file.read_to_end(&mut text).map_err(failed)?;
        read(&text).ok_or_else(|| KeyError::Malformed(shown()))
    }

    /// Writes a new key file that only its owner can read, and makes its folder so if there is
    /// none.
    pub fn save_new(&self, path: &Path) -> Result<(), KeyError> {
        let failed = |why: io::Error| {
            let path = path.display().to_string();
            if why.kind() == io::ErrorKind::AlreadyExists {
                KeyError::Taken(path)
            } else {
                KeyError::Io { path, why }
            }
        };
        let folder = path.parent().unwrap_or(Path::new("."));
        private_folder(folder).map_err(failed)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(failed)?;
        let written = file
            .write_all(self.text().as_bytes())
            .and_then(|()| file.sync_all());
        if let Err(error) = written {
            // What is half written would be taken for a key that was lost.
            drop(std::fs::remove_file(path));
            return Err(failed(error));
        }
        // A folder that cannot be told to keep the name is no reason to lose the key.
        drop(File::open(folder).and_then(|it| it.sync_all()));
        Ok(())
    }

    fn text(&self) -> String {
        // A hash and a secret are spelled alike: 32 bytes in lower-case hexadecimal.
        format!("{REMARK}{WORD}{}\n", Hash(self.0.to_bytes()))
    }
}

/// Returns whether `key` signed these parts as this kind of thing. Weak keys and signatures that
/// have a second spelling are refused.
pub fn verify(key: &Key, domain: Domain, parts: &[&[u8]], signature: &Signature) -> bool {
    #[cfg(test)]
    if cheap::is_on() {
        return cheap::sign(key, &message(domain, parts)) == *signature;
    }
    let Ok(key) = VerifyingKey::from_bytes(&key.0) else {
        return false;
    };
    let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
    key.verify_strict(&message(domain, parts), &signature)
        .is_ok()
}

/// What is signed: each part after its length, so that no two lists of parts are one message.
fn message(domain: Domain, parts: &[&[u8]]) -> Vec<u8> {
    let mut message = domain.text().to_vec();
    for part in parts {
        message.extend((part.len() as u64).to_le_bytes());
        message.extend(*part);
    }
    message
}

fn read(text: &[u8]) -> Option<DeviceKey> {
    let text = str::from_utf8(text).ok()?;
    let mut lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let secret: Hash = lines.next()?.strip_prefix(WORD)?.trim().parse().ok()?;
    lines
        .next()
        .is_none()
        .then(|| DeviceKey::generate(secret.0))
}

#[cfg(unix)]
fn open_to_others(meta: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(meta) & 0o077 != 0
}

#[cfg(not(unix))]
fn open_to_others(_: &std::fs::Metadata) -> bool {
    false
}

/// Makes a folder that nobody else may look into.
pub fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A stand-in for signatures, so that the simulation can afford thousands of histories.
#[cfg(test)]
pub(crate) mod cheap {
    use std::cell::Cell;

    use crate::ledger::{Hash, Key, Signature};

    thread_local! {
        static ON: Cell<bool> = const { Cell::new(false) };
    }

    /// Switches it for this thread.
    pub(crate) fn switch(on: bool) {
        ON.set(on);
    }

    pub(super) fn is_on() -> bool {
        ON.get()
    }

    pub(super) fn sign(key: &Key, message: &[u8]) -> Signature {
        let hash = Hash::of(&[&key.0, message]).0;
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(&hash);
        signature[32..].copy_from_slice(&hash);
        Signature(signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> DeviceKey {
        DeviceKey::generate([byte; 32])
    }

    #[test]
    fn a_signature_holds_for_its_key_its_kind_and_its_parts_alone() {
        let signed = key(1).sign(Domain::Tip, &[b"ab", b"c"]);
        let one = key(1).public();
        assert!(verify(&one, Domain::Tip, &[b"ab", b"c"], &signed));
        assert!(!verify(&one, Domain::File, &[b"ab", b"c"], &signed));
        assert!(!verify(&one, Domain::Tip, &[b"a", b"bc"], &signed));
        assert!(!verify(&one, Domain::Tip, &[b"abc"], &signed));
        assert!(!verify(
            &key(2).public(),
            Domain::Tip,
            &[b"ab", b"c"],
            &signed
        ));
        for bit in 0..512 {
            let mut other = signed;
            other.0[bit / 8] ^= 1 << (bit % 8);
            assert!(!verify(&one, Domain::Tip, &[b"ab", b"c"], &other));
        }
    }

    #[test]
    fn a_key_that_signs_for_anything_is_refused() {
        // The neutral point, for which a signature of zeros would hold everywhere.
        let mut weak = [0; 32];
        weak[0] = 1;
        let mut signature = [0; 64];
        signature[0] = 1;
        let nothing: &[&[u8]] = &[b"x"];
        assert!(!verify(
            &Key(weak),
            Domain::File,
            nothing,
            &Signature(signature)
        ));
        assert!(!verify(
            &Key([0xff; 32]),
            Domain::File,
            nothing,
            &Signature([0xff; 64])
        ));
    }

    #[test]
    fn a_key_file_is_private_recognised_by_a_person_and_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys/w/anna.key");
        key(3).save_new(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("# relmate: the secret key"), "{text}");
        assert_eq!(DeviceKey::load(&path).unwrap().public(), key(3).public());
        let again = key(4).save_new(&path);
        assert!(matches!(again, Err(KeyError::Taken(_))), "{again:?}");
        assert_eq!(DeviceKey::load(&path).unwrap().public(), key(3).public());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |it: &Path| it.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&path), 0o600);
            assert_eq!(mode(path.parent().unwrap()), 0o700);
            for mode in [0o640, 0o604, 0o620] {
                std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
                let refused = DeviceKey::load(&path).unwrap_err();
                assert!(refused.to_string().contains("chmod 600"), "{refused}");
            }
        }
    }

    #[test]
    fn what_is_no_key_file_is_refused() {
        let secret = "07".repeat(32);
        for text in [
            String::new(),
            REMARK.to_owned(),
            format!("ed25519 {}", &secret[2..]),
            format!("ed25519 {}", secret.to_uppercase().replace('7', "A")),
            format!("rsa {secret}"),
            format!("ed25519 {secret}\ned25519 {secret}\n"),
        ] {
            assert!(read(text.as_bytes()).is_none(), "{text}");
        }
        assert!(read(b"\xff").is_none());
        let mangled = key(7).text().replace('\n', "\r\n");
        assert_eq!(read(mangled.as_bytes()).unwrap().public(), key(7).public());
        let folder = tempfile::tempdir().unwrap();
        let missing = DeviceKey::load(&folder.path().join("none"));
        assert!(matches!(missing, Err(KeyError::Missing(_))));
    }

    #[test]
    fn the_secret_is_never_shown() {
        let shown = format!("{:?}", key(9));
        assert!(!shown.contains(&"09".repeat(8)), "{shown}");
        assert!(shown.contains(&key(9).public().to_string()));
    }
}
