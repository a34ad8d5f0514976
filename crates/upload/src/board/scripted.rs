//! A double of [`Flasher`] whose chip is memory in this process and that fails where it is told to; and the images for it.
//!
//! For tests of what is around a flash, here and in the crates that use this one. probe-rs itself is tested in `flightsmith-probe`.
use super::address::BoardAddress;
use super::flasher::{Board, Chip, FlashError, Flasher, Identity, Log, LogLimits, ProbeFound, Region, Sector};
use super::image::Image;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// The step at which a [`ScriptedFlasher`] fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Opening the probe.
    Attach,
    /// Finding out what the chip is.
    Identify,
    /// Finding out whether it is locked.
    Unlock,
    /// Erasing and writing.
    Write,
    /// Reading back.
    Read,
    /// Restarting.
    Restart,
}

/// A flasher with one chip, an [`stm32f405rg`].
#[derive(Debug, Default)]
pub struct ScriptedFlasher {
    /// Where it fails, and with what.
    pub fails: Option<(Step, FlashError)>,
    /// A bit of flash that does not take its byte, at this address.
    pub stuck_at: Option<u64>,
    /// What the program says after its start.
    pub log: Log,
    /// What the chip's flash holds.
    pub flash: RefCell<BTreeMap<u64, u8>>,
    /// What was done, in order.
    pub calls: RefCell<Vec<&'static str>>,
}

struct ScriptedBoard<'a>(&'a ScriptedFlasher);

/// What a [`ScriptedFlasher`]'s chip is like.
pub fn stm32f405rg() -> Chip {
    let region = |name: &str, start, end| Region { name: name.into(), start, end };
    Chip {
        name: "STM32F405RG".into(),
        core: "Armv7em".into(),
        flash: vec![region("BANK_1", 0x0800_0000, 0x0810_0000)],
        ram: vec![region("CCMRAM", 0x1000_0000, 0x1001_0000), region("SRAM", 0x2000_0000, 0x2002_0000)],
    }
}

impl ScriptedFlasher {
    /// One that fails at `step` with `error`.
    pub fn failing(step: Step, error: FlashError) -> Self {
        Self { fails: Some((step, error)), ..Self::default() }
    }

    fn call(&self, step: Step, name: &'static str) -> Result<(), FlashError> {
        self.calls.borrow_mut().push(name);
        match &self.fails {
            Some((at, error)) if *at == step => Err(error.clone()),
            _ => Ok(()),
        }
    }
}

impl Flasher for ScriptedFlasher {
    fn chip(&self, name: &str) -> Result<Chip, FlashError> {
        let chip = stm32f405rg();
        if name.eq_ignore_ascii_case(&chip.name) {
            return Ok(chip);
        }
        Err(FlashError::UnknownChip { name: name.into(), nearest: vec![chip.name] })
    }

    fn sectors(&self, _: &Chip, image: &Image) -> Result<Vec<Sector>, FlashError> {
        let sectors = image.segments().iter().map(|segment| {
            let address = u64::from(segment.address & !0x3fff);
            Sector { address, size_bytes: segment.end().next_multiple_of(0x4000) - address }
        });
        Ok(sectors.collect())
    }

    fn attach(&self, _: &BoardAddress, _: &Chip) -> Result<Box<dyn Board + '_>, FlashError> {
        self.call(Step::Attach, "attach")?;
        Ok(Box::new(ScriptedBoard(self)))
    }
}

