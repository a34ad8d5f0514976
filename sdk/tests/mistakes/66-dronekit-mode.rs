//! The mistake: the mode is assigned to end the flight, as in dronekit.
//! Instead: `vehicle.return_to_launch().await`.
//! Says: attempted to take value of method `mode`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.hold(Seconds(10.0)).await?;
    vehicle.mode = "RTL";
    vehicle.return_to_launch().await
}
