//! The store that a build and a learner work on: sled, one writer at a time. Readers read what it publishes.
//!
//! sled 0.34.7 and not 1.0.0-alpha.124: both were killed 200 times while they wrote records of 3 keys and flushed after each. 0.34.7 lost
//! nothing of 11,614 acknowledged records; the alpha lost 2,190 times what it had acknowledged when it was killed within 70 ms of its
//! opening (nothing when it had lived longer). 0.34.7 also changes several trees in one transaction, which the alpha cannot.
//! `tests/kill.rs` repeats it with this store.
mod build;
mod change;
mod journal;
mod learned;
mod migrate;
mod statistics;

pub(crate) use build::AddedItem;
pub use build::{Built, build, snapshot_path};
pub use change::{Change, Deed};
pub(crate) use learned::RECORD_BYTES;
pub use learned::{Learned, Tallied, learned_path};
pub use statistics::Statistics;

use crate::error::KbError;
use crate::published::Published;
use crate::record::{MachineId, hex};
use rand_core::RngCore;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The format that this program writes.
pub const STORE_FORMAT: u32 = 2;

const META: &str = "meta";
const ITEMS: &str = "items";
const ADDED: &str = "added";
const LEARNED: &str = "learned";
const JOURNAL: &str = "journal";
const STATISTICS: &str = "statistics";

/// The vectors of an embedding: a tree of its own, so that those of two are never mixed.
fn vectors_tree(embedder: &str) -> String {
    format!("vectors/{embedder}")
}

/// The one writer of a knowledge base. What a method has returned from is on disk.
pub struct Store {
    db: sled::Db,
    /// The folder of the knowledge base; the store is in a folder of it.
    dir: PathBuf,
    machine: MachineId,
    unpublished: AtomicBool,
    /// Held while something is read, changed and written back.
    changing: Mutex<()>,
}

impl Store {
    /// Opens the store in `dir`, makes it where there is none, and brings one of an older format up to date.
    ///
    /// # Errors
    /// [`KbError::Busy`] while another process (or another [`Store`]) has it, [`KbError::Damaged`], [`KbError::OtherVersion`] where a
    /// newer program wrote it, [`KbError::NoSpace`], [`KbError::File`].
    pub fn open(dir: &Path) -> Result<Self, KbError> {
        let store = Self::open_unpublished(dir)?;
        // A writer that was killed between a change and its publication left readers behind.
        if !store.learned()?.is_published()? {
            store.publish_learned()?;
        }
        Ok(store)
    }

    fn open_unpublished(dir: &Path) -> Result<Self, KbError> {
        let file_error = |source| KbError::of_file(dir, source);
        std::fs::create_dir_all(dir).map_err(file_error)?;
        let store_dir = dir.join("store");
        let db = open_sled(&store_dir)?;
        let failed = |error| store_error(&store_dir, error);
        migrate::to_current(&db, dir)?;
        let meta = db.open_tree(META).map_err(failed)?;
        let machine = match meta.get("machine").map_err(failed)? {
            Some(name) => String::from_utf8_lossy(&name).into_owned(),
            None => {
                let mut bytes = [0_u8; 8];
                rand_core::OsRng
                    .try_fill_bytes(&mut bytes)
                    .map_err(|error| KbError::of_file(dir, std::io::Error::other(error.to_string())))?;
                meta.insert("machine", hex(&bytes).as_bytes()).map_err(failed)?;
                flush(&db, &store_dir)?;
                hex(&bytes)
            }
        };
        Ok(Self {
            db,
            dir: dir.to_owned(),
            machine: MachineId(machine),
            unpublished: AtomicBool::new(false),
            changing: Mutex::new(()),
        })
    }

    /// Reads all that is in it: sled finds some damage only where it is read.
    fn read_through(&self) -> Result<(), KbError> {
        let read = || {
            for name in self.db.tree_names() {
                for entry in self.db.open_tree(name)?.iter() {
                    entry?;
                }
            }
            Ok(())
        };
        guarded(&self.store_dir(), read)?;
        self.learned()?.all()?;
        self.learned()?.journal(1)?;
        self.statistics()?.all()?;
        self.added_items().map(|_| ())
    }

