//! A flash from beginning to end, and what is recorded of it: check, attach, make sure of the chip, erase and write, read back, restart.
//!
//! Until the erase begins the board is as it was. From then until the last byte has been read back it holds no valid program, and a
//! failure there is recorded as just that: there is no version before to go back to.
use super::address::BoardAddress;
use super::fit;
use super::flasher::{Board, Chip, FlashError, Flasher, Identity, LogLimits, ProbeFound, Sector};
use super::image::{Image, NotAnImage, Segment};
use crate::bundle::Bundle;
use crate::deployment::{Deployment, Outcome};
use crate::digest::Digest;
use crate::manifest::ARTIFACT;
use crate::permit::{Permit, WrongPermit};
use serde::{Deserialize, Serialize};
use std::{fs, io};

/// Bytes that are read back at once.
const READ_BACK_BYTES: usize = 4096;

/// Where and how to flash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flashing {
    /// The board.
    pub address: BoardAddress,
    /// How long its log is followed afterwards.
    pub log: LogLimits,
}

/// What is recorded of a board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoardRecord {
    /// The chip by its full name.
    pub chip: String,
    /// The probe; `None` where it did not come to that.
    pub probe: Option<ProbeFound>,
    /// What the chip said that it is.
    pub identity: Option<Identity>,
    /// What the image puts where.
    pub segments: Vec<SegmentRecord>,
    /// The first lines that the program said after its restart.
    pub log: Vec<String>,
    /// Why there are no lines, or no more.
    pub log_remark: String,
}

/// A segment in a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentRecord {
    /// Where its first byte is stored.
    pub address: u32,
    /// Its size.
    pub size_bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// Whether every byte was read back as written.
    pub verified: bool,
}

/// What a flash would do: made from bundle and descriptions, without a probe.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FlashPlan {
    /// The board.
    pub host: String,
    /// The vehicle's name.
    pub vehicle: String,
    /// Digest of the mission program.
    pub artifact_sha256: Digest,
    /// The chip by its full name.
    pub chip: String,
    /// Bytes that would be written.
    pub write_bytes: u64,
    /// Bytes of program flash that the chip has.
    pub flash_bytes: u64,
    /// What the image puts where; nothing of it is verified.
    pub segments: Vec<SegmentRecord>,
    /// What would be erased.
    pub sectors: Vec<Sector>,
    /// Where the log would be looked for; `None`: in all of the RAM.
    pub log_block: Option<u32>,
}

/// Why a board was not flashed.
#[derive(Debug, thiserror::Error)]
pub enum BoardError {
    /// The permit is for something else.
    #[error(transparent)]
    Permit(#[from] WrongPermit),
    /// The bundle cannot be read.
    #[error("the bundle cannot be read")]
    Bundle(#[source] io::Error),
    /// The record cannot be kept, so nothing was erased.
    #[error("the record cannot be written; nothing was erased")]
    Record(#[source] io::Error),
    /// The bundle is for a computer.
    #[error("the bundle's program is for {0}, a computer with an operating system; a board takes one for thumbv7em")]
    NotBareMetal(String),
    /// The program is no image.
    #[error(transparent)]
    Image(#[from] NotAnImage),
    /// The bundle's program is no longer the one that was signed.
    #[error("the program changed while it was read (sha256 {found}, signed {signed})")]
    Changed {
        /// Its digest now.
        found: Digest,
        /// Its digest in the manifest.
        signed: Digest,
    },
    /// Chip, probe, or the flash itself.
    #[error(transparent)]
    Flash(#[from] FlashError),
}

impl BoardError {
    /// What to do next; `None` where the message says it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotBareMetal(_) | Self::Image(_) => {
                Some("build one with: flightsmith run \"..\" --target thumbv7em".into())
            }
            Self::Flash(error) => error.hint(),
            Self::Permit(_) | Self::Bundle(_) | Self::Record(_) | Self::Changed { .. } => None,
        }
    }
}

/// A board that was not flashed: what was done all the same, and why it failed.
#[derive(Debug, thiserror::Error)]
#[error("{source}{}", state(record.outcome))]
pub struct NotFlashed {
    /// The record, for `80-deployment.json`.
    pub record: Deployment,
    /// Why.
    #[source]
    pub source: BoardError,
}

fn state(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NoFirmware => "; THE BOARD HOLDS NO VALID PROGRAM NOW and must not be flown until an upload succeeds",
        Outcome::Uncertain => "; look at the board before you fly",
        Outcome::LeftAsItWas | Outcome::Deployed | Outcome::RolledBack => "",
    }
}

/// What flashing `bundle` would do, with every check that needs no probe.
///
/// # Errors
/// See [`BoardError`].
pub fn plan(bundle: &Bundle, flashing: &Flashing, flasher: &dyn Flasher) -> Result<FlashPlan, BoardError> {
    let image = read(bundle)?;
    let chip = flasher.chip(&flashing.address.chip)?;
    let manifest = bundle.manifest();
    fit::check(&chip, &image, &manifest.provenance.target)?;
    Ok(FlashPlan {
        host: flashing.address.to_string(),
        vehicle: manifest.provenance.vehicle.clone(),
        artifact_sha256: manifest.artifact_sha256,
        write_bytes: image.size_bytes(),
        flash_bytes: chip.flash.iter().map(super::flasher::Region::size_bytes).sum(),
        segments: image.segments().iter().map(SegmentRecord::unverified).collect(),
        sectors: flasher.sectors(&chip, &image)?,
        log_block: image.log_block(),
        chip: chip.name,
    })
}

/// Flashes `bundle` under `permit`. `keep` gets the record as it would stand if this process ended during the erase: it is kept before
/// the erase begins.
///
/// # Errors
/// [`NotFlashed`] with the record, whose outcome says what state the board is in.
pub fn flash(
    bundle: &Bundle,
    permit: &Permit,
    flashing: &Flashing,
    flasher: &dyn Flasher,
    keep: &mut dyn FnMut(&Deployment) -> io::Result<()>,
) -> Result<Deployment, Box<NotFlashed>> {
    let manifest = bundle.manifest();
    let mut record = Deployment::not_flashed(&flashing.address, &manifest.provenance.vehicle, "");
    record.artifact_sha256 = Some(manifest.artifact_sha256);
    let work = Work { flashing, flasher, keep, record: &mut record };
    match work.flash(bundle, permit) {
        Ok(()) => {
            record.outcome = Outcome::Deployed;
            Ok(record)
        }
        Err(source) => {
            record.error = source.to_string();
            Err(Box::new(NotFlashed { record, source }))
        }
    }
}

/// The image of a bundle. The file is read once: what is hashed is what is written.
fn read(bundle: &Bundle) -> Result<Image, BoardError> {
    let manifest = bundle.manifest();
    if !manifest.provenance.target.starts_with("thumbv") {
        return Err(BoardError::NotBareMetal(manifest.provenance.target.clone()));
    }
    let elf = fs::read(bundle.folder().join(ARTIFACT)).map_err(BoardError::Bundle)?;
    let (found, signed) = (Digest::of(&elf), manifest.artifact_sha256);
    if found != signed {
        return Err(BoardError::Changed { found, signed });
    }
    Ok(Image::parse(&elf)?)
}

/// One flash under way.
struct Work<'a> {
    flashing: &'a Flashing,
    flasher: &'a dyn Flasher,
    keep: &'a mut dyn FnMut(&Deployment) -> io::Result<()>,
    record: &'a mut Deployment,
}

