//! What firmware takes of its chip, from the sections of its ELF file.
use serde::{Deserialize, Serialize};

/// Flash and RAM of a firmware.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Footprint {
    /// Bytes stored in flash: vectors, code, constants and the first values of variables.
    pub flash_bytes: u64,
    /// Bytes of RAM: all variables, the whole heap, and all that is set aside for the stack.
    pub ram_bytes: u64,
}

/// Why a file has no footprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotFirmware {
    /// No 32-bit little-endian ELF file.
    #[error("it is no 32-bit ELF file")]
    NotElf,
    /// A table points out of the file.
    #[error("it ends too early")]
    CutOff,
    /// The names that say where the stack lies are not there.
    #[error("it does not say where its stack is (no symbols _stack_start and _stack_end)")]
    NoStack,
}

const SHT_SYMTAB: u32 = 2;
const SHT_NOBITS: u32 = 8;
const SHF_WRITE: u32 = 1;
const SHF_ALLOC: u32 = 2;

impl Footprint {
    /// Of an ELF file.
    ///
    /// # Errors
    /// See [`NotFirmware`].
    pub fn of(elf: &[u8]) -> Result<Self, NotFirmware> {
        if elf.get(..6) != Some(b"\x7fELF\x01\x01") {
            return Err(NotFirmware::NotElf);
        }
        let sections = sections(elf)?;
        let sum = |wanted: fn(&Section) -> bool| {
            let sizes = sections.iter().filter(|section| section.flags & SHF_ALLOC != 0 && wanted(section));
            sizes.map(|section| u64::from(section.size)).sum::<u64>()
        };
        let top = symbol(elf, &sections, "_stack_start")?.ok_or(NotFirmware::NoStack)?;
        let end = symbol(elf, &sections, "_stack_end")?.ok_or(NotFirmware::NoStack)?;
        Ok(Self {
            flash_bytes: sum(|section| section.kind != SHT_NOBITS),
            ram_bytes: sum(|section| section.flags & SHF_WRITE != 0) + u64::from(top.saturating_sub(end)),
        })
    }
}

struct Section {
    kind: u32,
    flags: u32,
    offset: u32,
    size: u32,
    link: u32,
}

fn word(bytes: &[u8], at: u64) -> Result<u32, NotFirmware> {
    let at = usize::try_from(at).map_err(|_| NotFirmware::CutOff)?;
    let bytes = bytes.get(at..at.saturating_add(4)).ok_or(NotFirmware::CutOff)?;
    Ok(u32::from_le_bytes(bytes.try_into().map_err(|_| NotFirmware::CutOff)?))
}

/// The section headers: e_shoff at 32, e_shentsize and e_shnum from 46.
fn sections(elf: &[u8]) -> Result<Vec<Section>, NotFirmware> {
    let table = u64::from(word(elf, 32)?);
    let sizes = word(elf, 46)?;
    let (size, count) = (u64::from(sizes & 0xFFFF), sizes >> 16);
    (0..u64::from(count))
        .map(|n| {
            let field = |offset: u64| word(elf, table + n * size + offset);
            Ok(Section { kind: field(4)?, flags: field(8)?, offset: field(16)?, size: field(20)?, link: field(24)? })
        })
        .collect()
}

/// The value of a symbol.
fn symbol(elf: &[u8], sections: &[Section], name: &str) -> Result<Option<u32>, NotFirmware> {
    let Some(table) = sections.iter().find(|section| section.kind == SHT_SYMTAB) else { return Ok(None) };
    let names = sections.get(table.link as usize).ok_or(NotFirmware::CutOff)?;
    for n in 0..u64::from(table.size / 16) {
        let at = u64::from(table.offset) + 16 * n;
        let start = u64::from(names.offset) + u64::from(word(elf, at)?);
        let start = usize::try_from(start).map_err(|_| NotFirmware::CutOff)?;
        let text = elf.get(start..).ok_or(NotFirmware::CutOff)?;
        if text.starts_with(name.as_bytes()) && text.get(name.len()) == Some(&0) {
            return word(elf, at + 4).map(Some);
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_firmware_is_named() {
        assert_eq!(Footprint::of(b"#!/bin/sh"), Err(NotFirmware::NotElf));
        assert_eq!(Footprint::of(b"\x7fELF\x02\x01"), Err(NotFirmware::NotElf), "64 bits");
        assert_eq!(Footprint::of(b"\x7fELF\x01\x01"), Err(NotFirmware::CutOff));
        let mut empty = [0; 64];
        empty[..6].copy_from_slice(b"\x7fELF\x01\x01");
        assert_eq!(Footprint::of(&empty), Err(NotFirmware::NoStack));
    }
}
