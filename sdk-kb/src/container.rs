//! A file of named sections, each with its checksum: written whole, replaced in one rename, refused where it is cut short or altered.
//!
//! Layout, little endian: magic (8 bytes), format version (u32), number of sections (u32), then for each section its name (16 bytes,
//! padded with zeros), offset (u64), length (u64) and CRC-32 (u32); the CRC-32 of all of that (u32); the sections.
use crate::error::KbError;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const NAME: usize = 16;
const ENTRY: usize = NAME + 8 + 8 + 4;
/// More than any of ours has.
const SECTIONS: u32 = 64;

pub(crate) struct Writer {
    magic: [u8; 8],
    version: u32,
    sections: Vec<(&'static str, Vec<u8>)>,
}

impl Writer {
    pub(crate) fn new(magic: &[u8; 8], version: u32) -> Self {
        Self { magic: *magic, version, sections: Vec::new() }
    }

    /// Names are at most 16 bytes.
    pub(crate) fn add(&mut self, name: &'static str, bytes: Vec<u8>) {
        debug_assert!(name.len() <= NAME && self.sections.len() < SECTIONS as usize);
        self.sections.push((name, bytes));
    }

    /// Writes beside `path` and renames: who has the old file open keeps it, and nobody sees half of the new one.
    pub(crate) fn write(self, path: &Path) -> Result<(), KbError> {
        let failed = |source| KbError::of_file(path, source);
        let mut head = self.magic.to_vec();
        head.extend(self.version.to_le_bytes());
        head.extend((self.sections.len() as u32).to_le_bytes());
        let mut offset = (head.len() + self.sections.len() * ENTRY + 4) as u64;
        for (name, bytes) in &self.sections {
            let mut padded = [0_u8; NAME];
            padded[..name.len()].copy_from_slice(name.as_bytes());
            head.extend(padded);
            head.extend(offset.to_le_bytes());
            head.extend((bytes.len() as u64).to_le_bytes());
            head.extend(crc32fast::hash(bytes).to_le_bytes());
            offset += bytes.len() as u64;
        }
        head.extend(crc32fast::hash(&head).to_le_bytes());
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        file.write_all(&head).map_err(failed)?;
        for (_, bytes) in &self.sections {
            file.write_all(bytes).map_err(failed)?;
        }
        file.as_file().sync_all().map_err(failed)?;
        file.persist(path).map_err(|error| failed(error.error))?;
        // The rename itself is on disk once the folder is; where folders cannot be synced, the old or the new file is there.
        if let Ok(folder) = File::open(folder) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

struct Section {
    name: String,
    offset: u64,
    length: usize,
    checksum: u32,
}

pub(crate) struct Reader {
    file: File,
    path: PathBuf,
    sections: Vec<Section>,
}

impl Reader {
    /// Reads the table of sections; the sections are read and checked one by one.
    pub(crate) fn open(path: &Path, magic: &[u8; 8], version: u32) -> Result<Self, KbError> {
        let (mut file, found) = open_versioned(path, magic)?;
        if found != version {
            return Err(KbError::OtherVersion { path: path.to_owned(), found, expected: version });
        }
        let damaged = |reason: &str| KbError::Damaged { path: path.to_owned(), reason: reason.to_owned() };
        let length = file.metadata().map_err(|source| KbError::of_file(path, source))?.len();
        let cut = |source: std::io::Error| match source.kind() {
            std::io::ErrorKind::UnexpectedEof => damaged("shorter than its header"),
            _ => KbError::of_file(path, source),
        };
        let mut count = [0; 4];
        file.read_exact(&mut count).map_err(cut)?;
        let sections = u32::from_le_bytes(count);
        if sections > SECTIONS {
            return Err(damaged("it states more sections than there are"));
        }
        let mut table = vec![0; sections as usize * ENTRY + 4];
        file.read_exact(&mut table).map_err(cut)?;
        let (table, checksum) = table.split_at(sections as usize * ENTRY);
        let mut head = magic.to_vec();
        head.extend(found.to_le_bytes());
        head.extend(count);
        head.extend(table);
        if checksum != crc32fast::hash(&head).to_le_bytes() {
            return Err(damaged("its header does not have the checksum that it states"));
        }
        let sections: Vec<Section> = table.chunks_exact(ENTRY).map(Section::read).collect();
        let stated = sections.iter().map(|section| section.offset.saturating_add(section.length as u64)).max();
        if stated.is_some_and(|stated| stated > length) {
            return Err(damaged("its content is shorter than stated"));
        }
        Ok(Self { file, path: path.to_owned(), sections })
    }

    /// The bytes of a section, which has the checksum that it states.
    pub(crate) fn bytes(&mut self, name: &str) -> Result<Vec<u8>, KbError> {
        let damaged = |reason: String| KbError::Damaged { path: self.path.clone(), reason };
        let section = self
            .sections
            .iter()
            .find(|section| section.name == name)
            .ok_or_else(|| damaged(format!("it has no section {name}")))?;
        let mut bytes = vec![0; section.length];
        self.file
            .seek(SeekFrom::Start(section.offset))
            .and_then(|_| self.file.read_exact(&mut bytes))
            .map_err(|source| KbError::of_file(&self.path, source))?;
        if crc32fast::hash(&bytes) != section.checksum {
            return Err(damaged(format!("its section {name} does not have the checksum that it states")));
        }
        Ok(bytes)
    }
}

impl Section {
    fn read(entry: &[u8]) -> Self {
        let number = |from: usize, bytes: usize| {
            entry[from..from + bytes].iter().rev().fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
        };
        let name = entry[..NAME].split(|byte| *byte == 0).next().unwrap_or_default();
        Self {
            name: String::from_utf8_lossy(name).into_owned(),
            offset: number(NAME, 8),
            length: number(NAME + 8, 8) as usize,
            checksum: number(NAME + 16, 4) as u32,
        }
    }
}

/// Opens the file and reads its magic and version; the file then stands behind them.
pub(crate) fn open_versioned(path: &Path, magic: &[u8; 8]) -> Result<(File, u32), KbError> {
    let mut file = File::open(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => KbError::Missing { path: path.to_owned() },
        _ => KbError::of_file(path, source),
    })?;
    let mut head = [0; 12];
    let damaged = |reason: &str| KbError::Damaged { path: path.to_owned(), reason: reason.to_owned() };
    file.read_exact(&mut head).map_err(|source| match source.kind() {
        std::io::ErrorKind::UnexpectedEof => damaged("shorter than its header"),
        _ => KbError::of_file(path, source),
    })?;
    if head[..8] != *magic {
        return Err(damaged("it does not begin as one"));
    }
    Ok((file, u32::from_le_bytes([head[8], head[9], head[10], head[11]])))
}
