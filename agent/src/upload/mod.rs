//! Bundle -> Deployment: open and check the bundle, get it approved, bring it to the vehicle, record what was done.
//!
//! A vehicle whose computer is a microcontroller is flashed instead ([`board`]), under the same approval.
//!
//! Leaves to others: the steps on the companion computer (`flightsmith_upload::deployment`) and on the board
//! (`flightsmith_upload::board`), asking on a terminal and reading the policy file (the doors), and every word of the environment (settings).

pub mod board;
mod package;
mod reach;
mod shell;

pub use package::{Package, PackageError};
pub use reach::reach;
pub use shell::LocalPrograms;

use crate::run_dir::{names, write_whole};
use flightsmith_mission::contract::Contract;
use flightsmith_upload::board::flash::{BoardError, NotFlashed};
use flightsmith_upload::deployment::{Deployment, Failed, Upload, UploadError, deploy, roll_back as undeploy};
use flightsmith_upload::key::PublicKey;
use flightsmith_upload::permit::{NotApproved, Permit, Request, VehicleId, ask, by_policy};
use flightsmith_upload::policy::Policy;
use flightsmith_upload::shell::Shell;
use std::fmt::Write;
use std::io;
use std::path::{Path, PathBuf};

/// Who decides.
pub enum Approver<'a> {
    /// A person: shows the request (see [`approval_text`]) and returns their answer.
    Person(&'a mut dyn FnMut(&Request) -> bool),
    /// A policy file, where nobody is there to ask.
    Policy(&'a Policy),
}

/// Why an upload did not succeed. Whatever the reason, the vehicle is as it was, unless the record's outcome says `uncertain`, or of a
/// board `no_firmware`.
#[derive(Debug, thiserror::Error)]
pub enum UploadStageError {
    /// The bundle cannot be opened or is not as it was signed.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// The bundle is firmware, and the way there leads to a computer: nothing was asked or touched.
    #[error("the bundle's program is firmware for {0}, and {1} is a computer with an operating system")]
    Firmware(String, String),
    /// Not approved.
    #[error(transparent)]
    NotApproved(#[from] NotApproved),
    /// It failed on the way.
    #[error(transparent)]
    Failed(#[from] Box<Failed>),
    /// A start that was refused.
    #[error(transparent)]
    Start(#[from] UploadError),
    /// A board that does not take this bundle: nothing was touched.
    #[error(transparent)]
    Board(#[from] BoardError),
    /// A flash that failed on the way.
    #[error(transparent)]
    NotFlashed(#[from] Box<NotFlashed>),
    /// The record could not be written.
    #[error("{} cannot be written", path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl UploadStageError {
    /// What to do next, where the message does not say it.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Firmware(..) => vec!["flash it: --to probe://CHIP, for example probe://STM32F405RG".into()],
            Self::Board(error) => error.hint().into_iter().collect(),
            Self::NotFlashed(failed) => failed.source.hint().into_iter().collect(),
            _ => Vec::new(),
        }
    }
}

/// Uploads the bundle at `bundle` (a bundle folder, a run directory, or a `.tar`), signed by one of `trusted` (empty: by anyone), and
/// records the outcome in the run directory that the bundle lies in, if it lies in one.
///
/// # Errors
/// See [`UploadStageError`].
pub fn upload(
    bundle: &Path,
    trusted: &[PublicKey],
    upload: &Upload,
    approver: Approver<'_>,
    shell: &dyn Shell,
) -> Result<Deployment, UploadStageError> {
    let package = for_a_computer(bundle, trusted, upload)?;
    let manifest = package.bundle.manifest();
    let (vehicle, digest) = (&manifest.provenance.vehicle, manifest.artifact_sha256);
    let request = package.request(upload.vehicle(vehicle), upload.destination.host.clone())?;
    let permit = match approve(&request, approver) {
        Ok(permit) => permit,
        Err(why) => {
            record(&package, &Deployment::not_begun(upload, vehicle, Some(digest), &why.to_string()))?;
            return Err(why.into());
        }
    };
    let result = deploy(&package.bundle, &permit, upload, shell);
    record(&package, result.as_ref().unwrap_or_else(|failed| &failed.record))?;
    Ok(result?)
}

/// Brings the version before back on the vehicle `vehicle`.
///
/// # Errors
/// [`UploadStageError::Failed`].
pub fn roll_back(vehicle: &str, upload: &Upload, shell: &dyn Shell) -> Result<Deployment, UploadStageError> {
    Ok(undeploy(vehicle, upload, shell)?)
}

/// Lets the mission that waits on the vehicle begin, approved anew for the very program that waits there.
///
/// # Errors
/// See [`UploadStageError`].
pub fn start(
    bundle: &Path,
    trusted: &[PublicKey],
    upload: &Upload,
    approver: Approver<'_>,
    shell: &dyn Shell,
) -> Result<(), UploadStageError> {
    let package = for_a_computer(bundle, trusted, upload)?;
    let vehicle = upload.vehicle(&package.bundle.manifest().provenance.vehicle);
    let permit = approve(&package.request(vehicle, upload.destination.host.clone())?, approver)?;
    Ok(flightsmith_upload::deployment::start(&permit, upload, shell)?)
}

/// The bundle, unless it is for a microcontroller.
fn for_a_computer(bundle: &Path, trusted: &[PublicKey], upload: &Upload) -> Result<Package, UploadStageError> {
    let package = Package::open(bundle, trusted)?;
    let target = &package.bundle.manifest().provenance.target;
    match target.starts_with("thumbv") {
        true => Err(UploadStageError::Firmware(target.clone(), upload.destination.host.clone())),
        false => Ok(package),
    }
}

/// The permit for `request`, if the approver grants it.
///
/// # Errors
/// It was not approved.
pub fn approve(request: &Request, approver: Approver<'_>) -> Result<Permit, NotApproved> {
    match approver {
        Approver::Person(person) => ask(request, person),
        Approver::Policy(policy) => by_policy(request, policy),
    }
}

/// What a person is shown before they approve.
pub fn approval_text(request: &Request) -> String {
    let mut text = String::new();
    let reach = &request.reach;
    let _ = writeln!(text, "To fly on {}:\n", request.vehicle);
    for line in request.readback.trim().lines() {
        let _ = writeln!(text, "  {line}");
    }
    let _ = write!(
        text,
        "\nhighest {:.1} m above home, farthest {:.0} m from home, fastest {:.1} m/s\nprogram {} for {}\nsigned by {}\n",
        reach.max_altitude_m,
        reach.max_distance_m,
        reach.max_speed_m_s,
        request.artifact_digest,
        request.target,
        request.signed_by
    );
    text.push_str(if request.vehicle.is_board() {
        "The program that is in the chip now is erased, whatever it is: make sure that the probe is on the mission's board and not on the flight controller, which may carry the same chip, and that no vehicle of it is armed.\nThe chip restarts with the new program, which waits, disarmed, for the pilot's switch; an upload starts no flight.\n"
    } else {
        "The vehicle will wait, disarmed; an upload starts no flight.\n"
    });
    text
}

fn record(package: &Package, deployment: &Deployment) -> Result<(), UploadStageError> {
    let Some(run) = &package.run else { return Ok(()) };
    let path = run.join(names::DEPLOYMENT);
    write_record(&path, deployment).map_err(|source| UploadStageError::Record { path, source })
}

fn write_record(path: &Path, deployment: &Deployment) -> io::Result<()> {
    let text = serde_json::to_string_pretty(deployment).map_err(io::Error::other)?;
    write_whole(path, (text + "\n").as_bytes())
}

impl Package {
    /// What is to be approved for `vehicle`, which a policy knows as `host`: readback and contract come from the signed bundle, nothing
    /// from elsewhere.
    fn request(&self, vehicle: VehicleId, host: String) -> Result<Request, PackageError> {
        let manifest = self.bundle.manifest();
        let contract: Contract = serde_json::from_str(&self.text("contract.json")?)
            .map_err(|why| PackageError::Contract(why.to_string()))?;
        Ok(Request {
            artifact_digest: manifest.artifact_sha256,
            vehicle,
            host,
            target: manifest.provenance.target.clone(),
            signed_by: self.bundle.signed_by(),
            reach: reach(&contract),
            readback: self.text("readback.txt")?,
        })
    }
}

#[cfg(test)]
mod tests;
