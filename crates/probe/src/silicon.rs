//! What a chip says of itself: which one it is, how much flash it has, and whether that is locked.
//!
//! Addresses and numbers are those of the vendors' reference manuals (ST: RM0316, RM0090, RM0385, RM0410, RM0431, RM0433, RM0440, RM0351
//! and their like; Nordic: FICR). For other chips the core and the maker are all that is checked, and the identity says so.
use flightsmith_upload::board::flasher::{Chip, FlashError, Identity};

/// Reading a chip's registers.
pub trait Reads {
    /// The word at `address`, a multiple of 4.
    ///
    /// # Errors
    /// What the driver said.
    fn word(&mut self, address: u64) -> Result<u32, String>;

    /// The maker's JEP106 code (number, continuation) in the chip's ROM table.
    ///
    /// # Errors
    /// What the driver said.
    fn maker(&mut self) -> Result<Option<(u8, u8)>, String>;
}

/// CPUID of every Cortex-M.
const CPUID: u64 = 0xe000_ed00;
/// Nordic's factory information: part number, in hexadecimal digits that read as the name's.
const FICR_PART: u64 = 0x1000_0100;
/// ARM itself, in whose name a ROM table may stand whoever made the chip.
const ARM: (u8, u8) = (0x3b, 4);

/// A series of ST's chips: what its registers have in common.
struct Series {
    name: &'static str,
    /// Device number in the low 12 bits.
    idcode: u64,
    lock: Lock,
}

/// Where readout protection shows.
#[derive(Clone, Copy)]
enum Lock {
    /// A byte of this word, so many bits up: 0xaa is open, 0xcc for ever shut.
    Byte { address: u64, shift: u32 },
    /// Bits 2:1 of this word: 0 is open.
    Bits { address: u64 },
}

/// A device of ST's: several lines of chips share one number. A small x in a line's name stands for any character.
struct Device {
    number: u32,
    lines: &'static [&'static str],
    /// Flash size in KiB, 16 bits.
    size: u64,
}

const SERIES: [Series; 6] = [
    Series { name: "STM32F3", idcode: 0xe004_2000, lock: Lock::Bits { address: 0x4002_201c } },
    Series { name: "STM32F4", idcode: 0xe004_2000, lock: Lock::Byte { address: 0x4002_3c14, shift: 8 } },
    Series { name: "STM32F7", idcode: 0xe004_2000, lock: Lock::Byte { address: 0x4002_3c14, shift: 8 } },
    Series { name: "STM32G4", idcode: 0xe004_2000, lock: Lock::Byte { address: 0x4002_2020, shift: 0 } },
    Series { name: "STM32L4", idcode: 0xe004_2000, lock: Lock::Byte { address: 0x4002_2020, shift: 0 } },
    Series { name: "STM32H7", idcode: 0x5c00_1000, lock: Lock::Byte { address: 0x5200_201c, shift: 8 } },
];

const F3_SIZE: u64 = 0x1fff_f7cc;
const F4_SIZE: u64 = 0x1fff_7a22;
const F7_SIZE: u64 = 0x1ff0_f442;
const L4_G4_SIZE: u64 = 0x1fff_75e0;
const H7_SIZE: u64 = 0x1ff1_e880;

macro_rules! device {
    ($number:literal $size:ident: $($line:literal)+) => {
        Device { number: $number, lines: &[$(concat!("STM32", $line)),+], size: $size }
    };
}

