//! Mended: body-offset-in-world-frame, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    let ahead = OffsetFrd::by(Forward(15.0), Right(0.0), Up(0.0));
    vehicle.go_to(vehicle.position() + ahead.to_ned(vehicle.heading())).await?;
    vehicle.take_photo().await?;
    vehicle.return_to_launch().await
}
