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
use probe_rs::probe::list::{Accessibility, Lister, ProbeListItem, ProbeLister};
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
        let items = one_for_each_device(self.lister.list_with_access(wanted.as_ref()));
        match (items.as_slice(), &address.probe) {
            ([], None) => Err(FlashError::NoProbe),
            ([], Some(wanted)) => {
                let present = one_for_each_device(self.lister.list_all_with_access());
                let present = present.iter().map(|item| found(&item.info)).collect();
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

/// The list without the further interfaces of a device that is in it already. Only a serial number shows that two entries are one device;
/// entries alike in everything are two devices with one serial number, as cheap copies have them, and nobody may choose between
/// those by chance.
fn one_for_each_device(items: Vec<ProbeListItem>) -> Vec<ProbeListItem> {
    let mut devices: Vec<ProbeListItem> = Vec::new();
    for item in items {
        let is_further_interface = |known: &ProbeListItem| {
            let (a, b) = (&known.info, &item.info);
            let same = (a.vendor_id, a.product_id, &a.serial_number) == (b.vendor_id, b.product_id, &b.serial_number);
            let has_serial = a.serial_number.as_ref().is_some_and(|serial| !serial.is_empty());
            same && has_serial && a != b
        };
        if !devices.iter().any(is_further_interface) {
            devices.push(item);
        }
    }
    devices
}

/// A probe as a person can choose it. A serial number that cannot be typed is given in hexadecimal, which probe-rs takes too.
fn found(info: &DebugProbeInfo) -> ProbeFound {
    let serial = info.serial_number.as_deref().filter(|serial| !serial.is_empty()).map(|serial| {
        let plain = serial.bytes().all(is_plain_in_serial);
        let hex = || serial.bytes().map(|byte| format!("{byte:02X}")).collect();
        if plain { serial.to_owned() } else { hex() }
    });
    // Without a serial number the interface is all that can tell one from another.
    let rest = match (serial, info.interface) {
        (Some(serial), _) => format!(":{serial}"),
        (None, Some(interface)) => format!("-{interface}"),
        (None, None) => String::new(),
    };
    let selector = format!("{:04x}:{:04x}{rest}", info.vendor_id, info.product_id);
    ProbeFound { selector, name: info.identifier.clone() }
}