const DEVICES: [Device; 29] = [
    device!(0x422 F3_SIZE: "F302xB" "F302xC" "F303xB" "F303xC" "F358"),
    device!(0x432 F3_SIZE: "F373" "F378"),
    device!(0x438 F3_SIZE: "F303x6" "F303x8" "F328" "F334"),
    device!(0x439 F3_SIZE: "F301" "F302x6" "F302x8" "F318"),
    device!(0x446 F3_SIZE: "F302xD" "F302xE" "F303xD" "F303xE" "F398"),
    device!(0x413 F4_SIZE: "F405" "F407" "F415" "F417"),
    device!(0x419 F4_SIZE: "F427" "F429" "F437" "F439"),
    device!(0x421 F4_SIZE: "F446"),
    device!(0x423 F4_SIZE: "F401xB" "F401xC"),
    device!(0x431 F4_SIZE: "F411"),
    device!(0x433 F4_SIZE: "F401xD" "F401xE"),
    device!(0x434 F4_SIZE: "F469" "F479"),
    device!(0x441 F4_SIZE: "F412"),
    device!(0x458 F4_SIZE: "F410"),
    device!(0x463 F4_SIZE: "F413" "F423"),
    device!(0x449 F7_SIZE: "F745" "F746" "F750" "F756"),
    device!(0x451 F7_SIZE: "F765" "F767" "F768" "F769" "F777" "F778" "F779"),
    Device {
        number: 0x452,
        lines: &["STM32F722", "STM32F723", "STM32F730", "STM32F732", "STM32F733"],
        size: 0x1ff0_7a22,
    },
    device!(0x468 L4_G4_SIZE: "G431" "G441"),
    device!(0x469 L4_G4_SIZE: "G471" "G473" "G474" "G483" "G484"),
    device!(0x479 L4_G4_SIZE: "G491" "G4A1"),
    device!(0x415 L4_G4_SIZE: "L471" "L475" "L476" "L485" "L486"),
    device!(0x435 L4_G4_SIZE: "L431" "L432" "L433" "L442" "L443"),
    device!(0x461 L4_G4_SIZE: "L496" "L4A6"),
    device!(0x462 L4_G4_SIZE: "L451" "L452" "L462"),
    device!(0x464 L4_G4_SIZE: "L412" "L422"),
    device!(0x470 L4_G4_SIZE: "L4R" "L4S"),
    device!(0x450 H7_SIZE: "H742" "H743" "H745" "H747" "H750" "H753" "H755" "H757"),
    device!(0x483 H7_SIZE: "H723" "H725" "H730" "H733" "H735"),
];

/// Finds out whether `chip` is what answers. `maker` is the JEP106 code of its description.
///
/// # Errors
/// [`FlashError::WrongChip`], [`FlashError::Lost`].
pub fn identify(chip: &Chip, maker: Option<(u8, u8)>, reads: &mut dyn Reads) -> Result<Identity, FlashError> {
    let core = core(chip, reads)?;
    if let Some((series, device)) = st(&chip.name) {
        return identify_st(chip, series, device, &core, reads);
    }
    if chip.name.starts_with("nRF52") {
        return identify_nordic(chip, &core, reads);
    }
    let found = reads.maker().map_err(lost)?;
    match (maker, found) {
        (Some(named), Some(found)) if found != ARM && found != named => {
            let found =
                format!("{core}, made by JEP106 {:#04x}/{}, not {:#04x}/{}", found.0, found.1, named.0, named.1);
            Err(FlashError::WrongChip { named: chip.name.clone(), found })
        }
        (Some(named), Some(found)) if found == named => {
            let says = format!("{core}, of the right maker; which of their chips it is was not found out");
            Ok(Identity { says, proves: false })
        }
        _ => Ok(Identity { says: format!("{core}; its maker was not found out"), proves: false }),
    }
}

/// Finds out whether the flash of `chip` is open for reading and writing.
///
/// # Errors
/// [`FlashError::Locked`], [`FlashError::Lost`].
pub fn check_unlocked(chip: &Chip, reads: &mut dyn Reads) -> Result<(), FlashError> {
    let locked = |how: String| Err(FlashError::Locked { chip: chip.name.clone(), how });
    if let Some((series, device)) = st(&chip.name) {
        let level = match series.lock {
            Lock::Byte { address, shift } => match (reads.word(address).map_err(lost)? >> shift) & 0xff {
                0xaa => 0,
                0xcc => 2,
                _ => 1,
            },
            Lock::Bits { address } => (reads.word(address).map_err(lost)? >> 1) & 3,
        };
        if level > 0 {
            return locked(format!("readout protection is at level {level}"));
        }
        // Of these two devices every flash sector of a bank has its bit, set while it may be written.
        if let (0x413 | 0x419, Lock::Byte { address, .. }) = (device.number, series.lock) {
            let open = (reads.word(address).map_err(lost)? >> 16) & 0xfff;
            let shut: Vec<String> = (0..12).filter(|bit| open & (1 << bit) == 0).map(|bit| bit.to_string()).collect();
            if !shut.is_empty() {
                return locked(format!("write protection is on for sectors {}", shut.join(", ")));
            }
        }
    }
    let first = chip.flash.first().map_or(0, |region| region.start);
    match reads.word(first) {
        Ok(_) => Ok(()),
        // The chip answered until now, so that it is the flash that does not.
        Err(says) => locked(format!("it cannot be read ({says})")),
    }
}

