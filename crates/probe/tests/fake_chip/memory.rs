//! The fake chip's address space: flash, RAM, and the registers that a debugger uses.
use super::{FLASH, FLASH_BYTES, FakeChip, SRAM, SRAM_BYTES};

const CCM: u32 = 0x1000_0000;
const CCM_BYTES: usize = 64 * 1024;

pub(super) struct Memory {
    pub flash: Vec<u8>,
    sram: Vec<u8>,
    ccm: Vec<u8>,
}

impl Memory {
    pub fn new() -> Self {
        Self { flash: vec![0xff; FLASH_BYTES], sram: vec![0; SRAM_BYTES], ccm: vec![0; CCM_BYTES] }
    }

    /// RAM, for the chip's own use.
    pub fn ram_mut(&mut self, address: u32, size: usize) -> &mut [u8] {
        self.find(address, size).expect("an address in RAM")
    }

    fn find(&mut self, address: u32, size: usize) -> Option<&mut [u8]> {
        let regions = [(SRAM, &mut self.sram), (CCM, &mut self.ccm)];
        regions.into_iter().find_map(|(start, bytes)| {
            let at = address.checked_sub(start)? as usize;
            bytes.get_mut(at..at.checked_add(size)?)
        })
    }
}

impl FakeChip {
    /// Whether the flash answers a debugger: not with readout protection on.
    fn is_readable(&self) -> bool {
        (self.condition.optcr >> 8) & 0xff == 0xaa
    }

    /// Reads bytes of memory; an error is a bus fault.
    pub(super) fn read_bytes(&mut self, address: u32, bytes: &mut [u8]) -> Result<(), String> {
        if let Some(at) = address.checked_sub(FLASH).map(|at| at as usize)
            && let Some(found) = self.memory.flash.get(at..at + bytes.len())
        {
            if !self.is_readable() {
                return Err(format!("bus fault at {address:#010x}"));
            }
            if let Some(left) = &mut self.condition.dies_after_flash_reads {
                *left = left.checked_sub(1).ok_or("no answer")?;
            }
            bytes.copy_from_slice(found);
            return Ok(());
        }
        let fault = format!("bus fault at {address:#010x}");
        bytes.copy_from_slice(self.memory.find(address, bytes.len()).ok_or(fault)?);
        Ok(())
    }

    /// Writes bytes of RAM; flash is not written like this.
    pub(super) fn write_bytes(&mut self, address: u32, bytes: &[u8]) -> Result<(), String> {
        let fault = format!("bus fault at {address:#010x}");
        self.memory.find(address, bytes.len()).ok_or(fault)?.copy_from_slice(bytes);
        Ok(())
    }

    /// A register of the system, or `None` where there is memory or nothing.
    pub(super) fn read_register(&mut self, address: u32) -> Option<u32> {
        Some(match address {
            0xe000_ed00 => 0x410f_c241,
            // AIRCR, DFSR and the breakpoint unit with six comparators, none of them set.
            0xe000_ed0c | 0xe000_ed30 | 0xe000_2008..=0xe000_201c => 0,
            0xe000_2000 => 0x261,
            // MVFR0, MVFR1: a single-precision floating-point unit.
            0xe000_ef40 => 0x1011_0021,
            0xe000_ef44 => 0x1100_0011,
            0xe000_edf0 => {
                let was_reset = std::mem::take(&mut self.was_reset);
                let bits = [(0, self.debug_enabled), (1, self.halted), (16, true), (17, self.halted), (25, was_reset)];
                bits.iter().fold(0, |word, (bit, set)| word | (u32::from(*set) << bit))
            }
            0xe000_edf8 => self.registers[127],
            0xe000_edfc => u32::from(self.catches_reset),
            0xe004_2000 => self.condition.idcode,
            0xe004_2004 => 0,
            0x1fff_7a20 => u32::from(self.condition.size_kib) << 16,
            0x4002_3c14 => self.condition.optcr,
            _ => return None,
        })
    }

    /// Writes a register of the system; whether there is one.
    pub(super) fn write_register(&mut self, address: u32, word: u32) -> bool {
        match address {
            0xe000_ed0c if word == 0x05fa_0004 => self.reset(),
            0xe000_edf0 if word >> 16 == 0xa05f => {
                self.debug_enabled = word & 1 != 0;
                let (halt, step) = (word & 2 != 0, word & 4 != 0);
                match (halt, step) {
                    (true, _) => self.halted = true,
                    // The first instruction of a routine, done one by one: the halt comes back at once.
                    (false, true) => self.halted = true,
                    (false, false) if self.halted => self.go(),
                    (false, false) => {}
                }
            }
            // DCRSR: from DCRDR into a register, or the other way.
            0xe000_edf4 => {
                let register = (word & 0x7f) as usize;
                if word & (1 << 16) != 0 {
                    self.registers[register] = self.registers[127];
                } else {
                    self.registers[127] = self.registers[register];
                }
            }
            0xe000_edf8 => self.registers[127] = word,
            0xe000_edfc => self.catches_reset = word & 1 != 0,
            0xe000_ed0c | 0xe000_ed30 | 0xe000_edf0 | 0xe000_2000..=0xe000_201c | 0xe004_2004 => {}
            _ => return false,
        }
        true
    }
}
