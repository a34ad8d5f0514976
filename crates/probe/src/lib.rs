//! Flashing microcontrollers through debug probes: [`Flasher`] of `flightsmith-upload`, done with probe-rs.
//!
//! A crate of its own because probe-rs and its chip descriptions are heavy and most vehicles have a Linux companion computer: the agent
//! has it behind its feature `probe`. In reading order: [`chips`] (what is known of a chip by name), [`attached`] (a chip behind a probe),
//! [`silicon`] (what the chip itself says that it is), [`failures`] (probe-rs's errors as ours).
//!
//! Leaves to others: what is flashed, when, and what a failure means for the vehicle (`flightsmith_upload::board`).

mod attached;
mod chips;
mod failures;
pub mod silicon;

use attached::Attached;
use chips::Chips;
use flightsmith_upload::board::address::{BoardAddress, Protocol, is_plain_in_serial};
use flightsmith_upload::board::flasher::{Board, Chip, FlashError, Flasher, ProbeFound, Sector};
use flightsmith_upload::board::image::Image;
use probe_rs::Permissions;
use probe_rs::probe::list::{Accessibility, Lister, ProbeLister};
use probe_rs::probe::{DebugProbeInfo, DebugProbeSelector, Probe, WireProtocol};

/// Below this a chip does not work; what a probe measures then is leakage through its pins.
const MIN_TARGET_V: f32 = 1.4;

/// All probes that probe-rs drives, and all chips that it describes.
pub struct ProbeRs {
    lister: Lister,
    chips: Chips,
}

impl ProbeRs {
    /// The probes of this machine.
    pub fn new() -> Self {
        Self { lister: Lister::new(), chips: Chips::built_in() }
    }

    /// Other probes than this machine's, for tests and remote ones.
    pub fn with_lister(lister: Box<dyn ProbeLister>) -> Self {
        Self { lister: Lister::with_lister(lister), chips: Chips::built_in() }
    }

    /// The probe that `address` means; asks nobody where there are several.
    fn choose(&self, address: &BoardAddress) -> Result<DebugProbeInfo, FlashError> {
        let wanted = address.probe.as_ref().map(|probe| DebugProbeSelector {
            vendor_id: probe.vendor_id,
            product_id: probe.product_id,
            interface: probe.interface,
            serial_number: probe.serial.clone(),
        });
        let mut items = self.lister.list_with_access(wanted.as_ref());
        // One device shows up once for each of its interfaces.
        items.dedup_by(|a, b| device(&a.info) == device(&b.info));
        match (items.as_slice(), &address.probe) {
            ([], None) => Err(FlashError::NoProbe),
            ([], Some(wanted)) => {
                let mut present = self.lister.list_all();
                present.dedup_by(|a, b| device(a) == device(b));
                let present = present.iter().map(found).collect();
                Err(FlashError::NoSuchProbe { wanted: wanted.to_string(), present })
            }
            ([only], _) if only.accessibility == Accessibility::PermissionDenied => {
                Err(FlashError::Permission { probe: found(&only.info).selector })
            }
            ([only], _) => Ok(only.info.clone()),
            (several, _) => Err(FlashError::SeveralProbes(several.iter().map(|item| found(&item.info)).collect())),
        }
    }

    fn open(&self, address: &BoardAddress) -> Result<(ProbeFound, Probe), FlashError> {
        let info = self.choose(address)?;
        let found = found(&info);
        let opened = self.lister.open(&info).map_err(|error| failures::open(&found.selector, error));
        let mut probe = opened?;
        let setting = |error: probe_rs::probe::DebugProbeError| FlashError::Setting { says: failures::chain(&error) };
        if let Some(protocol) = address.protocol {
            let protocol = match protocol {
                Protocol::Swd => WireProtocol::Swd,
                Protocol::Jtag => WireProtocol::Jtag,
            };
            probe.select_protocol(protocol).map_err(setting)?;
        }
        if let Some(speed_khz) = address.speed_khz {
            probe.set_speed(speed_khz).map_err(setting)?;
        }
        // Not every probe can measure it; what it cannot say speaks against nothing.
        if let Ok(Some(volt)) = probe.get_target_voltage()
            && volt < MIN_TARGET_V
        {
            return Err(FlashError::NoChip { says: format!("the board has no power ({volt:.1} V)") });
        }
        Ok((found, probe))
    }
}

impl Default for ProbeRs {
    fn default() -> Self {
        Self::new()
    }
}

impl Flasher for ProbeRs {
    fn chip(&self, name: &str) -> Result<Chip, FlashError> {
        self.chips.chip(name)
    }

    fn sectors(&self, chip: &Chip, image: &Image) -> Result<Vec<Sector>, FlashError> {
        self.chips.sectors(&chip.name, image)
    }

    fn attach(&self, address: &BoardAddress, chip: &Chip) -> Result<Box<dyn Board + '_>, FlashError> {
        let known = self.chips.known(&chip.name)?;
        let (found, probe) = self.open(address)?;
        // No permission to erase all: a locked chip stays locked.
        let session = probe
            .attach_with_registry(known.target, Permissions::default(), self.chips.registry())
            .map_err(|error| failures::attach(&chip.name, error))?;
        Ok(Box::new(Attached { session, found, chip: chip.clone(), manufacturer: known.manufacturer }))
    }
}

fn device(info: &DebugProbeInfo) -> (u16, u16, Option<&str>) {
    (info.vendor_id, info.product_id, info.serial_number.as_deref())
}

/// A probe as a person can choose it. A serial number that cannot be typed is given in hexadecimal, which probe-rs takes too.
fn found(info: &DebugProbeInfo) -> ProbeFound {
    let serial = info.serial_number.as_deref().filter(|serial| !serial.is_empty()).map(|serial| {
        let plain = serial.bytes().all(is_plain_in_serial);
        let hex = || serial.bytes().map(|byte| format!("{byte:02X}")).collect();
        if plain { serial.to_owned() } else { hex() }
    });
    let serial = serial.map_or(String::new(), |serial| format!(":{serial}"));
    let selector = format!("{:04x}:{:04x}{serial}", info.vendor_id, info.product_id);
    ProbeFound { selector, name: info.identifier.clone() }
}
