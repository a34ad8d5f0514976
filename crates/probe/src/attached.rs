//! A chip behind a probe, attached to: probe-rs's session as a [`Board`].
use crate::failures::chain;
use crate::silicon::{self, Reads};
use flightsmith_upload::board::flasher::{Board, Chip, FlashError, Identity, Log, LogLimits, ProbeFound, Region};
use flightsmith_upload::board::image::Image;
use probe_rs::architecture::arm::ArmError;
use probe_rs::architecture::arm::dp::DpAddress;
use probe_rs::architecture::arm::memory::Component;
use probe_rs::flashing::DownloadOptions;
use probe_rs::rtt::{Rtt, ScanRegion};
use probe_rs::{Core, MemoryInterface, Session};
use std::time::{Duration, Instant};

/// How long the chip may take to halt.
const HALT: Duration = Duration::from_millis(500);
/// Bytes of RAM that are cleared at once.
const CLEAR_BYTES: u64 = 16 * 1024;
/// Larger regions are memory beside the chip, which takes minutes to clear and holds nothing before the program has set it up.
const MAX_CLEARED_BYTES: u64 = 2 * 1024 * 1024;
/// Time between two looks at the log.
const LOG_POLL: Duration = Duration::from_millis(20);
/// Most bytes of log that are kept.
const MAX_LOG_BYTES: usize = 16 * 1024;

pub(crate) struct Attached {
    pub session: Session,
    pub found: ProbeFound,
    pub chip: Chip,
    /// Its maker's JEP106 code by the description.
    pub manufacturer: Option<(u8, u8)>,
}

/// The chip's registers, read while it runs.
struct Registers<'a>(&'a mut Session);

impl Reads for Registers<'_> {
    fn word(&mut self, address: u64) -> Result<u32, String> {
        let read = self.0.core(0).and_then(|mut core| core.read_word_32(address));
        read.map_err(|error| chain(&error))
    }

    fn maker(&mut self) -> Result<Option<(u8, u8)>, String> {
        let read = |session: &mut Session| -> Result<_, ArmError> {
            let interface = session.get_arm_interface()?;
            for port in interface.access_ports(DpAddress::Default)? {
                // Not every port leads to memory.
                let Ok(mut memory) = interface.memory_interface(&port) else { continue };
                let table = memory.base_address()?;
                if let Component::Class1RomTable(id, _) = Component::try_parse(&mut *memory, table)?
                    && let Some(maker) = id.peripheral_id().jep106()
                {
                    return Ok(Some((maker.id, maker.cc)));
                }
            }
            Ok(None)
        };
        read(self.0).map_err(|error| chain(&error))
    }
}

impl Board for Attached {
    fn probe(&self) -> ProbeFound {
        self.found.clone()
    }

    fn identify(&mut self) -> Result<Identity, FlashError> {
        silicon::identify(&self.chip, self.manufacturer, &mut Registers(&mut self.session))
    }

    fn check_unlocked(&mut self) -> Result<(), FlashError> {
        silicon::check_unlocked(&self.chip, &mut Registers(&mut self.session))
    }

    fn erase_and_write(&mut self, image: &Image) -> Result<(), FlashError> {
        let write = |error: &dyn std::error::Error| FlashError::Write { says: chain(error) };
        let mut loader = self.session.target().flash_loader();
        for segment in image.segments() {
            loader.add_data(segment.address.into(), &segment.bytes).map_err(|error| write(&error))?;
        }
        // What is read back is compared by the caller, who can say where it differs.
        loader.commit(&mut self.session, DownloadOptions::default()).map_err(|error| write(&error))
    }

    fn read(&mut self, address: u64, bytes: &mut [u8]) -> Result<(), FlashError> {
        let read = self.session.core(0).and_then(|mut core| core.read(address, bytes));
        read.map_err(|error| FlashError::Lost { says: chain(&error) })
    }

    fn restart(&mut self, block: Option<u32>, limits: &LogLimits) -> Result<Log, FlashError> {
        let reset = |error: probe_rs::Error| FlashError::Reset { says: chain(&error) };
        let region = block.map_or(self.session.target().rtt_scan_regions.clone(), |at| ScanRegion::Exact(at.into()));
        let mut core = self.session.core(0).map_err(reset)?;
        core.halt(HALT).map_err(reset)?;
        let kept = clear_ram(&mut core, &self.chip);
        core.reset().map_err(reset)?;
        let mut log = follow(&mut core, &region, limits);
        if !kept.is_empty() {
            let kept = format!("RAM that could not be cleared before the start: {}", kept.join(", "));
            log.remark = if log.remark.is_empty() { kept } else { format!("{}; {kept}", log.remark) };
        }
        Ok(log)
    }
}

/// Clears the RAM, as switching the power off would; the names of what could not be cleared. A reset leaves it as it was: the new
/// program would find the black box of the one before and bring a vehicle home that it never flew, and its log would pass for its own.
fn clear_ram(core: &mut Core<'_>, chip: &Chip) -> Vec<String> {
    let clear = |core: &mut Core<'_>, region: &Region| {
        let mut at = region.start;
        while at < region.end {
            let size = (region.end - at).min(CLEAR_BYTES);
            core.write(at, &vec![0; size as usize])?;
            at += size;
        }
        Ok::<(), probe_rs::Error>(())
    };
    let on_chip = |region: &&Region| region.size_bytes() <= MAX_CLEARED_BYTES;
    let (on_chip, beside): (Vec<&Region>, Vec<&Region>) = chip.ram.iter().partition(on_chip);
    let faulty = on_chip.into_iter().filter(|region| clear(core, region).is_err());
    faulty.chain(beside).map(|region| region.name.clone()).collect()
}

/// Follows the log until a limit is met.
fn follow(core: &mut Core<'_>, region: &ScanRegion, limits: &LogLimits) -> Log {
    let until = Instant::now() + limits.time;
    let mut text = Vec::new();
    let mut rtt = None;
    let mut remark = String::new();
    loop {
        match &mut rtt {
            None => match Rtt::attach_region(core, region) {
                Ok(found) => rtt = Some(found),
                Err(error) => remark = format!("no RTT log was found: {}", chain(&error)),
            },
            Some(found) => {
                remark.clear();
                if let Err(error) = take(core, found, &mut text) {
                    remark = format!("the log broke off: {}", chain(&error));
                    break;
                }
            }
        }
        let lines = text.iter().filter(|byte| **byte == b'\n').count();
        if lines >= limits.lines || text.len() >= MAX_LOG_BYTES || Instant::now() >= until {
            break;
        }
        std::thread::sleep(LOG_POLL);
    }
    if rtt.is_some() && text.is_empty() && remark.is_empty() {
        remark = format!("the program said nothing within {:.1} s", limits.time.as_secs_f64());
    }
    let text = String::from_utf8_lossy(&text);
    Log { lines: text.lines().take(limits.lines).map(|line| line.trim_end().to_owned()).collect(), remark }
}

/// Takes what the program has said on its first channel.
fn take(core: &mut Core<'_>, rtt: &mut Rtt, text: &mut Vec<u8>) -> Result<(), probe_rs::rtt::Error> {
    let Some(channel) = rtt.up_channel(0) else { return Ok(()) };
    let mut piece = [0; 1024];
    loop {
        let count = channel.read(core, &mut piece)?;
        text.extend_from_slice(&piece[..count]);
        if count < piece.len() || text.len() >= MAX_LOG_BYTES {
            return Ok(());
        }
    }
}
