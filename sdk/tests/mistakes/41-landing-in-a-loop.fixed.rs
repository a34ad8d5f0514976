//! Mended: landing-in-a-loop, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    for east_m in [10.0, 20.0, 30.0] {
        vehicle.go_to(PositionNed::at(North(0.0), East(east_m), AboveHome(10.0))).await?;
        vehicle.hold(Seconds(3.0)).await?;
    }
    vehicle.return_to_launch().await
}
