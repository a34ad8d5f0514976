//! What is different in the emulator (`qemu-system-arm -M netduinoplus2`): no clocks to set up, lockstep where it was told so, and an end
//! with an exit code.
use super::register::Register;
use core::fmt::{self, Write};

/// On the chip its internal oscillator is on and ready after every reset: the register is never 0 there. The emulator does not model it.
const RCC_CR: Register = Register(0x4002_3800);

/// Where whoever starts the emulator leaves the word for lockstep, in the RAM that the memory map keeps free.
const WORD_AT: Register = Register(0x2001_FFF8);
/// "TICK" as the bytes stand in memory.
const LOCKSTEP: u32 = u32::from_le_bytes(*b"TICK");

/// What is sent once the UART listens: no beginning of any MAVLink frame.
pub(crate) const READY: u8 = b'\n';

/// Whether this is the emulator.
pub(crate) fn is_here() -> bool {
    RCC_CR.read() == 0
}

/// Whether the emulator was told to stand in lockstep. A real chip never asks.
pub(crate) fn take_lockstep_word() -> bool {
    WORD_AT.read() == LOCKSTEP
}

const SYS_WRITE0: u32 = 0x04;
const SYS_EXIT_EXTENDED: u32 = 0x20;
/// ADP_Stopped_ApplicationExit.
const APPLICATION_EXIT: u32 = 0x2_0026;

/// Arm's semihosting call; in the emulator only, for on the chip it would be a fault without a debugger.
fn call(operation: u32, argument: u32) {
    // SAFETY: the emulator reads memory behind `argument` and changes nothing but r0.
    unsafe {
        core::arch::asm!("bkpt #0xab", inout("r0") operation => _, in("r1") argument, options(nostack));
    }
}

/// Writes one line on the emulator's stderr.
pub(crate) fn line(text: fmt::Arguments<'_>) {
    let mut out = Console { buffer: [0; 128], length: 0 };
    // Writing to a console cannot fail.
    let _ = writeln!(out, "{text}");
    out.flush();
}

struct Console {
    buffer: [u8; 128],
    length: usize,
}

impl Console {
    fn flush(&mut self) {
        self.buffer[self.length] = 0;
        call(SYS_WRITE0, self.buffer.as_ptr() as u32);
        self.length = 0;
    }
}

impl Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            if self.length == self.buffer.len() - 1 {
                self.flush();
            }
            self.buffer[self.length] = byte;
            self.length += 1;
        }
        Ok(())
    }
}

/// Ends the emulator with an exit code.
pub(crate) fn exit(code: u32) {
    let block = [APPLICATION_EXIT, code];
    call(SYS_EXIT_EXTENDED, block.as_ptr() as u32);
}
