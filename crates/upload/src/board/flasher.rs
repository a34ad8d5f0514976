//! What a driver of debug probes can do, the chips that it describes, and everything that can go wrong with them.
//!
//! The real one is `flightsmith-probe` (probe-rs), a crate of its own because it is heavy; [`super::scripted`] is the double. The order
//! of the calls is [`super::flash`]'s business.
use super::address::BoardAddress;
use super::image::Image;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A driver of debug probes.
pub trait Flasher {
    /// The chip called `name`, from descriptions alone: no probe is touched.
    ///
    /// # Errors
    /// [`FlashError::UnknownChip`], [`FlashError::NoFlash`].
    fn chip(&self, name: &str) -> Result<Chip, FlashError>;

    /// What has to be erased for `image`, from descriptions alone, by address.
    ///
    /// # Errors
    /// [`FlashError::NoFlash`].
    fn sectors(&self, chip: &Chip, image: &Image) -> Result<Vec<Sector>, FlashError>;

    /// Opens the probe and attaches to the chip, which runs on.
    ///
    /// # Errors
    /// No probe, several, one that cannot be opened, no chip behind it, a locked chip.
    fn attach(&self, address: &BoardAddress, chip: &Chip) -> Result<Box<dyn Board + '_>, FlashError>;
}

/// A chip behind a probe, attached to.
pub trait Board {
    /// The probe, as its selector and name.
    fn probe(&self) -> ProbeFound;

    /// Finds out whether the chip is the one that was named.
    ///
    /// # Errors
    /// [`FlashError::WrongChip`], [`FlashError::Lost`].
    fn identify(&mut self) -> Result<Identity, FlashError>;

    /// Finds out whether its flash can be read and written.
    ///
    /// # Errors
    /// [`FlashError::Locked`], [`FlashError::Lost`].
    fn check_unlocked(&mut self) -> Result<(), FlashError>;

    /// Erases what `image` needs and writes it. From here on the chip holds no valid program until all is verified.
    ///
    /// # Errors
    /// [`FlashError::Write`].
    fn erase_and_write(&mut self, image: &Image) -> Result<(), FlashError>;

    /// Reads the chip's memory.
    ///
    /// # Errors
    /// [`FlashError::Lost`].
    fn read(&mut self, address: u64, bytes: &mut [u8]) -> Result<(), FlashError>;

    /// Clears the RAM, resets the chip, so that it runs what is in its flash and finds nothing of the program before, and follows its log at `block` for as long as `limits` say.
    ///
    /// A log that is not found or breaks off is a remark in [`Log`], no error: the chip runs.
    ///
    /// # Errors
    /// [`FlashError::Reset`].
    fn restart(&mut self, block: Option<u32>, limits: &LogLimits) -> Result<Log, FlashError>;
}

/// A chip by its description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// Its full name.
    pub name: String,
    /// Its core, `Armv7em` for a Cortex-M4 or M7.
    pub core: String,
    /// The flash that it boots from, by address. Option bytes and one-time memory are not part of it.
    pub flash: Vec<Region>,
    /// Its RAM, by address.
    pub ram: Vec<Region>,
}

/// A stretch of memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its name in the description.
    pub name: String,
    /// First address.
    pub start: u64,
    /// Address after the last one.
    pub end: u64,
}

impl Region {
    /// Size in bytes.
    pub fn size_bytes(&self) -> u64 {
        self.end - self.start
    }
}

/// What is erased in one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Sector {
    /// First address.
    pub address: u64,
    /// Size in bytes.
    pub size_bytes: u64,
}

/// A probe that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeFound {
    /// `VID:PID[-INTERFACE][:SERIAL]`, for `?probe=`.
    pub selector: String,
    /// What it calls itself.
    pub name: String,
}

/// What a chip says that it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// In words, with the numbers it was read from.
    pub says: String,
    /// Whether that names the chip, or only does not contradict it.
    pub proves: bool,
}

/// How long a log is followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLimits {
    /// For as long.
    pub time: Duration,
    /// Or until there are as many lines.
    pub lines: usize,
}

impl Default for LogLimits {
    /// Three seconds, 40 lines: enough to see that the program has come up.
    fn default() -> Self {
        Self { time: Duration::from_secs(3), lines: 40 }
    }
}

/// The first lines of a program's log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Log {
    /// The lines, without their ends.
    pub lines: Vec<String>,
    /// Why there are none, or no more.
    pub remark: String,
}