    /// As [`Self::open`]; a damaged store, all of which is read for this, is moved aside (its new place is returned) and a new one takes over what was last published
    /// of the learned records and counters. It counts under a new name, so that nothing that the old one has exported is counted twice.
    ///
    /// # Errors
    /// As there, [`KbError::Damaged`] where what was published is damaged as well.
    pub fn open_or_recover(dir: &Path) -> Result<(Self, Option<PathBuf>), KbError> {
        let opened = Self::open(dir).and_then(|store| store.read_through().map(|()| store));
        let Err(KbError::Damaged { .. }) = &opened else { return opened.map(|store| (store, None)) };
        let published = Published::open(&learned_path(dir))?;
        let aside = (1..).map(|number| dir.join(format!("store.damaged-{number}"))).find(|path| !path.exists());
        let aside = aside.unwrap_or_else(|| dir.join("store.damaged"));
        std::fs::rename(dir.join("store"), &aside).map_err(|source| KbError::of_file(dir, source))?;
        // Opened without publishing: an empty store must not replace what is about to be taken over.
        let store = Self::open_unpublished(dir)?;
        let (records, counters) = published.into_parts();
        store.statistics()?.merge(&counters)?;
        store.learned()?.merge(&records)?;
        store.publish_learned()?;
        Ok((store, Some(aside)))
    }

    /// As [`Self::open`], but waits up to `limit` while another has it.
    ///
    /// # Errors
    /// As there.
    pub fn open_within(dir: &Path, limit: Duration) -> Result<Self, KbError> {
        let until = Instant::now() + limit;
        loop {
            match Self::open(dir) {
                Err(KbError::Busy { .. }) if Instant::now() < until => std::thread::sleep(Duration::from_millis(10)),
                opened => return opened,
            }
        }
    }

    /// Under which name this store counts.
    pub fn machine(&self) -> &MachineId {
        &self.machine
    }

    /// The records of what was learned.
    ///
    /// # Errors
    /// [`KbError::Damaged`] or [`KbError::File`].
    pub fn learned(&self) -> Result<Learned<'_>, KbError> {
        Learned::new(self)
    }

    /// Counters by name.
    ///
    /// # Errors
    /// [`KbError::Damaged`] or [`KbError::File`].
    pub fn statistics(&self) -> Result<Statistics<'_>, KbError> {
        Statistics::new(self)
    }

    fn change_alone(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The highest count of any stamp that the store has seen.
    fn clock(&self) -> Result<u64, KbError> {
        number(&self.tree(META)?, "clock", self)
    }

    fn next_stamp_count(&self) -> Result<u64, KbError> {
        Ok(self.clock()? + 1)
    }

    fn raise_clock(&self, count: u64) -> Result<(), KbError> {
        let meta = self.tree(META)?;
        if count > number(&meta, "clock", self)? {
            meta.insert("clock", &count.to_le_bytes()).map_err(|error| self.failed(error))?;
        }
        Ok(())
    }

    fn store_dir(&self) -> PathBuf {
        self.dir.join("store")
    }

    fn tree(&self, name: &str) -> Result<sled::Tree, KbError> {
        self.db.open_tree(name).map_err(|error| self.failed(error))
    }

    fn failed(&self, error: sled::Error) -> KbError {
        store_error(&self.store_dir(), error)
    }

    pub(crate) fn damaged(&self, reason: impl Into<String>) -> KbError {
        KbError::Damaged { path: self.store_dir(), reason: reason.into() }
    }

    /// Puts what was changed on disk, and notes that readers have not seen it.
    fn commit(&self) -> Result<(), KbError> {
        flush(&self.db, &self.store_dir())?;
        self.unpublished.store(true, Ordering::Relaxed);
        Ok(())
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // What is not published now is published by the next who opens it: an error here loses nothing.
        if *self.unpublished.get_mut() {
            let _ = self.publish_learned();
        }
    }
}

/// Keeps every other process, and every build, out of the store in `dir` until it is dropped; readers are not disturbed.
///
/// # Errors
/// As [`Store::open`].
pub fn hold(dir: &Path) -> Result<Store, KbError> {
    Store::open(dir)
}

fn flush(db: &sled::Db, dir: &Path) -> Result<(), KbError> {
    guarded(dir, || db.flush()).map(|_| ())
}

