//! What is between probe-rs and the fake chip: probe, debug interface, memory interface, and the list of probes.
use super::FakeChip;
use probe_rs::MemoryInterface;
use probe_rs::architecture::arm::ap::CSW;
use probe_rs::architecture::arm::dp::{DpAddress, DpRegisterAddress};
use probe_rs::architecture::arm::memory::ArmMemoryInterface;
use probe_rs::architecture::arm::sequences::ArmDebugSequence;
use probe_rs::architecture::arm::{
    ArmDebugInterface, ArmError, DapAccess, DapProbe, FullyQualifiedApAddress, SwdSequence, SwoAccess, SwoConfig,
};
use probe_rs::probe::fake_probe::FakeProbe as StockFake;
use probe_rs::probe::list::{Accessibility, ProbeListItem, ProbeLister};
use probe_rs::probe::{
    DebugProbe, DebugProbeError, DebugProbeInfo, DebugProbeSelector, Probe, ProbeCreationError, ProbeFactory,
    WireProtocol,
};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};
use std::{fmt, io};

/// A fake probe that is plugged in.
#[derive(Clone)]
pub struct ProbeHandle {
    /// The chip behind it.
    pub chip: Arc<Mutex<FakeChip>>,
    /// Its serial number; empty: none.
    pub serial: &'static str,
    /// Its USB interface.
    pub interface: Option<u8>,
    /// Whether this user may open it.
    pub accessible: bool,
    /// Whether somebody else has it open.
    pub busy: bool,
    /// Whether it is probe-rs's own fake, with the core that it mocks and no chip behind it.
    pub is_stock: bool,
}

/// The fake probes that are plugged in, for `ProbeRs::with_lister`.
#[derive(Clone, Default)]
pub struct FakeProbes(pub Vec<ProbeHandle>);

impl fmt::Debug for FakeProbes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} fake probes", self.0.len())
    }
}

#[derive(Debug)]
struct Factory;

impl fmt::Display for Factory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("fake")
    }
}

impl ProbeFactory for Factory {
    fn open(&self, _: &DebugProbeSelector) -> Result<Box<dyn DebugProbe>, DebugProbeError> {
        Err(ProbeCreationError::NotFound.into())
    }
    fn list_probes(&self) -> Vec<ProbeListItem> {
        Vec::new()
    }
}

impl ProbeHandle {
    /// A probe that works.
    pub fn new(chip: &Arc<Mutex<FakeChip>>, serial: &'static str) -> Self {
        Self { chip: chip.clone(), serial, interface: None, accessible: true, busy: false, is_stock: false }
    }

    fn info(&self) -> DebugProbeInfo {
        let serial = Some(self.serial.to_owned()).filter(|serial| !serial.is_empty());
        DebugProbeInfo::new("Fake probe", 0xf1a6, 0x0001, serial, &Factory, self.interface, false)
    }
}

impl ProbeLister for FakeProbes {
    fn open(&self, selector: &DebugProbeSelector) -> Result<Probe, DebugProbeError> {
        let found = self.0.iter().find(|probe| selector.matches_probe(&probe.info()));
        let found = found.ok_or(ProbeCreationError::NotFound)?;
        if found.busy {
            return Err(DebugProbeError::Usb(io::Error::from(io::ErrorKind::ResourceBusy)));
        }
        if found.is_stock {
            return Ok(StockFake::with_mocked_core().into_probe());
        }
        Ok(Probe::new(FakeProbe { chip: found.chip.clone(), speed_khz: 1000 }))
    }

    fn list_with_access(&self, selector: Option<&DebugProbeSelector>) -> Vec<ProbeListItem> {
        let wanted =
            self.0.iter().filter(|probe| selector.is_none_or(|selector| selector.matches_probe(&probe.info())));
        let item = |probe: &ProbeHandle| {
            let accessibility =
                if probe.accessible { Accessibility::Accessible } else { Accessibility::PermissionDenied };
            ProbeListItem { info: probe.info(), accessibility }
        };
        wanted.map(item).collect()
    }
}

struct FakeProbe {
    chip: Arc<Mutex<FakeChip>>,
    speed_khz: u32,
}

impl FakeProbe {
    fn chip(&self) -> MutexGuard<'_, FakeChip> {
        self.chip.lock().expect("no test panics while it holds the chip")
    }
}

