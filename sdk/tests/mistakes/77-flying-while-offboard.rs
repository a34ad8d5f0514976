//! The mistake: a place is flown to while set-points have the vehicle.
//! Instead: `offboard.stop().await?` first.
//! Says: cannot borrow `vehicle` as mutable more than once at a time
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    let mut offboard = vehicle.offboard();
    offboard.fly(VelocityFrd::forward(MetresPerSecond(2.0)), Seconds(4.0)).await?;
    vehicle.hold(Seconds(2.0)).await?;
    offboard.stop().await?;
    vehicle.return_to_launch().await
}
