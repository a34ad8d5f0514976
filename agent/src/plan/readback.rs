//! The plan read back. (being written)
use flightsmith_mission::plan::PlanDraft;
/// The readback.
pub fn readback(plan: &PlanDraft) -> String {
    format!("{plan:?}")
}