/// Why a chip was not flashed: one variant for each thing that a person would do next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FlashError {
    /// No probe is plugged in.
    #[error("no debug probe was found")]
    NoProbe,
    /// More than one, and none was chosen.
    #[error("{} debug probes are plugged in: {}", .0.len(), list(.0))]
    SeveralProbes(Vec<ProbeFound>),
    /// The chosen one is not there.
    #[error("no debug probe is {wanted}; there {}", there(.present))]
    NoSuchProbe {
        /// The selector asked for.
        wanted: String,
        /// Those that are plugged in.
        present: Vec<ProbeFound>,
    },
    /// The system does not let this user open it.
    #[error("the debug probe {probe} may not be opened by this user")]
    Permission {
        /// Its selector.
        probe: String,
    },
    /// Somebody else has it open, or it does not answer.
    #[error("the debug probe {probe} cannot be opened: {says}")]
    Busy {
        /// Its selector.
        probe: String,
        /// What the driver said.
        says: String,
    },
    /// The probe cannot do what the address asks of it.
    #[error("the debug probe cannot do that: {says}")]
    Setting {
        /// What the driver said.
        says: String,
    },
    /// No chip of that name is described.
    #[error("no chip is called `{name}`{}", names_like_it(.nearest))]
    UnknownChip {
        /// The name asked for.
        name: String,
        /// Names like it.
        nearest: Vec<String>,
    },
    /// The description knows no flash that the chip boots from.
    #[error("how the flash of {chip} is written is not known")]
    NoFlash {
        /// The chip.
        chip: String,
    },
    /// The probe works, but nothing answers behind it.
    #[error("no chip answers the probe: {says}")]
    NoChip {
        /// What the driver said.
        says: String,
    },
    /// Another chip than the one named.
    #[error("the chip is no {named}: found {found}")]
    WrongChip {
        /// The name asked for.
        named: String,
        /// What the chip says that it is.
        found: String,
    },
    /// Its flash is protected against reading or writing.
    #[error("the flash of {chip} is locked: {how}")]
    Locked {
        /// The chip.
        chip: String,
        /// What shows it.
        how: String,
    },
    /// The image is larger than the flash.
    #[error(
        "the image is too large for {chip}: {need_bytes} bytes from {start:#010x}, {region} holds {size_bytes} there"
    )]
    TooLarge {
        /// The chip.
        chip: String,
        /// The flash region.
        region: String,
        /// Where the segment begins.
        start: u64,
        /// Bytes from there to the region's end.
        size_bytes: u64,
        /// Bytes that the segment has.
        need_bytes: u64,
    },
    /// A segment lies where the chip has no flash to boot from.
    #[error("the image puts {size_bytes} bytes at {address:#010x}, where {chip} has no program flash ({flash})")]
    Elsewhere {
        /// The chip.
        chip: String,
        /// Where.
        address: u64,
        /// How many bytes.
        size_bytes: u64,
        /// The flash that it has.
        flash: String,
    },
    /// What the chip would start from is no start.
    #[error("the image would not start on {chip}: {why}")]
    NoStart {
        /// The chip.
        chip: String,
        /// What is wrong with its vector table.
        why: String,
    },
    /// The chip's core is another one.
    #[error("{chip} has a core of type {core}; the program is built for {target}")]
    OtherCore {
        /// The chip.
        chip: String,
        /// Its core.
        core: String,
        /// The bundle's target.
        target: String,
    },
    /// Erasing or writing failed.
    #[error("the flash could not be erased and written: {says}")]
    Write {
        /// What the driver said.
        says: String,
    },
    /// What was read back is not what was written.
    #[error("the flash differs from the image at {address:#010x}: read {found:#04x}, written {expected:#04x}")]
    Differs {
        /// The first address that differs.
        address: u64,
        /// The image's byte.
        expected: u8,
        /// The chip's byte.
        found: u8,
    },
    /// The chip or the probe went away.
    #[error("the chip cannot be read any more: {says}")]
    Lost {
        /// What the driver said.
        says: String,
    },
    /// Written and verified, but it does not start.
    #[error("the image is written and verified, but the chip could not be reset: {says}")]
    Reset {
        /// What the driver said.
        says: String,
    },
}

impl FlashError {
    /// What to do next; `None` where the message says it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NoProbe => "plug a probe in (ST-Link, J-Link, CMSIS-DAP ..) and look for it with lsusb".into(),
            Self::SeveralProbes(probes) => {
                let first = probes.first().map_or("VID:PID:SERIAL", |probe| &probe.selector);
                format!("choose one, for example: --to 'probe://CHIP?probe={first}'")
            }
            Self::NoSuchProbe { .. } => "name one of those, or plug that one in".into(),
            Self::Permission { .. } => {
                "allow it with a udev rule: https://probe.rs/docs/getting-started/probe-setup (never by running as root)"
                    .into()
            }
            Self::Busy { .. } => "end what else uses the probe (a debugger, probe-rs, OpenOCD), or plug it in again".into(),
            Self::Setting { .. } => "leave protocol= and speed_khz= away, or choose others".into(),
            Self::UnknownChip { .. } | Self::NoFlash { .. } => {
                "chips are named as at https://probe.rs/targets, without the package: probe://STM32F405RG".into()
            }
            Self::NoChip { .. } => {
                "check power and wiring (SWDIO, SWCLK, GND), or try a lower clock: ?speed_khz=100".into()
            }
            Self::WrongChip { .. } => "name the chip that is there, or connect the other board".into(),
            Self::Locked { .. } => {
                "unlock it with the vendor's tool; that erases the whole chip, so flightsmith never does it by itself".into()
            }
            Self::TooLarge { .. } | Self::Elsewhere { .. } | Self::NoStart { .. } | Self::OtherCore { .. } => {
                "build the mission for this chip's memory, or name the chip that it was built for".into()
            }
            Self::Write { .. } | Self::Differs { .. } => {
                "upload again; if it fails at the same place, the flash is worn out or the supply too weak".into()
            }
            Self::Lost { .. } => "check cable and power, then upload again".into(),
            Self::Reset { .. } => "switch the board off and on".into(),
        })
    }
}

fn list(probes: &[ProbeFound]) -> String {
    let texts: Vec<String> = probes.iter().map(|probe| format!("{} ({})", probe.selector, probe.name)).collect();
    texts.join(", ")
}

fn there(probes: &[ProbeFound]) -> String {
    if probes.is_empty() { "is none at all".into() } else { format!("are {}", list(probes)) }
}

fn names_like_it(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!("; nearest: {}", names.join(", ")) }
}
