//! A hop: take off to 5 m, hold for 3 s, land.
use flightsmith_sdk::prelude::*;

/// Height of the hop.
const HOP_ALTITUDE: AboveHome = AboveHome(5.0);
/// How long it stays up there.
const HOLD: Seconds = Seconds(3.0);

/// Flies the hop.
///
/// # Errors
/// Whatever ends a flight early.
pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    // "take off to 5 m"
    let mut vehicle = vehicle.arm_and_take_off(HOP_ALTITUDE).await?;
    // "hold for 3 s"
    vehicle.hold(HOLD).await?;
    // "land"
    vehicle.land().await
}
