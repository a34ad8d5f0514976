//! # Typed access to a register's fields
//!
//! - read-modify-write of some bits of a register
//! - mask and shift with types
//! - write a small hardware abstraction
//!
//! A newtype around the word with a method a field keeps masks in one place. Changing a field reads the word, clears its bits and sets
//! the new ones. The register itself hides behind a trait, so that tests use memory in its place.
//!
//! Pitfalls:
//! - Reading some registers has side effects, and some bits are cleared by writing a one: read the data sheet.

trait Bus {
    fn read(&mut self, register: u8) -> u16;
    fn write(&mut self, register: u8, value: u16);
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Gain {
    One = 0,
    Two = 1,
    Eight = 2,
}

#[derive(Clone, Copy)]
struct Config(u16);

impl Config {
    const GAIN_SHIFT: u32 = 9;
    const GAIN_MASK: u16 = 0b11 << Self::GAIN_SHIFT;
    const START: u16 = 1 << 15;

    fn with_gain(self, gain: Gain) -> Self {
        Self(self.0 & !Self::GAIN_MASK | (gain as u16) << Self::GAIN_SHIFT)
    }
    fn gain(self) -> Option<Gain> {
        match (self.0 & Self::GAIN_MASK) >> Self::GAIN_SHIFT {
            0 => Some(Gain::One),
            1 => Some(Gain::Two),
            2 => Some(Gain::Eight),
            _ => None,
        }
    }
    fn started(self) -> Self {
        Self(self.0 | Self::START)
    }
}

const CONFIG: u8 = 1;

fn start(bus: &mut impl Bus, gain: Gain) {
    let config = Config(bus.read(CONFIG));
    bus.write(CONFIG, config.with_gain(gain).started().0);
}

/// Memory in place of a chip.
struct FakeBus([u16; 4]);
impl Bus for FakeBus {
    fn read(&mut self, register: u8) -> u16 {
        self.0[usize::from(register)]
    }
    fn write(&mut self, register: u8, value: u16) {
        self.0[usize::from(register)] = value;
    }
}

fn main() {
    let mut bus = FakeBus([0, 0x0683, 0, 0]);
    assert_eq!(Config(bus.read(CONFIG)).gain(), None, "a reserved value");
    start(&mut bus, Gain::Two);
    assert_eq!(bus.0[1], 0x8283, "other bits stay");
    assert_eq!(Config(bus.0[1]).gain(), Some(Gain::Two));
    assert_eq!(Config(0).with_gain(Gain::Eight).gain(), Some(Gain::Eight));
    assert_eq!(Config(0xFFFF).with_gain(Gain::One).gain(), Some(Gain::One));
}
