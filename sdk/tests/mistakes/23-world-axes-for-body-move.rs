//! The mistake: a move by the nose is given along north and east.
//! Instead: `OffsetFrd::by(Forward(10.0), Right(5.0), Up(0.0))`.
//! Says: expected `Forward`, found `North`
//! Says: expected `Right`, found `East`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.turn_to(Degrees(135.0)).await?;
    vehicle.move_by(OffsetFrd::by(North(10.0), East(5.0), Up(0.0))).await?;
    vehicle.return_to_launch().await
}