fn lost(says: String) -> FlashError {
    FlashError::Lost { says }
}

/// The core by its CPUID; an error if it is not the one of the description.
fn core(chip: &Chip, reads: &mut dyn Reads) -> Result<String, FlashError> {
    let cpuid = reads.word(CPUID).map_err(lost)?;
    let (name, kind) = match (cpuid >> 4) & 0xfff {
        0xc20 => ("Cortex-M0", "Armv6m"),
        0xc21 => ("Cortex-M1", "Armv6m"),
        0xc60 => ("Cortex-M0+", "Armv6m"),
        0xc23 => ("Cortex-M3", "Armv7m"),
        0xc24 => ("Cortex-M4", "Armv7em"),
        0xc27 => ("Cortex-M7", "Armv7em"),
        0xd20 => ("Cortex-M23", "Armv8m"),
        0xd21 => ("Cortex-M33", "Armv8m"),
        0xd22 => ("Cortex-M55", "Armv8m"),
        _ => ("a core unknown here", chip.core.as_str()),
    };
    if kind == chip.core {
        return Ok(name.to_owned());
    }
    Err(FlashError::WrongChip { named: chip.name.clone(), found: format!("a {name} (CPUID {cpuid:#010x})") })
}

fn st(name: &str) -> Option<(&'static Series, &'static Device)> {
    let series = SERIES.iter().find(|series| name.starts_with(series.name))?;
    let device = DEVICES.iter().find(|device| device.lines.iter().any(|line| is_of(name, line)))?;
    Some((series, device))
}

/// Whether the chip called `name` is of the line `line`.
fn is_of(name: &str, line: &str) -> bool {
    name.len() >= line.len() && name.bytes().zip(line.bytes()).all(|(name, line)| line == b'x' || name == line)
}

fn identify_st(
    chip: &Chip,
    series: &Series,
    device: &Device,
    core: &str,
    reads: &mut dyn Reads,
) -> Result<Identity, FlashError> {
    let wrong = |found: String| Err(FlashError::WrongChip { named: chip.name.clone(), found });
    let number = reads.word(series.idcode).map_err(lost)? & 0xfff;
    if number != device.number {
        let other = DEVICES.iter().find(|device| device.number == number);
        let lines = other.map_or("none that is known here".into(), |device| device.lines.join("/"));
        return wrong(format!("a {core}, ST device {number:#05x} ({lines}), not {:#05x}", device.number));
    }
    // The register is 16 bits wide and need not begin a word.
    let size_kib = (reads.word(device.size & !3).map_err(lost)? >> (8 * (device.size & 2))) & 0xffff;
    let named_kib = chip.flash.iter().map(|region| region.size_bytes()).sum::<u64>() / 1024;
    let says = format!("{core}, ST device {number:#05x} ({}), {size_kib} KiB of flash", device.lines.join("/"));
    match u64::from(size_kib) {
        0 | 0xffff => Ok(Identity {
            says: format!("{core}, ST device {number:#05x}; it does not say how much flash"),
            proves: false,
        }),
        found if found < named_kib => wrong(format!("{says}, not {named_kib}")),
        found => Ok(Identity { says, proves: found == named_kib }),
    }
}

fn identify_nordic(chip: &Chip, core: &str, reads: &mut dyn Reads) -> Result<Identity, FlashError> {
    let part = reads.word(FICR_PART).map_err(lost)?;
    let digits = chip.name.trim_start_matches("nRF").split('_').next().unwrap_or_default();
    match (part, u32::from_str_radix(digits, 16)) {
        (u32::MAX, _) | (_, Err(_)) => {
            Ok(Identity { says: format!("{core}; it does not say which part it is"), proves: false })
        }
        (part, Ok(named)) if part == named => Ok(Identity { says: format!("{core}, nRF{part:x}"), proves: true }),
        (part, _) => {
            Err(FlashError::WrongChip { named: chip.name.clone(), found: format!("a {core}, Nordic part {part:x}") })
        }
    }
}

#[cfg(test)]
mod tests;
