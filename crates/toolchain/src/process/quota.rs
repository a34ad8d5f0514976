//! How much a folder holds while a child runs.

use std::time::{Duration, Instant};

use super::Quota;

/// Measures a folder every 50 ms (less often when measuring itself is slow).
pub(super) struct QuotaWatch<'a> {
    quota: Option<&'a Quota>,
    next: Instant,
}

impl<'a> QuotaWatch<'a> {
    pub(super) fn new(quota: Option<&'a Quota>, now: Instant) -> Self {
        Self { quota, next: now + Duration::from_millis(50) }
    }

    pub(super) fn next_wake(&self) -> Option<Instant> {
        self.quota.map(|_| self.next)
    }

    pub(super) fn exceeded(&mut self) -> bool {
        let Some(quota) = self.quota else {
            return false;
        };
        let now = Instant::now();
        if now < self.next {
            return false;
        }
        let exceeded = exceeds(quota);
        self.next = Instant::now() + Duration::from_millis(50).max(now.elapsed() * 10);
        exceeded
    }
}

/// Walks the folder without following links; a file that vanishes meanwhile counts nothing.
fn exceeds(quota: &Quota) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (mut bytes, mut files) = (0, 0);
    let mut folders = vec![quota.folder.clone()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let Ok(metadata) = entry.path().symlink_metadata() else {
                continue;
            };
            bytes += metadata.blocks() * 512;
            files += 1;
            if bytes > quota.bytes || files > quota.files {
                return true;
            }
            if metadata.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    false
}
