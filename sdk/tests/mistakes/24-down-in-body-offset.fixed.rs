//! Mended: down-in-body-offset, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    // Ten metres ahead and five up.
    vehicle.move_by(OffsetFrd::by(Forward(10.0), Right(0.0), Up(5.0))).await?;
    vehicle.return_to_launch().await
}
