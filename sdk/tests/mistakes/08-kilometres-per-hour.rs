//! The mistake: a speed is given in kilometres an hour.
//! Instead: `MetresPerSecond::from_km_h(18.0)`.
//! Says: speeds are in metres a second: write `MetresPerSecond::from_km_h(18.0)`
use flightsmith_sdk::prelude::*;

const CRUISE_SPEED: MetresPerSecond = KilometersPerHour(18.0);

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(12.0)).await?;
    vehicle.set_speed(CRUISE_SPEED);
    vehicle.go_to(PositionNed::at(North(0.0), East(60.0), AboveHome(12.0))).await?;
    vehicle.return_to_launch().await
}
