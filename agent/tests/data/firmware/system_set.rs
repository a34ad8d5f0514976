//! The whole action, offboard and telemetry set, and the least of a flight: what the chip's core takes. It is measured and never flown.
use flightsmith_sdk::prelude::*;
use flightsmith_sdk::{RequestError, System};

/// All that a system can do in the air, all that it tells.
///
/// # Errors
/// Whatever ends a flight early.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let connection = Connection::new();
    let system = connection.system(Seconds(10.0)).await?;
    act(&system).await?;
    read(&system).await?;
    vehicle.arm_and_take_off(AboveHome(10.0)).await?.land().await
}
