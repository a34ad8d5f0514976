//! Bundle -> Deployment on a board: open and check the bundle, see that it fits the chip, get it approved, flash, record.
//!
//! Leaves to others: the steps on the board (`flightsmith_upload::board::flash`) and the probe (`flightsmith-probe`, built in with the
//! feature `probe`).
use super::{Approver, Package, UploadStageError, approve, record, write_record};
use crate::run_dir::names;
use flightsmith_upload::board::flash::{self, FlashPlan, Flashing};
use flightsmith_upload::board::flasher::Flasher;
use flightsmith_upload::deployment::Deployment;
use flightsmith_upload::key::PublicKey;
use flightsmith_upload::permit::Request;
use std::path::Path;

/// What drives debug probes; `None` where this program was built without it.
#[cfg(feature = "probe")]
pub fn flasher() -> Option<Box<dyn Flasher>> {
    Some(Box::new(flightsmith_probe::ProbeRs::new()))
}

/// What drives debug probes; `None` where this program was built without it.
#[cfg(not(feature = "probe"))]
pub fn flasher() -> Option<Box<dyn Flasher>> {
    None
}

/// Everything that can be found out about flashing the bundle at `bundle` without a probe: what would have to be approved, and what
/// would be erased and written. Leaves no record.
///
/// # Errors
/// [`UploadStageError::Package`], [`UploadStageError::Board`].
pub fn plan(
    bundle: &Path,
    trusted: &[PublicKey],
    flashing: &Flashing,
    flasher: &dyn Flasher,
) -> Result<(Request, FlashPlan), UploadStageError> {
    let package = Package::open(bundle, trusted)?;
    let plan = flash::plan(&package.bundle, flashing, flasher)?;
    Ok((request(&package, flashing)?, plan))
}

/// Flashes the bundle at `bundle` (a bundle folder, a run directory, or a `.tar`), signed by one of `trusted` (empty: by anyone), and
/// records the outcome in the run directory that the bundle lies in, if it lies in one. Nobody is asked about what does not fit.
///
/// # Errors
/// See [`UploadStageError`].
pub fn flash(
    bundle: &Path,
    trusted: &[PublicKey],
    flashing: &Flashing,
    approver: Approver<'_>,
    flasher: &dyn Flasher,
) -> Result<Deployment, UploadStageError> {
    let package = Package::open(bundle, trusted)?;
    let not_begun = |why: &dyn std::error::Error| {
        let manifest = package.bundle.manifest();
        let not_begun = Deployment::not_flashed(&flashing.address, &manifest.provenance.vehicle, &why.to_string());
        record(&package, &Deployment { artifact_sha256: Some(manifest.artifact_sha256), ..not_begun })
    };
    if let Err(why) = flash::plan(&package.bundle, flashing, flasher) {
        not_begun(&why)?;
        return Err(why.into());
    }
    let permit = match approve(&request(&package, flashing)?, approver) {
        Ok(permit) => permit,
        Err(why) => {
            not_begun(&why)?;
            return Err(why.into());
        }
    };
    let mut keep = |deployment: &Deployment| match &package.run {
        Some(run) => write_record(&run.join(names::DEPLOYMENT), deployment),
        None => Ok(()),
    };
    let result = flash::flash(&package.bundle, &permit, flashing, flasher, &mut keep);
    record(&package, result.as_ref().unwrap_or_else(|failed| &failed.record))?;
    Ok(result?)
}

fn request(package: &Package, flashing: &Flashing) -> Result<Request, UploadStageError> {
    let vehicle = flashing.address.vehicle(&package.bundle.manifest().provenance.vehicle);
    Ok(package.request(vehicle, flashing.address.host())?)
}
