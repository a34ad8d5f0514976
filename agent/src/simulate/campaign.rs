//! The campaign: which flights are flown, spread over the cores, in an order that does not depend on them.
use super::flight::{FlightJob, Flown};
use crate::events::{Event, Events};
use crate::exit::RunError;
use flightsmith_sim::Scenario;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// After this many failed flights the rest is not flown: the source is to be mended first.
const FAILURES_ENOUGH: usize = 5;

/// The host flights of a run: the nominal one, then varied ones with the seeds that follow `seed`.
pub fn jobs(flights: usize, seed: u64) -> Vec<FlightJob> {
    (0..flights)
        .map(|index| {
            let seed = seed.wrapping_add(index as u64);
            let scenario = if index == 0 { Scenario::nominal() } else { Scenario::draw(seed) };
            FlightJob { number: index + 1, seed, scenario }
        })
        .collect()
}

/// Flies `jobs` on as many threads as the machine has cores; results come in the order of the jobs.
///
/// The first job is flown alone: a mission that fails in calm air is not worth a campaign.
pub fn fly_all(
    jobs: &[FlightJob],
    events: &Events,
    fly: impl Fn(&FlightJob) -> Result<Flown, RunError> + Sync,
) -> Result<Vec<Flown>, RunError> {
    let Some((first, rest)) = jobs.split_first() else { return Ok(Vec::new()) };
    let fly = |job: &FlightJob| {
        let flown = fly(job)?;
        tell(events, &flown);
        Ok(flown)
    };
    let nominal = fly(first)?;
    if !nominal.verdict.passed {
        return Ok(vec![nominal]);
    }
    let next = AtomicUsize::new(0);
    let failures = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<Result<Flown, RunError>>>> = Mutex::new(rest.iter().map(|_| None).collect());
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(rest.len());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while failures.load(Ordering::SeqCst) < FAILURES_ENOUGH {
                    let index = next.fetch_add(1, Ordering::SeqCst);
                    let Some(job) = rest.get(index) else { break };
                    let result = fly(job);
                    if !result.as_ref().is_ok_and(|flown| flown.verdict.passed) {
                        let worth = if result.is_err() { FAILURES_ENOUGH } else { 1 };
                        failures.fetch_add(worth, Ordering::SeqCst);
                    }
                    if let Ok(mut results) = results.lock() {
                        results[index] = Some(result);
                    }
                }
            });
        }
    });
    let results = results.into_inner().unwrap_or_default();
    std::iter::once(Ok(nominal)).chain(results.into_iter().flatten()).collect()
}

/// Tells of a flight.
pub fn tell(events: &Events, flown: &Flown) {
    events.tell(&Event::Flight {
        number: flown.number,
        seed: flown.verdict.seed,
        backend: flown.verdict.backend.clone(),
        passed: flown.verdict.passed,
        vehicle_s: flown.verdict.duration_s,
        wall_s: flown.wall_s,
        violation: flown.verdict.violations.first().map(|violation| violation.says.clone()),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_flight_is_nominal_and_seeds_follow() {
        let jobs = jobs(3, 7);
        assert_eq!(jobs.iter().map(|job| (job.number, job.seed)).collect::<Vec<_>>(), [(1, 7), (2, 8), (3, 9)]);
        assert_eq!(jobs[0].scenario, Scenario::nominal());
        assert_eq!(jobs[2].scenario, Scenario::draw(9));
    }
}
