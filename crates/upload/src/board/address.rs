//! Which board: `probe://CHIP[?probe=VID:PID[-INTERFACE][:SERIAL]][&protocol=swd|jtag][&speed_khz=N]`.
use crate::permit::VehicleId;
use std::fmt;

/// The scheme of a board's address.
pub const SCHEME: &str = "probe://";

/// A chip behind a debug probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardAddress {
    /// The chip's name as probe-rs has it: `STM32F405RG`.
    pub chip: String,
    /// Which probe; `None` where only one is plugged in.
    pub probe: Option<ProbeSelector>,
    /// The wires; the probe's own choice where absent.
    pub protocol: Option<Protocol>,
    /// Clock of the wires in kHz; the probe's own choice where absent.
    pub speed_khz: Option<u32>,
}

/// The wires between probe and chip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Serial Wire Debug, two wires.
    Swd,
    /// JTAG, four wires.
    Jtag,
}

/// A probe by its USB identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeSelector {
    /// USB vendor.
    pub vendor_id: u16,
    /// USB product.
    pub product_id: u16,
    /// USB interface, where one device carries several probes.
    pub interface: Option<u8>,
    /// Serial number; any where absent.
    pub serial: Option<String>,
}

/// Text that is no address of a board.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotABoard {
    /// Another scheme, no chip, or a name with odd characters.
    #[error("`{0}` names no chip (write probe://STM32F405RG)")]
    Chip(String),
    /// `probe=` is no USB identity.
    #[error("`{0}` names no probe (write probe=VID:PID or probe=VID:PID:SERIAL, the numbers in hexadecimal)")]
    Probe(String),
    /// `protocol=` is neither of the two.
    #[error("`{0}` is no protocol (swd or jtag)")]
    Protocol(String),
    /// `speed_khz=` is no speed.
    #[error("`{0}` is no speed in kHz (1 to 100000)")]
    Speed(String),
    /// Something else after the `?`.
    #[error("`{0}` means nothing in a board's address (probe=, protocol=, speed_khz=)")]
    Unknown(String),
}

impl BoardAddress {
    /// Whether `text` means a board, well written or not.
    pub fn is_meant_by(text: &str) -> bool {
        text.starts_with(SCHEME)
    }

    /// Reads an address.
    ///
    /// ```
    /// use flightsmith_upload::board::address::BoardAddress;
    /// let board = BoardAddress::parse("probe://STM32F405RG?probe=0483:3748&speed_khz=1800")?;
    /// assert_eq!((board.chip.as_str(), board.speed_khz), ("STM32F405RG", Some(1800)));
    /// # Ok::<(), flightsmith_upload::board::address::NotABoard>(())
    /// ```
    ///
    /// # Errors
    /// See [`NotABoard`].
    pub fn parse(text: &str) -> Result<Self, NotABoard> {
        let said = |text: &str| text.chars().take(200).collect::<String>();
        let rest = text.strip_prefix(SCHEME).ok_or_else(|| NotABoard::Chip(said(text)))?;
        let (chip, options) = rest.split_once('?').unwrap_or((rest, ""));
        let chip = chip.strip_suffix('/').unwrap_or(chip);
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-+".contains(&b);
        if chip.is_empty() || chip.len() > 64 || !chip.bytes().all(plain) {
            return Err(NotABoard::Chip(said(text)));
        }
        let mut address = Self { chip: chip.to_owned(), probe: None, protocol: None, speed_khz: None };
        for option in options.split('&').filter(|option| !option.is_empty()) {
            let (key, value) = option.split_once('=').unwrap_or((option, ""));
            match key {
                "probe" => address.probe = Some(ProbeSelector::parse(value)?),
                "protocol" => address.protocol = Some(Protocol::parse(value)?),
                "speed_khz" => {
                    let speed_khz = value.parse().ok().filter(|khz| (1..=100_000).contains(khz));
                    address.speed_khz = Some(speed_khz.ok_or_else(|| NotABoard::Speed(said(value)))?);
                }
                _ => return Err(NotABoard::Unknown(said(option))),
            }
        }
        Ok(address)
    }

    /// The vehicle as a permit names it: chip and probe, not how fast the wires are.
    pub fn vehicle(&self, name: &str) -> VehicleId {
        let place = Self { protocol: None, speed_khz: None, ..self.clone() };
        VehicleId { name: name.to_owned(), at: place.to_string() }
    }

    /// What a policy's `hosts` have to name: `probe://CHIP`, which no host name can be.
    pub fn host(&self) -> String {
        format!("{SCHEME}{}", self.chip)
    }
}

