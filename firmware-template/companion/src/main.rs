//! The companion binary: the mission of `mission.rs`, run by `flightsmith-runner`.
fn main() -> std::process::ExitCode {
    flightsmith_runner::main(flightsmith_companion::fly, include_str!("../plan.json"), include_str!("../limits.json"))
}
