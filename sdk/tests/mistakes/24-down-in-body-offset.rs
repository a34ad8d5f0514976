//! The mistake: a displacement is written as a struct with a positive `down_m` for up.
//! Instead: `OffsetFrd::by(Forward(10.0), Right(0.0), Up(5.0))`.
//! Says: cannot construct `OffsetFrd` with struct literal syntax
//! Says: `by` associated function
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    // Ten metres ahead and five up.
    vehicle.move_by(OffsetFrd { forward_m: 10.0, right_m: 0.0, down_m: 5.0 }).await?;
    vehicle.return_to_launch().await
}
