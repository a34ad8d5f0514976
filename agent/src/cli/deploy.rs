//! `upload`, `start`, `fly`: what leaves this machine, each approved by a person or a policy file.
use super::approval::{approved, not_uploaded, trusted};
use super::args::{CompanionArgs, FlyArgs, StartArgs, UploadArgs};
use super::board;
use super::runs::{print_json, workshop};
use crate::exit::{RunError, VERIFIED};
use crate::upload::{self, LocalPrograms, Package};
use crate::{fly, settings, vehicles};
use flightsmith_upload::board::address::BoardAddress;
use flightsmith_upload::deployment::Upload;
use flightsmith_upload::key::PublicKey;
use flightsmith_upload::ssh::{Destination, SshOptions};
use flightsmith_upload::unit::UnitScope;
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
            upload::upload(&args.bundle, &trusted, &to, approver, &shell).map_err(not_uploaded)
        })?
    };
    print_json(&deployment);
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
    approved(&shop, args.policy.as_deref(), |approver| {
        upload::start(&args.bundle, &trusted, &to, approver, &shell).map_err(not_uploaded)
    })?;
    Ok(VERIFIED)
}

/// `fly`.
pub fn fly(args: &FlyArgs) -> Result<u8, RunError> {
    let shop = workshop(args.json, args.yes, false)?;
    approved(&shop, args.policy.as_deref(), |approver| fly::fly(&shop, &args.run, &args.link, approver))?;
    Ok(VERIFIED)
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
