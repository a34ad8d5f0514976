//! A fake STM32F405RG behind a fake probe: [`DebugProbe`] and all that hangs on it, so that probe-rs's own code does the flashing.
//!
//! probe-rs's `FakeProbe` stops where a debugger halts: its memory cannot be written. Here a chip goes on from there. Its memory is real
//! memory, its flash only loses bits until a sector is erased, its core halts, steps, resets and has registers. It does not interpret
//! instructions: when the core is started at an entry of the flash algorithm that probe-rs has loaded into the RAM, the fake does what
//! that entry is for (CMSIS-Pack: `Init`, `EraseSector`, `ProgramPage`, ..) and halts at the return address; started by a reset, it
//! does what a program with an RTT log does. What only silicon can show, such as timing, stays unproved.

mod memory;
mod wires;

use memory::Memory;
use probe_rs::config::Registry;
use probe_rs::flashing::FlashAlgorithm;
use std::sync::{Arc, Mutex};

pub use wires::{FakeProbes, ProbeHandle};

/// Where the flash begins.
pub const FLASH: u32 = 0x0800_0000;
const FLASH_BYTES: usize = 1024 * 1024;
/// Where the RAM begins.
pub const SRAM: u32 = 0x2000_0000;
/// Its size.
pub const SRAM_BYTES: usize = 128 * 1024;
/// Where the fake's program keeps its RTT control block.
pub const LOG_BLOCK: u32 = SRAM + 0x1000;

/// Number of a core register's selector in DCRSR.
const R0: usize = 0;
const LR: usize = 14;
const PC: usize = 15;
const XPSR: usize = 16;

/// What is wrong with this chip; by default nothing.
#[derive(Debug, Clone)]
pub struct Condition {
    /// DBGMCU_IDCODE.
    pub idcode: u32,
    /// Flash size in KiB, as the chip says.
    pub size_kib: u16,
    /// FLASH_OPTCR: readout and write protection.
    pub optcr: u32,
    /// A byte of flash with a bit that is never programmed.
    pub stuck_at: Option<u32>,
    /// Erasing a sector that begins here fails.
    pub bad_sector: Option<u32>,
    /// The log of the program that runs after a reset; `None`: it has no log.
    pub log: Option<&'static str>,
    /// Nothing answers behind the probe.
    pub absent: bool,
    /// Volts on the board, where the probe can measure them.
    pub supply_v: Option<f32>,
    /// The chip goes away after so many reads of its flash.
    pub dies_after_flash_reads: Option<u32>,
}

impl Default for Condition {
    fn default() -> Self {
        Self {
            idcode: 0x1007_6413,
            size_kib: 1024,
            optcr: 0x0fff_aaed,
            stuck_at: None,
            bad_sector: None,
            log: Some("mission waits on the ground\nno permission to start yet\n"),
            absent: false,
            supply_v: None,
            dies_after_flash_reads: None,
        }
    }
}

/// The chip.
pub struct FakeChip {
    condition: Condition,
    memory: Memory,
    algorithm: FlashAlgorithm,
    registers: [u32; 128],
    halted: bool,
    debug_enabled: bool,
    catches_reset: bool,
    was_reset: bool,
    /// What happened to it, in words.
    pub history: Vec<String>,
}

impl FakeChip {
    /// A chip with a program already in its flash.
    pub fn new(condition: Condition) -> Arc<Mutex<Self>> {
        let target = Registry::from_builtin_families().get_target_by_name("STM32F405RG").unwrap();
        let raw = target.flash_algorithms.iter().find(|algorithm| algorithm.name == "stm32f4xx_1024").unwrap();
        let algorithm = FlashAlgorithm::assemble_from_raw_with_core(raw, "main", &target).unwrap();
        let mut memory = Memory::new();
        memory.flash[..4].copy_from_slice(b"old!");
        Arc::new(Mutex::new(Self {
            condition,
            memory,
            algorithm,
            registers: [0; 128],
            halted: false,
            debug_enabled: false,
            catches_reset: false,
            was_reset: false,
            history: Vec::new(),
        }))
    }

