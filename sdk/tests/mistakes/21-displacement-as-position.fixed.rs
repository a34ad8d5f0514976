//! Mended: displacement-as-position, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    let step = OffsetNed::by(North(0.0), East(20.0), Up(0.0));
    for _ in 0..3 {
        vehicle.go_to(vehicle.position() + step).await?;
    }
    vehicle.return_to_launch().await
}
