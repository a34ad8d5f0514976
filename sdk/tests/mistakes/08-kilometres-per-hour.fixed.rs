//! Mended: kilometres-per-hour, as it should be written.
use flightsmith_sdk::prelude::*;

const CRUISE_SPEED: MetresPerSecond = MetresPerSecond::from_km_h(18.0);

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(12.0)).await?;
    vehicle.set_speed(CRUISE_SPEED);
    vehicle.go_to(PositionNed::at(North(0.0), East(60.0), AboveHome(12.0))).await?;
    vehicle.return_to_launch().await
}
