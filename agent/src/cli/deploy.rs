//! `upload`, `start`, `fly`: what leaves this machine, each approved by a person or a policy file.
use super::args::{CompanionArgs, FlyArgs, StartArgs, UploadArgs};
use super::ask::Asking;
use super::board;
use super::runs::{print, workshop};
use crate::exit::{RunError, VERIFIED};
use crate::upload::LocalPrograms;
use crate::upload::Package;
use crate::upload::{self, Approver, UploadStageError, approval_text};
use crate::workshop::{Workshop, chain};
use crate::{fly, settings, vehicles};
use flightsmith_upload::board::address::BoardAddress;
use flightsmith_upload::board::flash::BoardError;
use flightsmith_upload::board::flasher::FlashError;
use flightsmith_upload::deployment::Upload;
use flightsmith_upload::key::{BundleKey, PublicKey};
use flightsmith_upload::permit::Request;
use flightsmith_upload::policy::Policy;
use flightsmith_upload::ssh::{Destination, SshOptions};
use flightsmith_upload::unit::UnitScope;
use std::io::Write;
use std::path::Path;

/// `upload`.
pub fn upload(args: &UploadArgs) -> Result<u8, RunError> {
    if BoardAddress::is_meant_by(&args.to) {
        return board::upload(args);
    }
    if args.dry_run {
        return Err(RunError::Usage("--dry-run is for a board (--to probe://CHIP)".into()));
    }
    let shop = workshop(args.json, args.yes, false)?;
    let trusted = trusted(&args.companion)?;
    let to = target(&args.to, args.link.as_deref(), &args.companion, &args.bundle, &trusted)?;
    let shell = LocalPrograms { host: &shop.host, env: settings::ssh_environment() };
    let deployment = if args.rollback {
        let vehicle = vehicle_of(&args.bundle, &trusted)?;
        upload::roll_back(&vehicle, &to, &shell).map_err(not_uploaded)?
    } else {
        approved(&shop, args.policy.as_deref(), |approver| {
            upload::upload(&args.bundle, &trusted, &to, approver, &shell)
        })?
    };
    let mut text = serde_json::to_string_pretty(&deployment).unwrap_or_default();
    text.push('\n');
    print(&text);
    Ok(VERIFIED)
}

/// `start`.
pub fn start(args: &StartArgs) -> Result<u8, RunError> {
    if BoardAddress::is_meant_by(&args.to) {
        let why =
            "a board takes no start from here: its program waits for the pilot's switch to GUIDED (PX4: OFFBOARD)";
        return Err(RunError::Usage(why.into()));
    }
    let shop = workshop(false, args.yes, false)?;
    let trusted = trusted(&args.companion)?;
    let to = target(&args.to, args.link.as_deref(), &args.companion, &args.bundle, &trusted)?;
    let shell = LocalPrograms { host: &shop.host, env: settings::ssh_environment() };
    approved(&shop, args.policy.as_deref(), |approver| upload::start(&args.bundle, &trusted, &to, approver, &shell))?;
    Ok(VERIFIED)
}

/// `fly`.
pub fn fly(args: &FlyArgs) -> Result<u8, RunError> {
    let shop = workshop(args.json, args.yes, false)?;
    match &args.policy {
        Some(path) => fly::fly(&shop, &args.run, &args.link, Approver::Policy(&policy(path)?))?,
        None => {
            let mut person = |request: &Request| ask(shop.asking, request);
            fly::fly(&shop, &args.run, &args.link, Approver::Person(&mut person))?;
        }
    }
    Ok(VERIFIED)
}

pub(super) fn approved<T>(
    shop: &Workshop,
    policy_path: Option<&Path>,
    work: impl FnOnce(Approver<'_>) -> Result<T, UploadStageError>,
) -> Result<T, RunError> {
    match policy_path {
        Some(path) => work(Approver::Policy(&policy(path)?)),
        None => work(Approver::Person(&mut |request| ask(shop.asking, request))),
    }
    .map_err(not_uploaded)
}

fn ask(asking: Asking, request: &Request) -> bool {
    let _ = writeln!(std::io::stderr(), "{}", approval_text(request));
    asking.agrees("do you approve?")
}

pub(super) fn policy(path: &Path) -> Result<Policy, RunError> {
    let text = std::fs::read_to_string(path).map_err(|error| RunError::files(path, error))?;
    Policy::parse(&text).map_err(|error| RunError::files(path, chain(&error)))
}

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

fn vehicle_of(bundle: &Path, trusted: &[PublicKey]) -> Result<String, RunError> {
    let package = Package::open(bundle, trusted).map_err(|error| not_uploaded(error.into()))?;
    Ok(package.bundle.manifest().provenance.vehicle.clone())
}

fn target(
    to: &str,
    link: Option<&str>,
    companion: &CompanionArgs,
    bundle: &Path,
    trusted: &[PublicKey],
) -> Result<Upload, RunError> {
    let link = match link {
        Some(link) => link.to_string(),
        None => vehicles::load(&vehicle_of(bundle, trusted)?)
            .map(|vehicle| vehicle.companion.link)
            .map_err(|_| RunError::Usage("the bundle's vehicle is not built in: say its --link".into()))?,
    };
    Ok(Upload {
        destination: Destination::parse(to).map_err(|error| RunError::Usage(error.to_string()))?,
        ssh: SshOptions { config: companion.ssh_config.clone(), ..SshOptions::default() },
        link,
        emulator: companion.emulator.split_whitespace().map(str::to_string).collect(),
        unit: match companion.unit.as_str() {
            "auto" => UnitScope::Auto,
            "user" => UnitScope::User,
            "system" => UnitScope::System,
            "none" => UnitScope::None,
            other => return Err(RunError::Usage(format!("--unit {other}: auto, user, system or none"))),
        },
    })
}
