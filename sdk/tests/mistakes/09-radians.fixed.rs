//! Mended: radians, as it should be written.
use core::f64::consts::FRAC_PI_2;
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.turn_to(Degrees::from_radians(FRAC_PI_2)).await?;
    vehicle.take_photo().await?;
    vehicle.land().await
}
