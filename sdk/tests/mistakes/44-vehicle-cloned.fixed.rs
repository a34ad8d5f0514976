//! Mended: vehicle-cloned, as it should be written.
use flightsmith_sdk::prelude::*;

async fn photograph(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    vehicle.hold(Seconds(1.0)).await?;
    vehicle.take_photo().await
}

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    photograph(&mut vehicle).await?;
    vehicle.land().await
}
