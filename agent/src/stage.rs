//! The stages by name, and telling of them: what every stage and the pipeline above them share.
use crate::clock::Stopwatch;
use crate::events::Event;
use crate::exit::RunError;
use crate::workshop::Workshop;

/// The stages that a run can be stopped behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Words to a checked plan, its readback and contract.
    Plan,
    /// A mission that compiles and holds the policy.
    Check,
    /// Every host flight held the contract.
    Simulate,
    /// Built for the target and flown as that binary.
    Cross,
    /// Signed bundle.
    Bundle,
}

impl Stage {
    /// Its name in events and reports.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Plan => "plan",
            Stage::Check => "check",
            Stage::Simulate => "simulate",
            Stage::Cross => "cross",
            Stage::Bundle => "bundle",
        }
    }
}

/// Runs a stage, and tells when it began and how long it took.
pub fn timed<T>(
    shop: &Workshop,
    stage: Stage,
    work: impl FnOnce() -> Result<(T, String), RunError>,
) -> Result<T, RunError> {
    let stage = stage.name();
    shop.events.tell(&Event::Stage { stage });
    let watch = Stopwatch::start();
    let (result, outcome) = work()?;
    shop.events.tell(&Event::Done { stage, seconds: watch.seconds(), outcome });
    Ok(result)
}
