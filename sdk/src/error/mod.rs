//! What can go wrong: with a flight ([`FlightError`]) and with a request to a system ([`RequestError`]).
mod flight;
mod request;

pub use flight::FlightError;
pub use request::{RequestError, Silence};

/// What a link without an autopilot's heartbeat says about itself.
fn nobody_heard(bytes: u64, messages: u64) -> alloc::string::String {
    use alloc::format;
    match (bytes, messages) {
        (0, _) => "nothing came over the link at all (wrong port or device, or the vehicle is off)".into(),
        (bytes, 0) => format!("{bytes} bytes came, but no MAVLink (wrong baud rate, or another protocol)"),
        (_, messages) => format!(
            "{messages} MAVLink messages came, but no autopilot's HEARTBEAT (another component, or another system's link)"
        ),
    }
}
