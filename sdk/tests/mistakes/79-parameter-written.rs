//! The mistake: the mission changes a parameter of the vehicle.
//! Instead: parameters stay as they are; limits are in the envelope.
//! Says: a mission sends no raw messages and sets no parameters
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    vehicle.set_parameter("WPNAV_SPEED", 500.0).await?;
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.go_to(PositionNed::at(North(40.0), East(0.0), AboveHome(10.0))).await?;
    vehicle.return_to_launch().await
}
