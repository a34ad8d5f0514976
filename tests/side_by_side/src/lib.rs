//! What the clients under comparison share: the tasks, and one line of JSON for each.
use serde_json::Value;
use std::time::Instant;

/// Items of the mission that is sent and read back.
pub const MISSION_ITEMS: usize = 50;
/// Commands whose round trip is timed.
pub const COMMANDS: usize = 50;
/// Seconds for which the CPU time is measured.
pub const LISTEN_S: u64 = 20;

/// What a client is asked for: its task and the UDP address that it binds.
pub fn task() -> (String, String) {
    let mut args = std::env::args().skip(1);
    let task = args.next().expect("task");
    (task, args.next().expect("address to bind, HOST:PORT"))
}

/// The median of `values`, in place.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Prints what came of it.
pub fn report(value: &Value) {
    println!("{value}");
}

/// Milliseconds since `started`.
pub fn ms(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1e3
}

/// Latitude and longitude in degrees of item `n`: a line going north from the simulators' home.
pub fn place(n: usize) -> [f64; 2] {
    [47.397_742 + n as f64 * 1e-5, 8.545_594]
}
