//! The mistake: the battery level is compared with a bare number.
//! Instead: `Percent(40.0)`.
//! Says: expected `Percent`, found floating-point number
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.go_to(PositionNed::at(North(50.0), East(0.0), AboveHome(10.0))).await?;
    if vehicle.battery()? < 40.0 {
        return vehicle.return_to_launch().await;
    }
    vehicle.take_photo().await?;
    vehicle.return_to_launch().await
}
