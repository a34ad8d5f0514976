//! With `std` everything that a program holds may move between threads and tasks.
use flightsmith_sdk::{Airborne, Connection, Flying, Grounded, System, Vehicle};

fn is_send<T: Send>() {}
fn is_sync<T: Sync>() {}
fn future_is_send<T: Send>(_: &T) {}

#[test]
fn handles_and_futures_may_be_sent() {
    is_send::<Connection>();
    is_sync::<Connection>();
    is_send::<System>();
    is_sync::<System>();
    is_send::<Vehicle<Grounded>>();
    is_send::<Vehicle<Airborne>>();
    is_send::<Flying<'static>>();
    let connection = Connection::new();
    future_is_send(&connection.system(flightsmith_sdk::units::Seconds(1.0)));
    future_is_send(&connection.ready(flightsmith_sdk::units::Seconds(1.0)));
}
