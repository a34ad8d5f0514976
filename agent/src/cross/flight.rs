//! The artifact's own flight: the nominal one again, flown by the very file that is signed and uploaded.
use super::Artifact;
use crate::exit::RunError;
use crate::request::Request;
use crate::run_dir::RunDir;
use crate::simulate::flight::{self, Aircraft, FlightJob};
use crate::simulate::{self, Bench, campaign};
use crate::workshop::Workshop;
use flightsmith_sim::Scenario;

/// Flies the artifact itself once more, under the emulator where it is not for this machine.
pub fn fly(
    shop: &Workshop,
    run: &RunDir,
    request: &Request,
    bench: &Bench,
    artifact: &Artifact,
) -> Result<String, RunError> {
    let emulated = !artifact.run_with().is_empty();
    let aircraft = Aircraft {
        program: artifact.path().to_path_buf(),
        run_with: artifact.run_with().to_vec(),
        backend: if emulated { format!("qemu-{}", request.target) } else { "embedded, artifact".into() },
        cpu_factor: if emulated { 1.0 } else { bench.vehicle.companion.cpu_factor },
        is_firmware: artifact.is_firmware(),
    };
    let outside = usize::from(request.sim != "embedded");
    let job = FlightJob { number: request.flights + outside + 1, seed: request.seed, scenario: Scenario::nominal() };
    let flown = flight::flown_or_fly(bench, run, &aircraft, &job)?;
    campaign::tell(&shop.events, &flown);
    if !flown.verdict.passed {
        return Err(RunError::NotFlown {
            reason: format!("the {} artifact: {}", request.target, simulate::worst(&[flown])),
        });
    }
    Ok(format!("{} artifact, flown again as that binary ({})", request.target, aircraft.backend))
}
