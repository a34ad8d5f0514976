//! The boards that firmware can be made for: their chip's clock and the UART that leads to the autopilot.
//!
//! All of them carry an STM32F405RG (Cortex-M4F, 168 MHz, 1 MB flash, 128 KB RAM): one memory map (`memory.x`), one set of libraries, and
//! the emulator's `netduinoplus2` machine models it. A new board is a constant here.

/// A board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Board {
    /// Its name.
    pub name: &'static str,
    /// Its crystal, in MHz (4 to 26); without a working one the chip runs from its own oscillator.
    pub crystal_mhz: u32,
    /// The UART with the autopilot at its other end.
    pub uart: Uart,
    /// Its rate in baud; the autopilot's SERIALn_BAUD or SER_TELn_BAUD must say the same.
    pub baud: u32,
}

/// A UART of the STM32F405 with its pins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uart {
    /// Number of the USART: 1, 2, 3 or 6.
    pub number: u8,
    /// Where it transmits: to the autopilot's RX.
    pub tx: Pin,
    /// Where it receives: from the autopilot's TX.
    pub rx: Pin,
}

/// A pin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pin {
    /// `'A'` to `'D'`.
    pub port: char,
    /// 0 to 15.
    pub number: u8,
}

const fn pin(port: char, number: u8) -> Pin {
    Pin { port, number }
}

/// Netduino Plus 2: D0 (receives) and D1 (transmits) of its Arduino header, 3.3 V. The machine that the emulator models.
pub const NETDUINO_PLUS_2: Board = Board {
    name: "netduino-plus-2",
    crystal_mhz: 25,
    uart: Uart { number: 6, tx: pin('C', 6), rx: pin('C', 7) },
    baud: 921_600,
};

/// Adafruit Feather STM32F405 Express: the pins marked RX and TX, 3.3 V.
pub const FEATHER_F405: Board = Board {
    name: "feather-f405",
    crystal_mhz: 12,
    uart: Uart { number: 3, tx: pin('B', 10), rx: pin('B', 11) },
    baud: 921_600,
};
