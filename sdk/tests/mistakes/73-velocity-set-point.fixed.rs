//! Mended: velocity-set-point, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    let north = VelocityNed::towards(Degrees(0.0), MetresPerSecond(2.0));
    vehicle.offboard().fly(north, Seconds(5.0)).await?;
    vehicle.return_to_launch().await
}
