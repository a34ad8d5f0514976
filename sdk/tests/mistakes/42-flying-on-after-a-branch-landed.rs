//! The mistake: one branch lands and the flight goes on behind it.
//! Instead: `return vehicle.land().await;` in the branch.
//! Says: borrow of moved value: `vehicle`
//! Says: `vehicle` moved due to this method call
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    if vehicle.battery()? < Percent(50.0) {
        let _landed = vehicle.land().await?;
    }
    vehicle.go_to(PositionNed::at(North(40.0), East(0.0), AboveHome(10.0))).await?;
    vehicle.return_to_launch().await
}
