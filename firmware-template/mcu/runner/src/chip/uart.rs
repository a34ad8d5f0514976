//! The UART to the autopilot: 8 bits, no parity, one stop bit. Bytes that come wait in a ring until the flight takes them; bytes that go
//! are waited for.
use super::clock::Clocks;
use super::register::Register;
use crate::boards::Board;
use core::sync::atomic::{AtomicU32, Ordering};
use cortex_m::peripheral::NVIC;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::pipe::Pipe;

/// 22 ms at 921,600 baud.
const RING: usize = 2048;

static RECEIVED: Pipe<CriticalSectionRawMutex, RING> = Pipe::new();
static BASE: AtomicU32 = AtomicU32::new(0);
static LOST: AtomicU32 = AtomicU32::new(0);

const STATUS: u32 = 0x00;
const DATA: u32 = 0x04;
const RATE: u32 = 0x08;
const CONTROL_1: u32 = 0x0C;

const OVERRUN: u32 = 1 << 3;
const RECEIVED_ONE: u32 = 1 << 5;
const ROOM_TO_SEND: u32 = 1 << 7;
/// Looks for room to send: at 16 MHz and 9,600 baud a byte takes less.
const LOOKS: u32 = 20_000;

const RCC_APB1ENR: Register = Register(0x4002_3840);
const RCC_APB2ENR: Register = Register(0x4002_3844);

/// An interrupt by its number.
#[derive(Clone, Copy)]
struct Interrupt(u16);

// SAFETY: the numbers below are those of the chip's vector table.
unsafe impl cortex_m::interrupt::InterruptNumber for Interrupt {
    fn number(self) -> u16 {
        self.0
    }
}

fn register(offset: u32) -> Register {
    Register(BASE.load(Ordering::Relaxed) + offset)
}

/// Starts the board's UART.
///
/// # Panics
/// For a number that is none of the chip's USARTs.
pub(crate) fn begin(board: &Board, clocks: &Clocks) {
    let (base, interrupt, bus_hz, enable, bit) = match board.uart.number {
        1 => (0x4001_1000, 37, clocks.apb2_hz, RCC_APB2ENR, 4),
        2 => (0x4000_4400, 38, clocks.apb1_hz, RCC_APB1ENR, 17),
        3 => (0x4000_4800, 39, clocks.apb1_hz, RCC_APB1ENR, 18),
        6 => (0x4001_1400, 71, clocks.apb2_hz, RCC_APB2ENR, 5),
        other => panic!("there is no USART{other}"),
    };
    BASE.store(base, Ordering::Relaxed);
    enable.set(1 << bit);
    register(RATE).write((bus_hz + board.baud / 2) / board.baud);
    // Enabled; transmitter, receiver, and its interrupt.
    register(CONTROL_1).write(1 << 13 | 1 << 3 | 1 << 2 | RECEIVED_ONE);
    // SAFETY: nobody relies on this interrupt being masked.
    unsafe { NVIC::unmask(Interrupt(interrupt)) };
}

/// Takes what the UART has received. It runs between any two instructions of the flight.
pub(crate) fn on_interrupt() {
    loop {
        let status = register(STATUS).read();
        if status & (RECEIVED_ONE | OVERRUN) == 0 {
            return;
        }
        // Reading the data clears both.
        let byte = register(DATA).read() as u8;
        if status & OVERRUN != 0 || RECEIVED.try_write(&[byte]).is_err() {
            LOST.store(LOST.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        }
    }
}

/// Bytes that have come, at least one.
pub(crate) async fn read(buffer: &mut [u8]) -> usize {
    RECEIVED.read(buffer).await
}

/// How often bytes came faster than they were taken.
pub(crate) fn lost() -> u32 {
    LOST.load(Ordering::Relaxed)
}

/// Sends bytes. One that finds no room for longer than a byte takes is dropped: then the UART is broken, and the link's loss shows.
pub(crate) fn write(bytes: &[u8]) {
    let (status, data) = (register(STATUS), register(DATA));
    for byte in bytes {
        if status.wait_for(ROOM_TO_SEND, LOOKS) {
            data.write(u32::from(*byte));
        }
    }
}
