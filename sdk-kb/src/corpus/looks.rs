//! What files look like from outside, so that those that were read once need not be read again to know that they are the same.
use sha2::{Digest, Sha256};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// A file that changed less long ago than this may change again without its time showing it: file systems count time in steps.
const SETTLED: Duration = Duration::from_secs(2);

/// Paths, lengths and times of files, taken together.
#[derive(Debug, Clone, Default)]
pub struct Looks {
    digest: Sha256,
    newest: Option<SystemTime>,
}

impl Looks {
    /// Adds what is no file.
    pub fn add(&mut self, part: &[u8]) {
        self.digest.update((part.len() as u64).to_le_bytes());
        self.digest.update(part);
    }

    /// Adds a file by its path, length and time.
    ///
    /// # Errors
    /// Where it is not there, or has no time.
    pub fn add_file(&mut self, path: &Path) -> io::Result<()> {
        let metadata = path.metadata()?;
        let changed = metadata.modified()?;
        let since = changed.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        self.add(path.as_os_str().as_encoded_bytes());
        self.add(&metadata.len().to_le_bytes());
        self.add(&since.as_nanos().to_le_bytes());
        self.newest = self.newest.max(Some(changed));
        Ok(())
    }

    /// Adds a file that may not be there.
    pub fn add_file_if_there(&mut self, path: &Path) {
        if self.add_file(path).is_err() {
            self.add(path.as_os_str().as_encoded_bytes());
        }
    }

    /// Whether none of the files has just changed, so that a later change will show.
    pub fn are_settled(&self) -> bool {
        self.newest.is_none_or(|newest| newest.elapsed().is_ok_and(|passed| passed > SETTLED))
    }

    /// All of it in one word.
    pub fn to_hex(&self) -> String {
        crate::record::hex(&self.digest.clone().finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, File};

    #[test]
    fn a_change_of_length_time_or_name_shows_and_a_new_file_is_not_settled() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("a");
        let looks = || {
            let mut looks = Looks::default();
            looks.add_file_if_there(&path);
            looks
        };
        let mut seen = vec![looks().to_hex()];
        let mut is_new = |looks: Looks| {
            let new = !seen.contains(&looks.to_hex());
            seen.push(looks.to_hex());
            new
        };
        fs::write(&path, "one").expect("written");
        assert!(!looks().are_settled() && is_new(looks()) && !is_new(looks()));
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        File::options().write(true).open(&path).and_then(|file| file.set_modified(long_ago)).expect("set");
        assert!(looks().are_settled() && is_new(looks()));
        fs::write(&path, "three").expect("written");
        File::options().write(true).open(&path).and_then(|file| file.set_modified(long_ago)).expect("set");
        assert!(is_new(looks()));
    }
}
