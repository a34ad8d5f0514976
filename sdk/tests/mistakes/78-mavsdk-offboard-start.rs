//! The mistake: offboard control is started after a first set-point, as in MAVSDK.
//! Instead: `offboard.fly(velocity, Seconds(4.0))`.
//! Says: a set-point and how long it holds are one call: `offboard.fly(VelocityNed::towards(Degrees(0.0), MetresPerSecond(2.0)), Seconds(5.0)).await?`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    let ahead = VelocityFrd::forward(MetresPerSecond(2.0));
    let mut offboard = vehicle.offboard();
    offboard.set_velocity_body(ahead).await?;
    offboard.start().await?;
    offboard.stop().await?;
    vehicle.return_to_launch().await
}
