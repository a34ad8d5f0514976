//! Which folders of libraries stay in the cache: there is one for each version of SDK and compiler, and each is near 100 MB.
//!
//! Beside a folder lies its mark, a file without content: locked by every process that works with the libraries, and as old as their last
//! use. What the newest marks are compared with is a file of the same disk, so no clock is asked.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// As many folders of one target stay, those used last.
const KEPT: usize = 8;
/// A folder that nobody has used for so long goes all the same.
const UNUSED: Duration = Duration::from_secs(30 * 24 * 3600);
/// Characters of the digest behind a folder's name.
pub(super) const KEY_LENGTH: usize = 16;

/// Marks `folder` as used now, and in use until the last copy of the result is gone. `None` where the cache cannot be written: nothing
/// there is pruned either.
pub(super) fn in_use(folder: &Path) -> Option<Arc<File>> {
    // Making a file that is there already empties it, which makes it new.
    let mark = File::create(mark_of(folder)).ok()?;
    mark.lock_shared().ok()?;
    Some(Arc::new(mark))
}

/// Removes what is not wanted any more of the folders in `cache` whose names are `prefix` and a key. `now` was written just now; the
/// caller holds the lock that builders take, so no folder appears meanwhile.
///
/// # Errors
/// The first folder that cannot be looked at or removed; the others are done all the same.
pub(super) fn prune(cache: &Path, prefix: &str, now: &File) -> io::Result<()> {
    let now = now.metadata()?.modified()?;
    let (mut used, mut outcome) = (Vec::new(), Ok(()));
    for entry in fs::read_dir(cache)? {
        let path = entry?.path();
        let Some(key) = path.file_name().and_then(|name| name.to_str()?.strip_prefix(prefix)) else { continue };
        if key.len() == KEY_LENGTH && path.is_dir() {
            used.push((last_use(&path)?, path));
        } else if key.ends_with(".new") {
            // Left by a builder that was killed.
            outcome = outcome.and(fs::remove_dir_all(&path));
        }
    }
    used.sort_by(|one, other| other.cmp(one));
    for (place, (at, folder)) in used.iter().enumerate() {
        if place >= KEPT || now.duration_since(*at).is_ok_and(|age| age > UNUSED) {
            outcome = outcome.and(remove_unless_in_use(folder));
        }
    }
    outcome
}

/// When `folder` was last used; where it has no mark, when it was built.
fn last_use(folder: &Path) -> io::Result<SystemTime> {
    fs::metadata(mark_of(folder)).or_else(|_| fs::metadata(folder))?.modified()
}

fn remove_unless_in_use(folder: &Path) -> io::Result<()> {
    let path = mark_of(folder);
    let mark = File::options().append(true).create(true).open(&path)?;
    match mark.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(()),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    // Who waits for this mark now finds no libraries behind it, and builds them. They go as one: under no name that is looked for.
    let going = folder.with_extension("new");
    fs::rename(folder, &going)?;
    fs::remove_file(&path)?;
    fs::remove_dir_all(&going)
}

fn mark_of(folder: &Path) -> PathBuf {
    folder.with_extension("used")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const DAY: Duration = Duration::from_secs(24 * 3600);

    struct Cache(tempfile::TempDir);

    impl Cache {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        /// A folder of `target` that was last used so many days ago.
        fn folder(&self, target: &str, number: u32, days: u32) -> PathBuf {
            let folder = self.0.path().join(format!("sdk-{target}-{number:016x}"));
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("library"), "bytes").unwrap();
            let at = SystemTime::now() - days * DAY;
            drop(in_use(&folder));
            File::options().append(true).open(mark_of(&folder)).unwrap().set_modified(at).unwrap();
            folder
        }

        /// Prunes the host's folders; the names that are there then.
        fn pruned(&self) -> BTreeSet<String> {
            let now = File::create(self.0.path().join("sdk-host.lock")).unwrap();
            prune(self.0.path(), "sdk-host-", &now).unwrap();
            let entries = fs::read_dir(self.0.path()).unwrap();
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
        }
    }

    fn name(folder: &Path) -> String {
        folder.file_name().unwrap().to_str().unwrap().to_owned()
    }

    #[test]
    fn what_nobody_has_used_for_a_month_goes() {
        let cache = Cache::new();
        let (fresh, old, of_another) =
            (cache.folder("host", 1, 29), cache.folder("host", 2, 31), cache.folder("aarch64", 3, 99));
        let left = cache.pruned();
        assert!(left.contains(&name(&fresh)) && left.contains(&name(&of_another)), "{left:?}");
        assert!(!left.contains(&name(&old)) && !left.contains(&name(&mark_of(&old))), "{left:?}");
        assert_eq!(fs::read_to_string(fresh.join("library")).unwrap(), "bytes");
    }

    #[test]
    fn the_ones_used_last_stay() {
        let cache = Cache::new();
        let folders: Vec<PathBuf> = (0..12).map(|days| cache.folder("host", 100 - days, days)).collect();
        // The oldest is used again.
        drop(in_use(&folders[11]));
        let left = cache.pruned();
        let stays = |folder: &Path| left.contains(&name(folder));
        let staying: Vec<usize> = (0..12).filter(|number| stays(&folders[*number])).collect();
        assert_eq!(staying, [0, 1, 2, 3, 4, 5, 6, 11]);
    }

    #[test]
    fn what_is_worked_with_stays_until_it_is_let_go() {
        let cache = Cache::new();
        let old = cache.folder("host", 1, 0);
        let ours = in_use(&old).unwrap();
        ours.set_modified(SystemTime::now() - 90 * DAY).unwrap();
        assert!(cache.pruned().contains(&name(&old)));
        drop(ours);
        assert!(!cache.pruned().contains(&name(&old)));
    }

    #[test]
    fn what_a_killed_builder_left_goes_and_what_is_not_ours_stays() {
        let cache = Cache::new();
        let folder = |name: &str| fs::create_dir(cache.0.path().join(name)).unwrap();
        for name in ["sdk-host-0123456789abcdef.new", "sdk-host-notes", "kb"] {
            folder(name);
        }
        // Built just now, by a version before marks.
        folder("sdk-host-fedcba9876543210");
        let left = cache.pruned();
        let all = ["kb", "sdk-host-fedcba9876543210", "sdk-host-notes", "sdk-host.lock"];
        assert_eq!(left, all.map(str::to_owned).into());
    }
}
