//! The chip's clocks: 168 MHz from the board's crystal, from the internal oscillator where the crystal does not swing.
use super::register::Register;

/// Frequencies in Hz.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clocks {
    /// The core and its timer.
    pub core_hz: u32,
    /// The bus of USART2 and 3.
    pub apb1_hz: u32,
    /// The bus of USART1 and 6.
    pub apb2_hz: u32,
}

/// After reset, as far as the emulator cares: its core timer counts 168 MHz, its UART has no rate.
pub(crate) const RESET: Clocks = FULL_SPEED;

const FULL_SPEED: Clocks = Clocks { core_hz: 168_000_000, apb1_hz: 42_000_000, apb2_hz: 84_000_000 };

const RCC_CR: Register = Register(0x4002_3800);
const RCC_PLLCFGR: Register = Register(0x4002_3804);
const RCC_CFGR: Register = Register(0x4002_3808);
const FLASH_ACR: Register = Register(0x4002_3C00);

const HSE_ON: u32 = 1 << 16;
const HSE_READY: u32 = 1 << 17;
const PLL_ON: u32 = 1 << 24;
const PLL_READY: u32 = 1 << 25;

/// A crystal starts within milliseconds: at 16 MHz this is more than 100 ms.
const LOOKS: u32 = 500_000;

/// Runs the core at 168 MHz. A chip whose PLL does not lock stays at the 16 MHz that it woke up with.
pub(crate) fn begin(crystal_mhz: u32) -> Clocks {
    RCC_CR.set(HSE_ON);
    let crystal = (4..=26).contains(&crystal_mhz) && RCC_CR.wait_for(HSE_READY, LOOKS);
    let (source, input_mhz) = if crystal { (1 << 22, crystal_mhz) } else { (0, 16) };
    // 1 MHz in, times 336, by 2: 168 MHz; by 7: the 48 MHz that USB would want.
    RCC_PLLCFGR.write(input_mhz | 336 << 6 | source | 7 << 24);
    RCC_CR.set(PLL_ON);
    if !RCC_CR.wait_for(PLL_READY, LOOKS) {
        return Clocks { core_hz: 16_000_000, apb1_hz: 16_000_000, apb2_hz: 16_000_000 };
    }
    // Five wait states (2.7 V and more), prefetch and both caches, before the core is faster than the flash.
    FLASH_ACR.write(5 | 0b111 << 8);
    let _ = FLASH_ACR.read();
    // APB1 by 4, APB2 by 2, then the PLL for the core.
    RCC_CFGR.write(0b101 << 10 | 0b100 << 13);
    RCC_CFGR.replace(0b11, 0b10);
    RCC_CFGR.wait_for(0b10 << 2, LOOKS);
    FULL_SPEED
}
