//! What is in a directory, entry after entry until the vehicle says that there are no more.
use super::session::Talk;
use super::wire::{Nak, Opcode, Request};
use super::{Ftp, check_path};
use crate::error::RequestError;
use alloc::{string::String, vec::Vec};

/// More entries than this are taken for a directory without end.
const ENTRIES: u32 = 20_000;

/// A file or a directory.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # use flightsmith_sdk::capability::ftp::EntryKind;
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let entries = system.ftp().list_directory("/").await?;
/// let folders = entries.iter().filter(|entry| entry.kind == EntryKind::Directory).count();
/// println!("{folders} folders");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A file.
    File {
        /// Its size.
        bytes: u32,
    },
    /// A directory.
    Directory,
}

/// One entry of a directory.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # use flightsmith_sdk::capability::ftp::EntryKind;
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// for entry in system.ftp().list_directory("@SYS").await? {
///     match entry.kind {
///         EntryKind::File { bytes } => println!("{} {bytes} bytes", entry.name),
///         EntryKind::Directory => println!("{}/", entry.name),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryEntry {
    /// Its name, without the path.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
}

pub(super) async fn list(ftp: &Ftp, path: &str) -> Result<Vec<DirectoryEntry>, RequestError> {
    check_path(path)?;
    let mut talk = Talk::begin(ftp).await?;
    let mut entries = Vec::new();
    let mut offset = 0;
    loop {
        let request = Request { offset, ..Request::with_data(Opcode::ListDirectory, path.as_bytes()) };
        let reply = match talk.ask(&request).await? {
            Ok(reply) => reply,
            Err(nak) if nak.is(Nak::END_OF_FILE) => return Ok(entries),
            Err(nak) => return Err(nak.error(Opcode::ListDirectory, path)),
        };
        let told = reply.content.unwrap_or_default();
        // ArduPilot ends an entry with two zeros.
        let words: Vec<&[u8]> = told.split(|byte| *byte == 0).filter(|word| !word.is_empty()).collect();
        offset += words.len() as u32;
        entries.extend(words.iter().filter_map(|word| entry(word)));
        if words.is_empty() {
            return Ok(entries);
        }
        if offset > ENTRIES {
            let (value, highest) = (f64::from(offset), f64::from(ENTRIES));
            return Err(RequestError::OutOfRange { what: "number of directory entries", value, lowest: 0.0, highest });
        }
    }
}

/// `F`name TAB size, `D`name; `S` stands for what is not shown.
fn entry(word: &[u8]) -> Option<DirectoryEntry> {
    let text = String::from_utf8_lossy(word);
    if let Some(name) = text.strip_prefix('D') {
        // ArduPilot lists the directory itself and the one above.
        if matches!(name, "." | "..") {
            return None;
        }
        return Some(DirectoryEntry { name: name.into(), kind: EntryKind::Directory });
    }
    let (name, size) = text.strip_prefix('F')?.split_once('\t')?;
    Some(DirectoryEntry { name: name.into(), kind: EntryKind::File { bytes: size.parse().unwrap_or(0) } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read() {
        let told = |word: &str| entry(word.as_bytes()).map(|entry| (entry.name, entry.kind));
        assert_eq!(told("Fa b.txt\t123"), Some(("a b.txt".into(), EntryKind::File { bytes: 123 })));
        assert_eq!(told("Dlogs"), Some(("logs".into(), EntryKind::Directory)));
        assert_eq!(told("S"), None);
        assert_eq!((told("D."), told("D..")), (None, None));
        assert_eq!(told("Fno size"), None);
        assert_eq!(told("Xwhat"), None);
    }
}