fn open_sled(dir: &Path) -> Result<sled::Db, KbError> {
    if dir.is_file() {
        return Err(KbError::Damaged { path: dir.to_owned(), reason: "a file stands in its place".into() });
    }
    if dir.exists() {
        forget_half_snapshots(dir)?;
        return open_sled_at(dir);
    }
    create_sled(dir)?;
    // sled lets go of a database a little after it was dropped.
    let until = Instant::now() + LETS_GO_WITHIN;
    loop {
        match open_sled_at(dir) {
            Err(KbError::Busy { .. }) if Instant::now() < until => std::thread::sleep(Duration::from_millis(5)),
            opened => return opened,
        }
    }
}

const LETS_GO_WITHIN: Duration = Duration::from_secs(2);

/// Removes snapshots that sled was killed over. It takes the last file `snap.*` for its snapshot, those that it has not finished
/// (`.generating`) included, and calls the database damaged; the one before is still there, and the log has the rest. Under sled's own
/// lock, so that nobody is writing one.
fn forget_half_snapshots(dir: &Path) -> Result<(), KbError> {
    let failed = |source| KbError::of_file(dir, source);
    let lock = match std::fs::File::options().read(true).write(true).open(dir.join("db")) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        opened => opened.map_err(failed)?,
    };
    match lock.try_lock() {
        Ok(()) => {}
        Err(std::fs::TryLockError::WouldBlock) => return Err(KbError::Busy { path: dir.to_owned() }),
        Err(std::fs::TryLockError::Error(error)) => return Err(failed(error)),
    }
    for entry in std::fs::read_dir(dir).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            std::fs::remove_file(&path).map_err(failed)?;
        }
    }
    Ok(())
}

/// Makes an empty database beside its place and moves it there whole: sled writes a new one's configuration in two steps, and one that
/// was killed between them could never be opened again.
fn create_sled(dir: &Path) -> Result<(), KbError> {
    let failed = |source| KbError::of_file(dir, source);
    let around = dir.parent().unwrap_or(Path::new("."));
    let new = tempfile::Builder::new().prefix("store.new-").tempdir_in(around).map_err(failed)?;
    let db = open_sled_at(new.path())?;
    flush(&db, new.path())?;
    drop(db);
    match std::fs::rename(new.path(), dir) {
        Ok(()) => {
            let _ = new.keep();
            Ok(())
        }
        // Another was quicker.
        Err(_) if dir.exists() => Ok(()),
        Err(error) => Err(failed(error)),
    }
}

fn open_sled_at(dir: &Path) -> Result<sled::Db, KbError> {
    guarded(dir, || sled::Config::new().path(dir).flush_every_ms(None).open())
}

/// sled answers some damages and some failed writes with a panic; for us each of them is an error.
fn guarded<T>(dir: &Path, work: impl FnOnce() -> sled::Result<T>) -> Result<T, KbError> {
    let caught = crate::quiet::catching(work);
    match caught {
        Ok(done) => done.map_err(|error| store_error(dir, error)),
        Err(_) => Err(KbError::Damaged { path: dir.to_owned(), reason: "sled cannot make sense of it".into() }),
    }
}

fn store_error(dir: &Path, error: sled::Error) -> KbError {
    match error {
        // sled says so in words only: "could not acquire lock on ..".
        sled::Error::Io(io) if io.to_string().contains("acquire lock") => KbError::Busy { path: dir.to_owned() },
        sled::Error::Io(source) if source.kind() != std::io::ErrorKind::UnexpectedEof => KbError::of_file(dir, source),
        sled::Error::Corruption { .. } => {
            KbError::Damaged { path: dir.to_owned(), reason: "it holds what was never written".into() }
        }
        other => KbError::Damaged { path: dir.to_owned(), reason: other.to_string() },
    }
}

/// A number of the tree `meta`; 0 where it was never written.
fn number(meta: &sled::Tree, name: &str, store: &Store) -> Result<u64, KbError> {
    let Some(value) = meta.get(name).map_err(|error| store.failed(error))? else { return Ok(0) };
    let bytes = value.as_ref().try_into().map_err(|_| store.damaged(format!("{name} is no number")))?;
    Ok(u64::from_le_bytes(bytes))
}