impl fmt::Debug for FakeProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FakeProbe")
    }
}

impl DebugProbe for FakeProbe {
    fn get_name(&self) -> &str {
        "Fake probe"
    }
    fn speed_khz(&self) -> u32 {
        self.speed_khz
    }
    fn set_speed(&mut self, speed_khz: u32) -> Result<u32, DebugProbeError> {
        if speed_khz > 10_000 {
            return Err(DebugProbeError::UnsupportedSpeed(speed_khz));
        }
        self.speed_khz = speed_khz;
        Ok(speed_khz)
    }
    fn attach(&mut self) -> Result<(), DebugProbeError> {
        if self.chip().condition.absent { Err(DebugProbeError::TargetNotFound) } else { Ok(()) }
    }
    fn detach(&mut self) -> Result<(), probe_rs::Error> {
        Ok(())
    }
    fn target_reset(&mut self) -> Result<(), DebugProbeError> {
        self.chip().reset();
        Ok(())
    }
    fn target_reset_assert(&mut self) -> Result<(), DebugProbeError> {
        Ok(())
    }
    fn target_reset_deassert(&mut self) -> Result<(), DebugProbeError> {
        Ok(())
    }
    fn select_protocol(&mut self, protocol: WireProtocol) -> Result<(), DebugProbeError> {
        if protocol == WireProtocol::Swd { Ok(()) } else { Err(DebugProbeError::UnsupportedProtocol(protocol)) }
    }
    fn active_protocol(&self) -> Option<WireProtocol> {
        Some(WireProtocol::Swd)
    }
    fn has_arm_interface(&self) -> bool {
        true
    }
    fn try_get_arm_debug_interface<'probe>(
        self: Box<Self>,
        _: Arc<dyn ArmDebugSequence>,
    ) -> Result<Box<dyn ArmDebugInterface + 'probe>, (Box<dyn DebugProbe>, ArmError)> {
        Ok(Box::new(Interface { probe: *self, port: None }))
    }
    fn into_probe(self: Box<Self>) -> Box<dyn DebugProbe> {
        self
    }
    fn get_target_voltage(&mut self) -> Result<Option<f32>, DebugProbeError> {
        Ok(self.chip().condition.supply_v)
    }
}

struct Interface {
    probe: FakeProbe,
    port: Option<DpAddress>,
}

fn not_here<T>(what: &'static str) -> Result<T, ArmError> {
    Err(ArmError::NotImplemented(what))
}

impl ArmDebugInterface for Interface {
    fn reinitialize(&mut self) -> Result<(), ArmError> {
        Ok(())
    }
    fn access_ports(&mut self, dp: DpAddress) -> Result<BTreeSet<FullyQualifiedApAddress>, ArmError> {
        Ok(BTreeSet::from([FullyQualifiedApAddress::v1_with_dp(dp, 0)]))
    }
    fn close(self: Box<Self>) -> Probe {
        Probe::new(self.probe)
    }
    fn select_debug_port(&mut self, dp: DpAddress) -> Result<(), ArmError> {
        self.port = Some(dp);
        Ok(())
    }
    fn current_debug_port(&self) -> Option<DpAddress> {
        self.port
    }
    fn memory_interface(
        &mut self,
        access_port: &FullyQualifiedApAddress,
    ) -> Result<Box<dyn ArmMemoryInterface + '_>, ArmError> {
        Ok(Box::new(Bus { address: access_port.clone(), interface: self }))
    }
}

impl SwdSequence for Interface {
    fn swj_sequence(&mut self, _: u8, _: u64) -> Result<(), DebugProbeError> {
        Ok(())
    }
    fn swj_pins(&mut self, _: u32, _: u32, _: u32) -> Result<u32, DebugProbeError> {
        Ok(0)
    }
}

impl SwoAccess for Interface {
    fn enable_swo(&mut self, _: &SwoConfig) -> Result<(), ArmError> {
        not_here("SWO")
    }
    fn disable_swo(&mut self) -> Result<(), ArmError> {
        not_here("SWO")
    }
    fn read_swo_timeout(&mut self, _: std::time::Duration) -> Result<Vec<u8>, ArmError> {
        not_here("SWO")
    }
}

