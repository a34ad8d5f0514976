//! The mistake: a set-point is sent by `set_position_ned`, as in MAVSDK.
//! Instead: `vehicle.go_to(PositionNed::at(North(15.0), East(5.0), AboveHome(10.0)))`.
//! Says: a place is flown to by `vehicle.go_to(PositionNed::at(North(40.0), East(0.0), AboveHome(10.0))).await?`
//! Says: heights are positive, above home
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.set_position_ned(PositionNedYaw(15.0, 5.0, -10.0, 90.0)).await?;
    vehicle.return_to_launch().await
}
