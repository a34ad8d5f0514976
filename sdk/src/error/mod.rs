//! What can go wrong: with a flight ([`FlightError`]) and with a request to a system ([`RequestError`]).
mod flight;
mod request;

pub use flight::FlightError;
pub use request::{RequestError, Silence};
