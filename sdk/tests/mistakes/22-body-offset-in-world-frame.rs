//! The mistake: a displacement by the nose is added to a position of the world.
//! Instead: `offset.to_ned(vehicle.heading())`, or `vehicle.move_by(offset)`.
//! Says: `OffsetFrd` is not a displacement along north and east
//! Says: an `OffsetFrd` becomes one by the heading: `offset.to_ned(vehicle.heading())`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    let ahead = OffsetFrd::by(Forward(15.0), Right(0.0), Up(0.0));
    vehicle.go_to(vehicle.position() + ahead).await?;
    vehicle.take_photo().await?;
    vehicle.return_to_launch().await
}
