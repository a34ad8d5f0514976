//! What stands before anything leaves this machine: whose bundles are trusted, who approves, and how a refusal is told.
use super::args::CompanionArgs;
use crate::asking::Asking;
use crate::exit::{RunError, chain};
use crate::settings;
use crate::upload::{Approver, UploadStageError, approval_text};
use crate::workshop::Workshop;
use flightsmith_upload::board::flash::BoardError;
use flightsmith_upload::board::flasher::FlashError;
use flightsmith_upload::key::{BundleKey, PublicKey};
use flightsmith_upload::permit::Request;
use flightsmith_upload::policy::Policy;
use std::io::Write;
use std::path::Path;

/// Does `work` with the policy file as its approver, or a person on the terminal where there is none.
pub(super) fn approved<T>(
    shop: &Workshop,
    policy_path: Option<&Path>,
    work: impl FnOnce(Approver<'_>) -> Result<T, RunError>,
) -> Result<T, RunError> {
    match policy_path {
        Some(path) => work(Approver::Policy(&policy(path)?)),
        None => work(Approver::Person(&mut |request| ask(shop.asking, request))),
    }
}

fn ask(asking: Asking, request: &Request) -> bool {
    let _ = writeln!(std::io::stderr(), "{}", approval_text(request));
    asking.agrees("do you approve?")
}

/// The policy file at `path`.
pub(super) fn policy(path: &Path) -> Result<Policy, RunError> {
    let text = std::fs::read_to_string(path).map_err(|error| RunError::files(path, error))?;
    Policy::parse(&text).map_err(|error| RunError::files(path, chain(&error)))
}

/// Why nothing was uploaded, with its exit code and what to do.
pub(super) fn not_uploaded(error: UploadStageError) -> RunError {
    if let UploadStageError::Board(BoardError::Flash(FlashError::UnknownChip { .. } | FlashError::NoFlash { .. })) =
        &error
    {
        // The address is wrong, whatever the bundle and the board are.
        return RunError::Usage(format!("{error}; {}", error.hints().join("; ")));
    }
    RunError::NotUploaded { reason: chain(&error), hints: error.hints() }
}

/// This user's own key, and the one of `--trust`.
pub(super) fn trusted(companion: &CompanionArgs) -> Result<Vec<PublicKey>, RunError> {
    let own = settings::config_home().join("signing.key");
    let own = BundleKey::load_or_create(&own).map_err(|error| RunError::files(&own, chain(&error)))?;
    let mut keys = vec![own.public()];
    if let Some(path) = &companion.trust {
        let text = std::fs::read_to_string(path).map_err(|error| RunError::files(path, error))?;
        keys.push(PublicKey::parse(text.trim()).ok_or_else(|| RunError::files(path, "is no public key"))?);
    }
    Ok(keys)
}
