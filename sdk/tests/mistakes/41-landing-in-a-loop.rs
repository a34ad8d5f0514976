//! The mistake: the vehicle lands at every place of a loop.
//! Instead: land once, after the loop.
//! Says: use of moved value: `vehicle`
//! Says: in previous iteration of loop
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    for east_m in [10.0, 20.0, 30.0] {
        vehicle.go_to(PositionNed::at(North(0.0), East(east_m), AboveHome(10.0))).await?;
        vehicle.land().await?;
    }
    vehicle.return_to_launch().await
}
