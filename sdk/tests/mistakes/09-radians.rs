//! The mistake: an angle is given in radians.
//! Instead: `Degrees(90.0)`, or `Degrees::from_radians(FRAC_PI_2)`.
//! Says: angles are in degrees: write `Degrees::from_radians(1.57)`
use core::f64::consts::FRAC_PI_2;
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.turn_to(Radians(FRAC_PI_2)).await?;
    vehicle.take_photo().await?;
    vehicle.land().await
}
