//! The mistake: a reading that may fail is used as a value.
//! Instead: `vehicle.battery()? < Percent(30.0)`.
//! Says: binary operation `<` cannot be applied to type `Result<
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.go_to(PositionNed::at(North(40.0), East(0.0), AboveHome(10.0))).await?;
    if vehicle.battery() < Percent(30.0) {
        return vehicle.land().await;
    }
    vehicle.return_to_launch().await
}
