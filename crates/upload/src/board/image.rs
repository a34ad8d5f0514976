//! A bare-metal program as the chip will hold it: the loadable segments of its ELF file, at the addresses where they are stored.
//!
//! Only what flashing needs is read: 32-bit little-endian ARM executables, their program headers, and the symbol of the log buffer.
//! What is a program for Linux or for another machine is refused by name. Leaves to others: whether it fits a chip ([`super::fit`]).
use crate::digest::Digest;

/// Largest file that is read, debug information included.
const MAX_FILE_BYTES: usize = 64 * 1024 * 1024;
/// Most bytes that are stored; no microcontroller has more flash.
const MAX_STORED_BYTES: u64 = 16 * 1024 * 1024;
/// Symbol of the RTT control block, by SEGGER's convention.
const LOG_SYMBOL: &[u8] = b"_SEGGER_RTT\0";

/// What goes into the chip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// By address, not overlapping, none empty.
    segments: Vec<Segment>,
    log_block: Option<u32>,
}

/// Bytes in one piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Where its first byte is stored.
    pub address: u32,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Why a file is no image for a microcontroller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAnImage {
    /// No ELF file, or one that ends too early or contradicts itself.
    #[error("the program is not a readable ELF file: {0}")]
    Unreadable(&'static str),
    /// Built for another kind of processor.
    #[error("the program is built for {0}, not for a Cortex-M microcontroller")]
    OtherMachine(String),
    /// It needs an operating system.
    #[error("the program needs an operating system ({0}); a microcontroller has none")]
    NeedsSystem(&'static str),
    /// Nothing to store.
    #[error("the program has nothing to store in flash")]
    Empty,
    /// Two segments want the same place.
    #[error("two segments of the program overlap at {0:#010x}")]
    Overlap(u32),
}

impl Segment {
    /// The address after its last byte.
    pub fn end(&self) -> u64 {
        u64::from(self.address) + self.bytes.len() as u64
    }

    /// SHA-256 of its bytes.
    pub fn sha256(&self) -> Digest {
        Digest::of(&self.bytes)
    }
}

impl Image {
    /// Reads the image out of an ELF file.
    ///
    /// # Errors
    /// See [`NotAnImage`].
    pub fn parse(elf: &[u8]) -> Result<Self, NotAnImage> {
        let file = Elf::open(elf)?;
        let mut segments = file.segments()?;
        segments.sort_by_key(|segment| segment.address);
        if segments.is_empty() {
            return Err(NotAnImage::Empty);
        }
        if let Some(pair) = segments.windows(2).find(|pair| pair[0].end() > u64::from(pair[1].address)) {
            return Err(NotAnImage::Overlap(pair[1].address));
        }
        Ok(Self { segments, log_block: file.log_block() })
    }

    /// The segments by address.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Where the program keeps its RTT control block, if it has one and its symbols were not stripped.
    pub fn log_block(&self) -> Option<u32> {
        self.log_block
    }

    /// How many bytes are stored.
    pub fn size_bytes(&self) -> u64 {
        self.segments.iter().map(|segment| segment.bytes.len() as u64).sum()
    }

    /// The little-endian word stored at `address`.
    pub fn word(&self, address: u64) -> Option<u32> {
        self.segments.iter().find_map(|segment| {
            let at = usize::try_from(address.checked_sub(segment.address.into())?).ok()?;
            let bytes = segment.bytes.get(at..at.checked_add(4)?)?;
            Some(u32::from_le_bytes(bytes.try_into().ok()?))
        })
    }
}

/// An ELF file of the one kind that is read here. Every access is checked: the file may be anything.
struct Elf<'a> {
    bytes: &'a [u8],
}

const CUT_OFF: NotAnImage = NotAnImage::Unreadable("it ends too early");
const PT_LOAD: u32 = 1;
const PT_DYNAMIC: u32 = 2;
const PT_INTERP: u32 = 3;
const EM_ARM: u16 = 40;
const ET_EXEC: u16 = 2;
const SHT_SYMTAB: u32 = 2;

impl<'a> Elf<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, NotAnImage> {
        if bytes.len() > MAX_FILE_BYTES {
            return Err(NotAnImage::Unreadable("it is larger than 64 MiB"));
        }
        if !bytes.starts_with(b"\x7fELF") {
            return Err(NotAnImage::Unreadable("it does not begin with the ELF magic"));
        }
        let elf = Self { bytes };
        let (class, order) = (bytes.get(4).ok_or(CUT_OFF)?, bytes.get(5).ok_or(CUT_OFF)?);
        let machine = elf.half(18).ok_or(CUT_OFF)?;
        if (*class, *order, machine) != (1, 1, EM_ARM) {
            return Err(NotAnImage::OtherMachine(machine_name(*class, machine)));
        }
        match elf.half(16).ok_or(CUT_OFF)? {
            ET_EXEC => Ok(elf),
            3 => Err(NotAnImage::NeedsSystem("it is linked to be placed by a loader")),
            _ => Err(NotAnImage::Unreadable("it is no linked program")),
        }
    }

    fn half(&self, at: usize) -> Option<u16> {
        Some(u16::from_le_bytes(self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
    }

    fn word(&self, at: usize) -> Option<u32> {
        Some(u32::from_le_bytes(self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
    }

    /// Offsets of a table's entries: `table` and `sizes` are where the header keeps its offset, and entry size and count.
    fn entries(&self, table: usize, sizes: usize) -> Option<impl Iterator<Item = usize> + use<>> {
        let first = self.word(table)? as usize;
        let (size, count) = (usize::from(self.half(sizes)?), usize::from(self.half(sizes + 2)?));
        Some((0..count).map(move |index| first.saturating_add(index * size)))
    }

    fn segments(&self) -> Result<Vec<Segment>, NotAnImage> {
        let mut segments = Vec::new();
        let mut stored_bytes = 0;
        for header in self.entries(28, 42).ok_or(CUT_OFF)? {
            let field = |index: usize| self.word(header.saturating_add(4 * index)).ok_or(CUT_OFF);
            let (kind, offset, address, size) = (field(0)?, field(1)?, field(3)?, field(4)?);
            match kind {
                PT_INTERP => return Err(NotAnImage::NeedsSystem("it names a program interpreter")),
                PT_DYNAMIC => return Err(NotAnImage::NeedsSystem("it is linked dynamically")),
                PT_LOAD if size > 0 => {
                    stored_bytes += u64::from(size);
                    if stored_bytes > MAX_STORED_BYTES {
                        return Err(NotAnImage::Unreadable("it stores more than 16 MiB"));
                    }
                    let end = (offset as usize).checked_add(size as usize).ok_or(CUT_OFF)?;
                    let bytes = self.bytes.get(offset as usize..end).ok_or(CUT_OFF)?;
                    if u64::from(address) + u64::from(size) > 1 << 32 {
                        return Err(NotAnImage::Unreadable("a segment leaves the address space"));
                    }
                    segments.push(Segment { address, bytes: bytes.to_vec() });
                }
                _ => {}
            }
        }
        Ok(segments)
    }

    /// The address of the RTT control block's symbol; `None` also where the symbol table cannot be read: a log is no condition.
    fn log_block(&self) -> Option<u32> {
        let sections: Vec<usize> = self.entries(32, 46)?.collect();
        let word = |section: usize, index: usize| self.word(section.checked_add(4 * index)?);
        let table = sections.iter().copied().find(|section| word(*section, 1) == Some(SHT_SYMTAB))?;
        let names = *sections.get(word(table, 6)? as usize)?;
        let names_at = word(names, 4)? as usize;
        let (first, size) = (word(table, 4)? as usize, word(table, 5)? as usize);
        let symbols = self.bytes.get(first..first.checked_add(size)?)?;
        symbols.chunks_exact(16).find_map(|symbol| {
            let word = |at: usize| Some(u32::from_le_bytes(symbol.get(at..at + 4)?.try_into().ok()?));
            let name = self.bytes.get(names_at.checked_add(word(0)? as usize)?..)?;
            let defined = symbol[14..16] != [0, 0];
            (defined && name.starts_with(LOG_SYMBOL)).then(|| word(4)).flatten()
        })
    }
}

fn machine_name(class: u8, machine: u16) -> String {
    match machine {
        183 => "64-bit ARM (aarch64)".into(),
        62 => "a PC (x86-64)".into(),
        3 => "a PC (x86)".into(),
        243 => "RISC-V".into(),
        94 => "Xtensa".into(),
        EM_ARM => "big-endian ARM".into(),
        other => format!("machine {other} of ELF class {class}"),
    }
}

#[cfg(test)]
mod tests;
