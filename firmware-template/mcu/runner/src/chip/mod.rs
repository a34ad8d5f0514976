//! The STM32F405, at the level of its registers (ST's reference manual RM0090): the only part that touches hardware, and the only one
//! with unsafe code.
//!
//! The drivers are few and small on purpose: the same ones run on the chip and in the emulator, so that what flies there is what is
//! flashed. Only the clocks' set-up is left out in the emulator, which does not model it.
#![expect(unsafe_code, reason = "registers and memory are reached by their addresses")]

pub(crate) mod clock;
pub(crate) mod emulator;
pub(crate) mod executor;
pub(crate) mod log;
pub(crate) mod memory;
pub(crate) mod pins;
pub(crate) mod register;
pub(crate) mod time;
pub(crate) mod uart;
pub(crate) mod watchdog;

use crate::boards::Board;
use crate::ending::Ending;
use cortex_m_rt::{ExceptionFrame, exception};
use register::Register;

/// Where the firmware finds itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// On the chip, or in an emulator that runs in real time.
    RealTime,
    /// In the emulator, in lockstep with the simulator.
    Lockstep,
}

/// Sets up memory, clocks, UART and time.
pub(crate) fn begin(board: &Board) -> Place {
    memory::begin();
    log::begin();
    let emulated = emulator::is_here();
    let place = if emulated && emulator::take_lockstep_word() { Place::Lockstep } else { Place::RealTime };
    let clocks = if emulated { clock::RESET } else { clock::begin(board.crystal_mhz) };
    if !emulated {
        pins::begin(&board.uart);
        watchdog::begin();
    }
    uart::begin(board, &clocks);
    time::begin(&clocks);
    if place == Place::Lockstep {
        // Bytes that come before the UART listens are lost: whoever sends them waits for this one.
        uart::write(&[emulator::READY]);
    }
    place
}

/// RCC_CSR: why the chip was reset. Power-on and brown-out flags, and the bit that clears all flags.
const RCC_CSR: Register = Register(0x4002_3874);
const POWER_ON: u32 = 1 << 27 | 1 << 25;
const CLEAR_FLAGS: u32 = 1 << 24;

/// Whether this life began with the power: then memory holds nothing of a life before.
pub(crate) fn was_powered_on() -> bool {
    let powered_on = RCC_CSR.read() & POWER_ON != 0;
    RCC_CSR.set(CLEAR_FLAGS);
    powered_on
}

/// Says how it ended; ends the emulator in lockstep, else stays, silent.
pub(crate) async fn end(place: Place, ending: &Ending) {
    memory::report();
    if place == Place::Lockstep {
        emulator::exit(ending.code());
    }
    loop {
        embassy_time::Timer::after_millis(100).await;
        watchdog::made_progress();
    }
}

/// Starts the chip anew; the black box tells the next life why.
pub(crate) fn reset() -> ! {
    cortex_m::peripheral::SCB::sys_reset()
}

#[panic_handler]
fn panic(panic: &core::panic::PanicInfo<'_>) -> ! {
    cortex_m::interrupt::disable();
    crate::black_box::leave_word(format_args!("{}", panic.message()));
    reset()
}

#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    crate::black_box::leave_word(format_args!("a fault at {:#010x}", frame.pc()));
    reset()
}

#[exception]
unsafe fn DefaultHandler(_interrupt: i16) {
    // The UART's is the only interrupt that is ever let through.
    uart::on_interrupt();
}

#[exception]
fn SysTick() {
    time::on_tick();
    watchdog::on_tick();
}