impl Protocol {
    fn parse(text: &str) -> Result<Self, NotABoard> {
        match text {
            "swd" => Ok(Self::Swd),
            "jtag" => Ok(Self::Jtag),
            other => Err(NotABoard::Protocol(other.chars().take(200).collect())),
        }
    }
}

impl ProbeSelector {
    /// Reads `VID:PID[-INTERFACE][:SERIAL]`, the two numbers in hexadecimal.
    ///
    /// # Errors
    /// [`NotABoard::Probe`].
    pub fn parse(text: &str) -> Result<Self, NotABoard> {
        Self::read(text).ok_or_else(|| NotABoard::Probe(text.chars().take(200).collect()))
    }

    fn read(text: &str) -> Option<Self> {
        let hex = |text: &str| u16::from_str_radix(text, 16).ok().filter(|_| text.len() <= 4);
        let (vendor, rest) = text.split_once(':')?;
        let (product, serial) = match rest.split_once(':') {
            Some((product, serial)) => (product, Some(serial)),
            None => (rest, None),
        };
        let (product, interface) = match product.split_once('-') {
            Some((product, interface)) => (product, Some(interface.parse().ok()?)),
            None => (product, None),
        };
        let plain = |serial: &str| serial.len() <= 128 && serial.bytes().all(is_plain_in_serial);
        if serial.is_some_and(|serial| !plain(serial)) {
            return None;
        }
        let (vendor_id, product_id) = (hex(vendor)?, hex(product)?);
        Some(Self { vendor_id, product_id, interface, serial: serial.map(str::to_owned) })
    }
}

/// Whether a serial number with this byte can be written in an address.
pub fn is_plain_in_serial(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"&?#%\"'`\\".contains(&byte)
}

impl fmt::Display for ProbeSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}:{:04x}", self.vendor_id, self.product_id)?;
        self.interface.map_or(Ok(()), |interface| write!(f, "-{interface}"))?;
        self.serial.as_ref().map_or(Ok(()), |serial| write!(f, ":{serial}"))
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Swd => "swd",
            Self::Jtag => "jtag",
        })
    }
}

impl fmt::Display for BoardAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = [
            self.probe.as_ref().map(|probe| format!("probe={probe}")),
            self.protocol.map(|protocol| format!("protocol={protocol}")),
            self.speed_khz.map(|khz| format!("speed_khz={khz}")),
        ];
        let options: Vec<String> = options.into_iter().flatten().collect();
        let mark = if options.is_empty() { "" } else { "?" };
        write!(f, "{SCHEME}{}{mark}{}", self.chip, options.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_written_alike() {
        for text in [
            "probe://STM32F405RG",
            "probe://nRF52840_xxAA?probe=1366:1015",
            "probe://STM32F405RG?probe=0483:374b:066EFF313541&protocol=swd&speed_khz=4000",
            "probe://STM32H743ZI?probe=0403:6010-1&protocol=jtag",
        ] {
            assert_eq!(BoardAddress::parse(text).unwrap().to_string(), text);
        }
        let board = BoardAddress::parse("probe://STM32F405RG/?speed_khz=100&probe=0483:3748:").unwrap();
        assert_eq!(board.vehicle("quad").at, "probe://STM32F405RG?probe=0483:3748:");
        assert_eq!(board.host(), "probe://STM32F405RG");
    }

    #[test]
    fn other_text_is_refused_by_the_part_that_is_wrong() {
        let error = |text: &str| BoardAddress::parse(text).unwrap_err();
        for text in ["probe://", "probe://?probe=1:2", "ssh://chip", "probe://a b", "probe://../x", "probe://a.b"] {
            assert!(matches!(error(text), NotABoard::Chip(_)), "{text}");
        }
        for probe in ["", "0483", "0483:", "xyz:3748", "00483:3748", "0483:3748-x", "0483:3748:a\"b", "0483:3748: "] {
            assert_eq!(error(&format!("probe://C?probe={probe}")), NotABoard::Probe(probe.into()));
        }
        assert_eq!(error("probe://C?protocol=spi"), NotABoard::Protocol("spi".into()));
        for speed in ["", "0", "-1", "4e3", "100001"] {
            assert_eq!(error(&format!("probe://C?speed_khz={speed}")), NotABoard::Speed(speed.into()));
        }
        assert_eq!(error("probe://C?speed=4000"), NotABoard::Unknown("speed=4000".into()));
    }
}
