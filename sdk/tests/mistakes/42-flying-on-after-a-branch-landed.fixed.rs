//! Mended: flying-on-after-a-branch-landed, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    if vehicle.battery()? < Percent(50.0) {
        return vehicle.land().await;
    }
    vehicle.go_to(PositionNed::at(North(40.0), East(0.0), AboveHome(10.0))).await?;
    vehicle.return_to_launch().await
}
