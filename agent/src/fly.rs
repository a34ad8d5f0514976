//! A verified run, flown on a vehicle or a SITL that runs already, from this machine.
//!
//! The program is the very one that held the contract in the run's host flights. Unless the vehicle proves to be a simulator, a person
//! or a policy file has to approve; the permit is asked for by digest and link.
use crate::exit::{RunError, chain};
use crate::request::Request;
use crate::run_dir::{RunDir, names};
use crate::simulate::flight::{self, Aircraft};
use crate::simulate::link::Link;
use crate::simulate::{Bench, meeting, outside, worst};
use crate::upload::{Approver, Package, approve, reach};
use crate::workshop::Workshop;
use flightsmith_mission::plan::PlanDraft;
use flightsmith_sim::judge::Verdict;
use flightsmith_upload::digest::Digest;
use flightsmith_upload::permit::{self, VehicleId};
use std::path::{Path, PathBuf};

/// Flies the run in `folder` over `url`.
pub fn fly(shop: &Workshop, folder: &Path, url: &str, approver: Approver<'_>) -> Result<(), RunError> {
    let run = RunDir::open(folder)?;
    let request: Request = run.read_json(names::REQUEST)?;
    let (program, next) = verified_program(&run, &request)?;
    let draft: PlanDraft = run.read_json(names::PLAN)?;
    let plan = crate::plan::stage::check(draft, &request)?;
    let bench = Bench::set_up(shop, &run, &request, &plan)?;
    let mut link = Link::open(url, &shop.host)?;
    if meeting::meet_and_ask(&mut link, bench.autopilot)? {
        shop.events.note(format!("{url} proves to be a simulator: no permit is needed"));
    } else {
        let wanted = wanted(folder, &request, &bench, &program, url)?;
        approve(&wanted, approver)
            .map_err(|error| RunError::NotUploaded { reason: chain(&error), hints: Vec::new() })?;
    }
    let aircraft = Aircraft {
        program,
        run_with: Vec::new(),
        backend: url.to_string(),
        cpu_factor: request.vehicle.companion.cpu_factor,
        is_firmware: false,
    };
    let flown = outside::fly(&run, &bench, &aircraft, link, next)?;
    crate::simulate::campaign::tell(&shop.events, &flown);
    if flown.verdict.passed {
        shop.events.note(format!("flight {next} over {url} held every clause"));
        return Ok(());
    }
    Err(RunError::NotFlown { reason: worst(&[flown]) })
}

/// The host program that held the contract in all of the run's host flights, and the number of the next flight.
fn verified_program(run: &RunDir, request: &Request) -> Result<(PathBuf, usize), RunError> {
    let not_verified = |why: &str| RunError::files(run.root(), format!("is no verified run: {why}"));
    let mut flown = None;
    for number in 1..=request.flights {
        let folder = flight::folder(number);
        let record: flight::FlightRecord = run
            .read_json(folder.join("flight.json"))
            .map_err(|_| not_verified(&format!("flight {number} is missing")))?;
        let verdict: Verdict = run.read_json(folder.join("verdict.json"))?;
        if !verdict.passed {
            return Err(not_verified(&format!("flight {number} broke the contract")));
        }
        if *flown.get_or_insert(record.program_sha256) != record.program_sha256 {
            return Err(not_verified("its flights were flown by different programs"));
        }
    }
    let flown = flown.ok_or_else(|| not_verified("it has no flights"))?;
    let attempts = run.path(names::ATTEMPTS);
    let folders = std::fs::read_dir(&attempts).map_err(|error| RunError::files(&attempts, error))?;
    let outs = folders.flatten().map(|entry| entry.path().join("out"));
    let files = outs.flat_map(|out| std::fs::read_dir(out).into_iter().flatten().flatten()).map(|entry| entry.path());
    let program = files
        .filter(|path| path.is_file())
        .find(|path| Digest::of_file(path).is_ok_and(|(digest, _)| digest == flown))
        .ok_or_else(|| not_verified("the program that was flown is gone"))?;
    let mut next = request.flights + 1;
    while run.has(flight::folder(next)) {
        next += 1;
    }
    Ok((program, next))
}

fn wanted(
    folder: &Path,
    request: &Request,
    bench: &Bench,
    program: &Path,
    url: &str,
) -> Result<permit::Request, RunError> {
    // The signed bundle vouches for readback and signer; a run without one was never finished.
    let package = Package::open(folder, &[])
        .map_err(|error| RunError::NotUploaded { reason: chain(&error), hints: Vec::new() })?;
    let readback = std::fs::read_to_string(folder.join(names::READBACK));
    Ok(permit::Request {
        artifact_digest: Digest::of_file(program).map_err(|error| RunError::files(program, error))?.0,
        vehicle: VehicleId { name: request.vehicle.name.clone(), at: url.to_string() },
        host: url.to_string(),
        target: "host".into(),
        signed_by: package.bundle.signed_by(),
        reach: reach(&bench.contract),
        readback: readback.map_err(|error| RunError::files(folder.join(names::READBACK), error))?,
    })
}
