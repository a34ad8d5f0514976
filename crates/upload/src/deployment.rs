//! An upload to a companion computer from beginning to end: copy, verify, check the vehicle, switch, check again; undo on failure. And
//! what is recorded of every upload, also of one to a board ([`crate::board::flash`]).
//!
//! Nothing here starts a flight but [`start`]. Until the vehicle has been found disarmed and healthy, only a new folder has been added
//! on the companion computer; a unit that waited there before waits again when the upload fails.
use crate::board::address::BoardAddress;
use crate::board::flash::BoardRecord;
use crate::bundle::Bundle;
use crate::digest::Digest;
use crate::permit::{Grantor, Permit, VehicleId, WrongPermit};
use crate::preflight::Preflight;
use crate::remote::{Companion, Found, differences};
use crate::shell::Shell;
use crate::ssh::{Destination, Host, SshError, SshOptions};
use crate::unit::{UnitScope, is_plain_word};
use serde::{Deserialize, Serialize};
use std::io;

/// Where and how to upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The companion computer.
    pub destination: Destination,
    /// What ssh is told beyond its configuration.
    pub ssh: SshOptions,
    /// The link to the autopilot, as seen from the companion computer: `serial:///dev/ttyAMA0:921600`.
    pub link: String,
    /// Words before the program that run it where the machine cannot: `qemu-aarch64 -L /usr/aarch64-linux-gnu`. Empty on real ones.
    pub emulator: Vec<String>,
    /// Which systemd gets the unit.
    pub unit: UnitScope,
}

/// How an upload or rollback ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The version is the current one and passed its health check.
    Deployed,
    /// The version before is the current one again, as was asked for.
    RolledBack,
    /// It failed; what flies there is what it was before.
    LeftAsItWas,
    /// It failed, and so did undoing it: a person has to look.
    Uncertain,
    /// It failed while a board's flash was being erased and written: the board holds no valid program until an upload succeeds.
    NoFirmware,
}

/// `80-deployment.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deployment {
    /// How it ended.
    pub outcome: Outcome,
    /// `ssh://user@host`, or a board's `probe://CHIP`.
    pub host: String,
    /// The vehicle's name.
    pub vehicle: String,
    /// Digest of the mission program, which is also the version's name there.
    pub artifact_sha256: Option<Digest>,
    /// Who approved; `None` where it did not come to that, and for a rollback.
    pub approved_by: Option<Grantor>,
    /// The version that was current before.
    pub version_before: Option<String>,
    /// What the vehicle said before the switch.
    pub preflight: Option<Preflight>,
    /// `user` or `system`; `None` where no unit was installed.
    pub unit: Option<String>,
    /// Why there is no unit, or what to know about it.
    pub unit_says: String,
    /// The steps that succeeded, in order.
    pub steps: Vec<String>,
    /// Why it failed; empty where it did not.
    pub error: String,
    /// What there is to say of a board; absent for a companion computer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub board: Option<BoardRecord>,
}

impl Deployment {
    /// The record of an upload that did not begin: nothing was touched.
    pub fn not_begun(upload: &Upload, vehicle: &str, artifact: Option<Digest>, why: &str) -> Self {
        Self { artifact_sha256: artifact, ..Self::untouched(upload.destination.to_string(), vehicle, why) }
    }

    /// The record of a flash that did not begin: nothing was touched.
    pub fn not_flashed(address: &BoardAddress, vehicle: &str, why: &str) -> Self {
        Self::untouched(address.to_string(), vehicle, why)
    }

    fn untouched(host: String, vehicle: &str, why: &str) -> Self {
        Self {
            outcome: Outcome::LeftAsItWas,
            host,
            vehicle: vehicle.to_owned(),
            artifact_sha256: None,
            approved_by: None,
            version_before: None,
            preflight: None,
            unit: None,
            unit_says: String::new(),
            steps: Vec::new(),
            error: why.to_owned(),
            board: None,
        }
    }
}