    /// The flash from `address` on.
    pub fn flash(&self, address: u32, size: usize) -> &[u8] {
        &self.memory.flash[(address - FLASH) as usize..][..size]
    }

    /// Whether the core runs.
    pub fn runs(&self) -> bool {
        !self.halted
    }

    /// The RAM from `address` on.
    pub fn ram_mut(&mut self, address: u32, size: usize) -> &mut [u8] {
        self.memory.ram_mut(address, size)
    }

    /// Puts a control block with `text` into the RAM, as a program does that logs.
    pub fn say(&mut self, text: &str) {
        let (name_at, buffer_at) = (LOG_BLOCK + 0x80, LOG_BLOCK + 0x100);
        let mut block = b"SEGGER RTT\0\0\0\0\0\0".to_vec();
        // One channel up, none down: name, buffer, its size, where the chip writes, where the probe reads, flags.
        for word in [1, 0, name_at, buffer_at, 1024, text.len() as u32, 0, 0] {
            block.extend(u32::to_le_bytes(word));
        }
        self.memory.ram_mut(LOG_BLOCK, block.len()).copy_from_slice(&block);
        self.memory.ram_mut(name_at, 9).copy_from_slice(b"Terminal\0");
        self.memory.ram_mut(buffer_at, text.len()).copy_from_slice(text.as_bytes());
    }

    fn reset(&mut self) {
        self.was_reset = true;
        self.halted = self.catches_reset;
        let word = |at: usize| u32::from_le_bytes(self.memory.flash[at..at + 4].try_into().unwrap());
        (self.registers[13], self.registers[PC]) = (word(0), word(4) & !1);
        self.registers[XPSR] = 1 << 24;
        self.history.push(if self.halted { "reset, halted" } else { "reset, runs" }.into());
        if let (false, Some(log)) = (self.halted, self.condition.log) {
            self.say(log);
        }
    }

    /// Leaves the halted state: an entry of the flash algorithm is done at once, anything else runs on.
    fn go(&mut self) {
        let entry = u64::from(self.registers[PC] & !1);
        let at = |address: u64| address & !1 == entry;
        let maybe_at = |address: Option<u64>| address.is_some_and(at);
        let [first, second, third] = [0, 1, 2].map(|register| self.registers[R0 + register]);
        let algorithm = &self.algorithm;
        let failed = if maybe_at(algorithm.pc_init) || maybe_at(algorithm.pc_uninit) {
            false
        } else if at(algorithm.pc_erase_sector) {
            self.erase(first)
        } else if at(algorithm.pc_program_page) {
            self.program(first, second as usize, third)
        } else {
            self.halted = false;
            return;
        };
        self.registers[R0] = u32::from(failed);
        self.registers[PC] = self.registers[LR] & !1;
        self.halted = true;
    }

    fn erase(&mut self, address: u32) -> bool {
        self.history.push(format!("erase {address:#010x}"));
        if self.condition.bad_sector == Some(address) {
            return true;
        }
        let sector = self.algorithm.sector_info(address.into()).expect("an address in the flash");
        assert_eq!(sector.base_address, u64::from(address), "sectors are erased by their first address");
        self.memory.flash[(address - FLASH) as usize..][..sector.size as usize].fill(0xff);
        false
    }

    fn program(&mut self, address: u32, size: usize, buffer: u32) -> bool {
        let bytes = self.memory.ram_mut(buffer, size).to_vec();
        for (at, byte) in (address..).zip(bytes) {
            // A bit that is to be programmed goes from one to zero and never back.
            let cell = &mut self.memory.flash[(at - FLASH) as usize];
            *cell &= if self.condition.stuck_at == Some(at) { byte | 0x10 } else { byte };
        }
        false
    }
}
