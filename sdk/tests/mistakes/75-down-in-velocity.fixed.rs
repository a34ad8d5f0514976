//! Mended: down-in-velocity, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    let up = VelocityNed::climbing(MetresPerSecond(1.0));
    vehicle.offboard().fly(up, Seconds(5.0)).await?;
    vehicle.land().await
}