impl DapAccess for Interface {
    fn read_raw_dp_register(&mut self, _: DpAddress, _: DpRegisterAddress) -> Result<u32, ArmError> {
        not_here("raw registers")
    }
    fn write_raw_dp_register(&mut self, _: DpAddress, _: DpRegisterAddress, _: u32) -> Result<(), ArmError> {
        not_here("raw registers")
    }
    fn read_raw_ap_register(&mut self, _: &FullyQualifiedApAddress, _: u64) -> Result<u32, ArmError> {
        not_here("raw registers")
    }
    fn write_raw_ap_register(&mut self, _: &FullyQualifiedApAddress, _: u64, _: u32) -> Result<(), ArmError> {
        not_here("raw registers")
    }
    fn try_dap_probe(&self) -> Option<&dyn DapProbe> {
        None
    }
    fn try_dap_probe_mut(&mut self) -> Option<&mut dyn DapProbe> {
        None
    }
}

struct Bus<'a> {
    address: FullyQualifiedApAddress,
    interface: &'a mut Interface,
}

impl Bus<'_> {
    fn chip(&self) -> MutexGuard<'_, FakeChip> {
        self.interface.probe.chip()
    }

    fn read_all(&mut self, address: u64, bytes: &mut [u8]) -> Result<(), ArmError> {
        self.chip().read_bytes(address as u32, bytes).map_err(ArmError::Other)
    }
}

impl ArmMemoryInterface for Bus<'_> {
    fn fully_qualified_address(&self) -> FullyQualifiedApAddress {
        self.address.clone()
    }
    fn base_address(&mut self) -> Result<u64, ArmError> {
        Ok(0xe00f_f000)
    }
    fn get_arm_debug_interface(&mut self) -> Result<&mut dyn ArmDebugInterface, DebugProbeError> {
        Ok(self.interface)
    }
    fn generic_status(&mut self) -> Result<CSW, ArmError> {
        not_here("CSW")
    }
}

impl MemoryInterface<ArmError> for Bus<'_> {
    fn supports_native_64bit_access(&mut self) -> bool {
        false
    }
    fn read_64(&mut self, _: u64, _: &mut [u64]) -> Result<(), ArmError> {
        not_here("64-bit access")
    }
    fn read_32(&mut self, address: u64, data: &mut [u32]) -> Result<(), ArmError> {
        for (word, address) in data.iter_mut().zip((address..).step_by(4)) {
            let register = self.chip().read_register(address as u32);
            *word = match register {
                Some(register) => register,
                None => {
                    let mut bytes = [0; 4];
                    self.read_all(address, &mut bytes)?;
                    u32::from_le_bytes(bytes)
                }
            };
        }
        Ok(())
    }
    fn read_16(&mut self, address: u64, data: &mut [u16]) -> Result<(), ArmError> {
        for (half, address) in data.iter_mut().zip((address..).step_by(2)) {
            let mut bytes = [0; 2];
            self.read_all(address, &mut bytes)?;
            *half = u16::from_le_bytes(bytes);
        }
        Ok(())
    }
    fn read_8(&mut self, address: u64, data: &mut [u8]) -> Result<(), ArmError> {
        self.read_all(address, data)
    }
    fn write_64(&mut self, _: u64, _: &[u64]) -> Result<(), ArmError> {
        not_here("64-bit access")
    }
    fn write_32(&mut self, address: u64, data: &[u32]) -> Result<(), ArmError> {
        for (word, address) in data.iter().zip((address as u32..).step_by(4)) {
            let mut chip = self.chip();
            if !chip.write_register(address, *word) {
                chip.write_bytes(address, &word.to_le_bytes()).map_err(ArmError::Other)?;
            }
        }
        Ok(())
    }
    fn write_16(&mut self, address: u64, data: &[u16]) -> Result<(), ArmError> {
        let bytes: Vec<u8> = data.iter().flat_map(|half| half.to_le_bytes()).collect();
        self.write_8(address, &bytes)
    }
    fn write_8(&mut self, address: u64, data: &[u8]) -> Result<(), ArmError> {
        self.chip().write_bytes(address as u32, data).map_err(ArmError::Other)
    }
    fn supports_8bit_transfers(&self) -> Result<bool, ArmError> {
        Ok(true)
    }
    fn flush(&mut self) -> Result<(), ArmError> {
        Ok(())
    }
}