/// Why an upload failed.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// The permit is for something else.
    #[error(transparent)]
    Permit(#[from] WrongPermit),
    /// A link or emulator with characters that a shell or systemd would expand.
    #[error("`{0}` cannot be passed on: letters, digits and ._-+:/@=,[]%?& only")]
    Word(String),
    /// The bundle cannot be read.
    #[error("the bundle cannot be read")]
    Bundle(#[source] io::Error),
    /// Connection, login, or a step that failed there.
    #[error(transparent)]
    Ssh(#[from] SshError),
    /// Tools that the steps need are not installed there.
    #[error("missing on the companion computer: {}", .0.join(", "))]
    MissingTools(Vec<String>),
    /// The program was built for another machine.
    #[error("the program is for {target}, the companion computer is {machine}")]
    WrongMachine {
        /// The bundle's target.
        target: String,
        /// `uname -m` there.
        machine: String,
    },
    /// Not enough room.
    #[error("{free_kib} KiB are free there, the bundle needs {needed_kib} KiB")]
    NoSpace {
        /// Free.
        free_kib: u64,
        /// Needed.
        needed_kib: u64,
    },
    /// What arrived is not what was sent.
    #[error("the copy differs from the bundle: {}", .0.join("; "))]
    CopyDiffers(Vec<String>),
    /// The program said nothing that can be read as a preflight check.
    #[error("the preflight check gave no readable answer")]
    NoPreflight,
    /// The vehicle is armed or not healthy.
    #[error("{0}; nothing was changed")]
    Vehicle(String),
    /// There is no version before the current one.
    #[error("there is no version to roll back to")]
    NothingBefore,
    /// The version before is not what its name says.
    #[error("the version before, {0}, is damaged")]
    DamagedBefore(String),
}

/// A failed upload: what was done all the same, and why it failed.
#[derive(Debug, thiserror::Error)]
#[error("{source}")]
pub struct Failed {
    /// The record, for `80-deployment.json`.
    pub record: Deployment,
    /// Why.
    #[source]
    pub source: UploadError,
}

/// Uploads `bundle` under `permit` and makes it the version that waits there.
///
/// # Errors
/// [`Failed`] with the record; the vehicle is left as it was, or the outcome says that this is uncertain.
pub fn deploy(bundle: &Bundle, permit: &Permit, upload: &Upload, shell: &dyn Shell) -> Result<Deployment, Box<Failed>> {
    let vehicle = upload.vehicle(&bundle.manifest().provenance.vehicle);
    let digest = bundle.manifest().artifact_sha256;
    let mut work = Work::new(upload, shell, vehicle);
    work.record.artifact_sha256 = Some(digest);
    let result = work.deploy(bundle, digest, permit);
    work.finish(result, Outcome::Deployed)
}

/// Makes the version before the current one current again, under the same checks as an upload. It needs no permit of its own: it
/// was approved for this vehicle when it was uploaded.
///
/// # Errors
/// As [`deploy`].
pub fn roll_back(vehicle: &str, upload: &Upload, shell: &dyn Shell) -> Result<Deployment, Box<Failed>> {
    let mut work = Work::new(upload, shell, upload.vehicle(vehicle));
    let result = work.roll_back();
    work.finish(result, Outcome::RolledBack)
}

/// Lets the mission that waits there begin its flight. The permit must name the very version that waits.
///
/// # Errors
/// The permit is for another vehicle; the version is not current; nothing waits.
pub fn start(permit: &Permit, upload: &Upload, shell: &dyn Shell) -> Result<(), UploadError> {
    let wanted = upload.vehicle(&permit.vehicle().name);
    permit.check(permit.artifact_digest(), &wanted)?;
    Ok(upload.companion(shell).start(permit.artifact_digest())?)
}

impl Upload {
    /// The vehicle of this upload, as a permit names it.
    pub fn vehicle(&self, name: &str) -> VehicleId {
        VehicleId { name: name.to_owned(), at: self.destination.to_string() }
    }

    fn companion<'a>(&'a self, shell: &'a dyn Shell) -> Companion<'a> {
        let host = Host { shell, destination: &self.destination, options: &self.ssh };
        Companion { host, scope: self.unit }
    }

    fn check_words(&self) -> Result<(), UploadError> {
        let words = self.emulator.iter().chain([&self.link]);
        let odd = words.into_iter().find(|word| !is_plain_word(word) || word.as_str() == "--");
        odd.map_or(Ok(()), |word| Err(UploadError::Word(word.clone())))
    }
}

/// One upload or rollback under way: what has been changed so far, so that it can be undone.
struct Work<'a> {
    upload: &'a Upload,
    companion: Companion<'a>,
    vehicle: VehicleId,
    record: Deployment,
    found: Found,
    stood_down: bool,
    switched: bool,
    installed: bool,
}

impl<'a> Work<'a> {
    fn new(upload: &'a Upload, shell: &'a dyn Shell, vehicle: VehicleId) -> Self {
        let record = Deployment::not_begun(upload, &vehicle.name, None, "");
        let (found, stood_down, switched, installed) = (Found::default(), false, false, false);
        Self { upload, companion: upload.companion(shell), vehicle, record, found, stood_down, switched, installed }
    }

    fn did(&mut self, step: &str) {
        self.record.steps.push(step.to_owned());
    }

    fn deploy(&mut self, bundle: &Bundle, digest: Digest, permit: &Permit) -> Result<(), UploadError> {
        permit.check(digest, &self.vehicle)?;
        self.record.approved_by = Some(permit.granted_by());
        self.look_around()?;
        self.check_fits(bundle)?;
        self.bring(bundle, digest)?;
        let links = (format!("versions/{digest}"), self.link_before(digest));
        self.activate(digest, &links.0, &links.1)
    }

    fn roll_back(&mut self) -> Result<(), UploadError> {
        self.look_around()?;
        let before = self.found.previous.clone();
        let digest = before.strip_prefix("versions/").and_then(|name| Digest::parse(name).ok());
        let digest = digest.ok_or(UploadError::NothingBefore)?;
        self.record.artifact_sha256 = Some(digest);
        let hashes = self.companion.hashes(&before)?.ok_or(UploadError::NothingBefore)?;
        if hashes.get(crate::manifest::ARTIFACT) != Some(&digest.to_string()) {
            return Err(UploadError::DamagedBefore(digest.short()));
        }
        let current = self.found.current.clone();
        self.activate(digest, &before, &current)
    }

    fn look_around(&mut self) -> Result<(), UploadError> {
        self.upload.check_words()?;
        self.found = self.companion.probe()?;
        if !self.found.missing.is_empty() {
            return Err(UploadError::MissingTools(self.found.missing.clone()));
        }
        let before = self.found.current.strip_prefix("versions/");
        self.record.version_before = before.map(str::to_owned);
        self.did("connected");
        Ok(())
    }

    fn check_fits(&self, bundle: &Bundle) -> Result<(), UploadError> {
        let target = &bundle.manifest().provenance.target;
        let built_for = target.split('-').next().unwrap_or_default();
        if self.upload.emulator.is_empty() && target != "host" && built_for != self.found.machine {
            let (target, machine) = (target.clone(), self.found.machine.clone());
            return Err(UploadError::WrongMachine { target, machine });
        }
        let size_bytes: u64 = bundle.manifest().files.values().map(|entry| entry.size_bytes).sum();
        // Each file ends in a block of its own, and the computer shall not be filled to the brim.
        let needed_kib = size_bytes / 1024 + 4 * bundle.manifest().files.len() as u64 + 1024;
        match self.found.free_kib {
            Some(free_kib) if free_kib < needed_kib => Err(UploadError::NoSpace { free_kib, needed_kib }),
            _ => Ok(()),
        }
    }

    /// Copies, verifies there, and puts it beside the other versions.
    fn bring(&mut self, bundle: &Bundle, digest: Digest) -> Result<(), UploadError> {
        let there = self.companion.hashes(&format!("versions/{digest}"))?;
        if there.is_some_and(|there| differences(bundle, &there).is_empty()) {
            self.did("found the same version there");
        } else {
            let incoming = self.companion.receive(bundle).map_err(UploadError::Bundle)??;
            self.did("copied");
            let placed = self.verify_and_place(bundle, digest, &incoming);
            if placed.is_err() {
                // Best effort: the copy has a name of its own and harms nothing where it stays.
                let _ = self.companion.discard(&incoming);
            }
            placed?;
        }
        self.companion.self_check(digest, &self.upload.emulator)?;
        self.did("the program runs there");
        Ok(())
    }

    fn verify_and_place(&mut self, bundle: &Bundle, digest: Digest, incoming: &str) -> Result<(), UploadError> {
        let copy = self.companion.hashes(incoming)?.unwrap_or_default();
        let differences = differences(bundle, &copy);
        if !differences.is_empty() {
            return Err(UploadError::CopyDiffers(differences));
        }
        self.did("verified there");
        self.companion.place(incoming, digest)?;
        self.did("placed beside the other versions");
        Ok(())
    }

    /// What `previous` is to point at once `digest` is current.
    fn link_before(&self, digest: Digest) -> String {
        let same = self.found.current == format!("versions/{digest}");
        if same { self.found.previous.clone() } else { self.found.current.clone() }
    }

    /// From a version that lies there to the one that waits: check the vehicle, switch, install the unit, check again.
    fn activate(&mut self, digest: Digest, current: &str, previous: &str) -> Result<(), UploadError> {
        self.stood_down = self.companion.stand_down()?;
        if self.stood_down {
            self.did("stood the waiting mission down");
        }
        let preflight = self.companion.preflight(digest, &self.upload.emulator, &self.upload.link)?;
        let preflight = preflight.ok_or(UploadError::NoPreflight)?;
        let objection = preflight.objection();
        self.record.preflight = Some(preflight);
        if let Some(objection) = objection {
            return Err(UploadError::Vehicle(objection));
        }
        self.did("the vehicle is disarmed and healthy");
        self.switched = true;
        self.companion.links(current, previous)?;
        self.did("switched");
        let has_unit = self.found.no_unit.is_empty();
        if has_unit {
            self.installed = true;
            let (scope, vehicle) = (self.found.scope.clone(), self.vehicle.clone());
            let says = self.companion.install_unit(&scope, &vehicle, &self.upload.emulator, &self.upload.link)?;
            self.record.unit = Some(scope);
            self.record.unit_says = says;
            self.did("installed the unit");
        } else {
            self.record.unit_says = format!("no unit was installed: {}", self.found.no_unit);
        }
        self.companion.self_check(digest, &self.upload.emulator)?;
        self.companion.health(digest, has_unit)?;
        self.did("passed the health check");
        Ok(())
    }

    fn finish(mut self, result: Result<(), UploadError>, good: Outcome) -> Result<Deployment, Box<Failed>> {
        match result {
            Ok(()) => {
                self.record.outcome = good;
                Ok(self.record)
            }
            Err(source) => {
                self.record.error = source.to_string();
                self.undo();
                Err(Box::new(Failed { record: self.record, source }))
            }
        }
    }

    /// Puts back what was changed; the record says so, or that it could not.
    fn undo(&mut self) {
        let mut undone = Ok(());
        // The links first: the unit from before starts what `current` names.
        if self.switched {
            undone = self.companion.links(&self.found.current, &self.found.previous);
        }
        if self.stood_down || self.installed {
            undone = undone.and(self.companion.restore_unit(self.stood_down, self.installed));
        }
        if self.stood_down || self.switched {
            self.did(if undone.is_ok() { "undid the changes" } else { "could not undo the changes" });
        }
        if let Err(why) = undone {
            self.record.outcome = Outcome::Uncertain;
            self.record.error = format!("{}; undoing it failed too: {why}", self.record.error);
        }
        self.record.unit = None;
    }
}