impl Board for ScriptedBoard<'_> {
    fn probe(&self) -> ProbeFound {
        ProbeFound { selector: "0483:3748:scripted".into(), name: "scripted probe".into() }
    }

    fn identify(&mut self) -> Result<Identity, FlashError> {
        self.0.call(Step::Identify, "identify")?;
        Ok(Identity { says: "a scripted STM32F405RG".into(), proves: true })
    }

    fn check_unlocked(&mut self) -> Result<(), FlashError> {
        self.0.call(Step::Unlock, "check_unlocked")
    }

    fn erase_and_write(&mut self, image: &Image) -> Result<(), FlashError> {
        // What a real chip does when it fails here: some of it is gone.
        let mut flash = self.0.flash.borrow_mut();
        for segment in image.segments() {
            flash.retain(|address, _| !(u64::from(segment.address)..segment.end()).contains(address));
        }
        self.0.call(Step::Write, "erase_and_write")?;
        for segment in image.segments() {
            flash.extend((u64::from(segment.address)..).zip(segment.bytes.iter().copied()));
        }
        if let Some(byte) = self.0.stuck_at.and_then(|address| flash.get_mut(&address)) {
            *byte ^= 0x10;
        }
        Ok(())
    }

    fn read(&mut self, address: u64, bytes: &mut [u8]) -> Result<(), FlashError> {
        self.0.call(Step::Read, "read")?;
        let flash = self.0.flash.borrow();
        for (address, byte) in (address..).zip(bytes) {
            *byte = flash.get(&address).copied().unwrap_or(0xff);
        }
        Ok(())
    }

    fn restart(&mut self, _: Option<u32>, limits: &LogLimits) -> Result<Log, FlashError> {
        self.0.call(Step::Restart, "restart")?;
        let lines = self.0.log.lines.iter().take(limits.lines).cloned().collect();
        Ok(Log { lines, remark: self.0.log.remark.clone() })
    }
}

/// The first two words of a program: where its stack begins and where it starts.
pub fn vectors(stack: u32, reset: u32) -> [u8; 8] {
    let mut bytes = [0; 8];
    bytes[..4].copy_from_slice(&stack.to_le_bytes());
    bytes[4..].copy_from_slice(&reset.to_le_bytes());
    bytes
}

/// A program for the chip, `size` bytes (at least 12): vectors, an endless loop, and a pattern.
pub fn program(size: usize) -> Vec<u8> {
    let mut bytes = vectors(0x2002_0000, 0x0800_0009).to_vec();
    bytes.extend([0xfe, 0xe7, 0xfe, 0xe7]);
    bytes.extend((bytes.len()..size).map(|at| (at % 251) as u8));
    bytes
}

/// A little-endian 32-bit ARM executable with these segments by address, and a symbol for the log buffer.
pub fn elf(segments: &[(u32, &[u8])], log_block: Option<u32>) -> Vec<u8> {
    let word = |value: usize| (value as u32).to_le_bytes();
    let names = b"\0_SEGGER_RTT\0";
    let headers_end = 52 + 32 * segments.len();
    let stored: usize = segments.iter().map(|(_, bytes)| bytes.len()).sum();
    let (symbols_at, symbols) = (headers_end + stored, if log_block.is_some() { 32 } else { 16 });
    let names_at = symbols_at + symbols;
    let sections_at = names_at + names.len();

    let mut elf = b"\x7fELF\x01\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    elf.extend([2, 0, 40, 0, 1, 0, 0, 0]);
    for value in [0x0800_0009, 52, sections_at, 0x0500_0400] {
        elf.extend(word(value));
    }
    for half in [52, 32, segments.len() as u16, 40, 3, 2] {
        elf.extend(half.to_le_bytes());
    }
    let mut at = headers_end;
    for (address, bytes) in segments {
        for value in [1, at, *address as usize, *address as usize, bytes.len(), bytes.len(), 5, 4] {
            elf.extend(word(value));
        }
        at += bytes.len();
    }
    segments.iter().for_each(|(_, bytes)| elf.extend(*bytes));
    elf.extend([0; 16]);
    if let Some(address) = log_block {
        elf.extend([word(1), word(address as usize), word(48)].concat());
        elf.extend([0x11, 0, 1, 0]);
    }
    elf.extend(names);
    let symbol_table = [0, 2, 0, 0, symbols_at, symbols, 2, 1, 4, 16];
    let name_table = [0, 3, 0, 0, names_at, names.len(), 0, 0, 1, 0];
    for section in [[0; 10], symbol_table, name_table] {
        section.iter().for_each(|value| elf.extend(word(*value)));
    }
    elf
}
