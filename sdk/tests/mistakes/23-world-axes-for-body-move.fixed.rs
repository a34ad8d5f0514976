//! Mended: world-axes-for-body-move, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.turn_to(Degrees(135.0)).await?;
    vehicle.move_by(OffsetFrd::by(Forward(10.0), Right(5.0), Up(0.0))).await?;
    vehicle.return_to_launch().await
}
