//! Signing keys and timestamps in files.
//!
//! The key file must be readable by nobody else. The timestamps' file is written by a thread of its own, well ahead of need, so that
//! no set-point waits for a slow card; the only place of the SDK that reads the wall clock's date.
use crate::wire::signing::{SecretKey, Signing, Timekeeper, Timestamp};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

/// 2015-01-01 00:00 UTC, from which MAVLink counts.
const EPOCH: Duration = Duration::from_secs(1_420_070_400);
/// Longer than any key is written.
const MOST_BYTES: u64 = 256;

/// Why signing cannot begin.
///
/// ```
/// use flightsmith_sdk::signing::{KeyError, SecretKey};
/// assert!(matches!(SecretKey::from_file("/no/such/key"), Err(KeyError::File { .. })));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("cannot use {path}")]
    File {
        /// Which file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// Others may read the key.
    #[error(
        "others may read the key {path} (mode {mode:03o}): run `chmod 600 {path}`, and change the key if they could"
    )]
    ReadableByOthers {
        /// Which file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The file is neither 32 bytes nor 64 hexadecimal digits.
    #[error("{path} is no key: it must hold 32 bytes, or 64 hexadecimal digits")]
    NoKey {
        /// Which file.
        path: PathBuf,
    },
    /// The file of timestamps is not what this program writes.
    #[error(
        "{path} holds no timestamp: without the last one used, old frames could be played again; remove it only with a new key"
    )]
    NoTimestamp {
        /// Which file.
        path: PathBuf,
    },
}

impl SecretKey {
    /// Reads a key of 32 bytes or 64 hexadecimal digits from a file that only its owner can read.
    ///
    /// # Errors
    /// [`KeyError`] says which and why.
    ///
    /// ```no_run
    /// use flightsmith_sdk::signing::{KeyError, SecretKey};
    /// match SecretKey::from_file("/etc/flightsmith/mavlink.key") {
    ///     Ok(key) => println!("{key:?}"), // SecretKey(..)
    ///     Err(KeyError::ReadableByOthers { path, .. }) => println!("chmod 600 {}", path.display()),
    ///     Err(error) => println!("{error}"),
    /// }
    /// ```
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let path = path.as_ref();
        let failed = |source| KeyError::File { path: path.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        // Of the open file, so that it cannot be another one by the time that it is read.
        let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyError::ReadableByOthers { path: path.to_owned(), mode });
        }
        let mut content = Vec::new();
        file.take(MOST_BYTES).read_to_end(&mut content).map_err(failed)?;
        let raw = <[u8; 32]>::try_from(content.as_slice()).ok().map(SecretKey::new);
        let key = raw.or_else(|| SecretKey::from_hex(core::str::from_utf8(&content).ok()?));
        content.fill(0);
        key.ok_or_else(|| KeyError::NoKey { path: path.to_owned() })
    }
}

impl Signing {
    /// Signs with the key in one file and keeps the timestamps in another (made where it is missing), so that none is ever used
    /// twice, not after a crash and not where the clock was turned back.
    ///
    /// ```no_run
    /// use flightsmith_sdk::{Connection, signing::Signing};
    /// let signing = Signing::from_files("/etc/flightsmith/mavlink.key", "/var/lib/flightsmith/mavlink.timestamp", 0)?;
    /// let connection = Connection::ground_station().signed(signing);
    /// # Ok::<(), flightsmith_sdk::signing::KeyError>(())
    /// ```
    ///
    /// # Errors
    /// [`KeyError`] says which file and why.
    pub fn from_files(key: impl AsRef<Path>, timestamps: impl AsRef<Path>, link: u8) -> Result<Self, KeyError> {
        Ok(Self::new(SecretKey::from_file(key)?, link, TimestampFile::open(timestamps.as_ref())?))
    }
}

/// The next timestamp that may be used, in a file.
#[derive(Debug)]
struct TimestampFile {
    path: PathBuf,
    stored: Timestamp,
    writer: Option<JoinHandle<io::Result<()>>>,
}

impl TimestampFile {
    fn open(path: &Path) -> Result<Self, KeyError> {
        let stored = match fs::read_to_string(path) {
            Ok(text) => text.trim().parse().map_err(|_| KeyError::NoTimestamp { path: path.to_owned() })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(source) => return Err(KeyError::File { path: path.to_owned(), source }),
        };
        // Says now, and not in flight, that it cannot be written.
        write_whole(path, stored).map_err(|source| KeyError::File { path: path.to_owned(), source })?;
        Ok(Self { path: path.to_owned(), stored, writer: None })
    }
    /// Waits for what is being written.
    fn settle(&mut self) -> bool {
        self.writer.take().is_none_or(|writer| matches!(writer.join(), Ok(Ok(()))))
    }
}

impl Timekeeper for TimestampFile {
    fn now(&mut self) -> Option<Timestamp> {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH + EPOCH).ok()?;
        Some((since.as_micros() / 10) as Timestamp)
    }
    fn stored(&mut self) -> Timestamp {
        self.stored
    }
    fn reserve(&mut self, until: Timestamp, at_once: bool) -> bool {
        let settled = self.settle();
        if at_once {
            return write_whole(&self.path, until).is_ok();
        }
        let path = self.path.clone();
        self.writer = Some(std::thread::spawn(move || write_whole(&path, until)));
        settled
    }
}

impl Drop for TimestampFile {
    fn drop(&mut self) {
        self.settle();
    }
}

/// Writes the file whole or not at all.
fn write_whole(path: &Path, timestamp: Timestamp) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    let mut file = File::create(&beside)?;
    writeln!(file, "{timestamp}")?;
    file.sync_data()?;
    fs::rename(&beside, path)
}
