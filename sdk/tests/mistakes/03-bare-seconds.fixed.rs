//! Mended: bare-seconds, as it should be written.
use flightsmith_sdk::prelude::*;

/// How long to stay over the field.
const HOLD_TIME: f64 = 5.0;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(15.0)).await?;
    vehicle.hold(Seconds(HOLD_TIME)).await?;
    vehicle.take_photo().await?;
    vehicle.land().await
}
