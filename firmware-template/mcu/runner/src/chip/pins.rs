//! The UART's pins.
use super::register::Register;
use crate::boards::{Pin, Uart};

const RCC_AHB1ENR: Register = Register(0x4002_3830);
/// USART1, 2 and 3 are alternate function 7, USART6 is 8.
const AF_USART_1_TO_3: u32 = 7;
const AF_USART_6: u32 = 8;

/// Connects the pins to their UART: fast, with a pull-up on the receiving one, so that an open wire is silence.
pub(crate) fn begin(uart: &Uart) {
    let function = if uart.number == 6 { AF_USART_6 } else { AF_USART_1_TO_3 };
    for (pin, pull_up) in [(uart.tx, 0), (uart.rx, 1)] {
        connect(pin, function, pull_up);
    }
}

fn connect(pin: Pin, function: u32, pull_up: u32) {
    let port = (pin.port as u32).saturating_sub('A' as u32);
    let number = u32::from(pin.number);
    RCC_AHB1ENR.set(1 << port);
    let base = 0x4002_0000 + 0x400 * port;
    let (mode, speed, pull) = (Register(base), Register(base + 0x08), Register(base + 0x0C));
    let alternate = Register(base + 0x20 + 4 * (number / 8));
    alternate.replace(0xF << (4 * (number % 8)), function << (4 * (number % 8)));
    pull.replace(0b11 << (2 * number), pull_up << (2 * number));
    speed.replace(0b11 << (2 * number), 0b10 << (2 * number));
    mode.replace(0b11 << (2 * number), 0b10 << (2 * number));
}