impl Work<'_> {
    fn did(&mut self, step: &str) {
        self.record.steps.push(step.to_owned());
    }

    fn board(&mut self, chip: &Chip, image: &Image) -> &mut BoardRecord {
        self.record.board.get_or_insert_with(|| BoardRecord {
            chip: chip.name.clone(),
            probe: None,
            identity: None,
            segments: image.segments().iter().map(SegmentRecord::unverified).collect(),
            log: Vec::new(),
            log_remark: String::new(),
        })
    }

    fn flash(mut self, bundle: &Bundle, permit: &Permit) -> Result<(), BoardError> {
        let provenance = &bundle.manifest().provenance;
        permit.check(bundle.manifest().artifact_sha256, &self.flashing.address.vehicle(&provenance.vehicle))?;
        self.record.approved_by = Some(permit.granted_by());
        let image = read(bundle)?;
        let chip = self.flasher.chip(&self.flashing.address.chip)?;
        fit::check(&chip, &image, &provenance.target)?;
        self.board(&chip, &image);
        self.did("the image fits the chip");

        let flasher = self.flasher;
        let mut board = flasher.attach(&self.flashing.address, &chip)?;
        self.board(&chip, &image).probe = Some(board.probe());
        self.did("attached");
        let identity = board.identify()?;
        let step = if identity.proves { "the chip is the one named" } else { "nothing speaks against the chip named" };
        self.board(&chip, &image).identity = Some(identity);
        self.did(step);
        board.check_unlocked()?;
        self.did("its flash is not locked");

        let mut ended_here = self.record.clone();
        ended_here.outcome = Outcome::NoFirmware;
        ended_here.error = "ended while the flash was being erased and written".into();
        (self.keep)(&ended_here).map_err(BoardError::Record)?;
        self.record.outcome = Outcome::NoFirmware;
        board.erase_and_write(&image)?;
        self.did("erased and written");
        for (index, segment) in image.segments().iter().enumerate() {
            verify(board.as_mut(), segment)?;
            self.board(&chip, &image).segments[index].verified = true;
        }
        self.did("read back as written");

        self.record.outcome = Outcome::Uncertain;
        let log = board.restart(image.log_block(), &self.flashing.log)?;
        self.did("restarted");
        let record = self.board(&chip, &image);
        (record.log, record.log_remark) = (log.lines, log.remark);
        Ok(())
    }
}

/// Reads a segment back and compares it byte by byte.
fn verify(board: &mut dyn Board, segment: &Segment) -> Result<(), FlashError> {
    let mut address = u64::from(segment.address);
    for expected in segment.bytes.chunks(READ_BACK_BYTES) {
        let mut found = vec![0; expected.len()];
        board.read(address, &mut found)?;
        if let Some(at) = expected.iter().zip(&found).position(|(expected, found)| expected != found) {
            let (expected, found) = (expected[at], found[at]);
            return Err(FlashError::Differs { address: address + at as u64, expected, found });
        }
        address += expected.len() as u64;
    }
    Ok(())
}

impl SegmentRecord {
    fn unverified(segment: &Segment) -> Self {
        let size_bytes = segment.bytes.len() as u64;
        Self { address: segment.address, size_bytes, sha256: segment.sha256(), verified: false }
    }
}
