//! Mended: vehicle-moved-into-a-function, as it should be written.
use flightsmith_sdk::prelude::*;

async fn survey(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    vehicle.go_to(PositionNed::at(North(30.0), East(0.0), AboveHome(10.0))).await?;
    vehicle.take_photo().await
}

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    survey(&mut vehicle).await?;
    vehicle.land().await
}
