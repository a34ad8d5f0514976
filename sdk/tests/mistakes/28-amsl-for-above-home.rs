//! The mistake: a height above mean sea level is given where one above home is wanted.
//! Instead: `vehicle.home().above_home(Altitude::Amsl(510.0))`.
//! Says: expected `AboveHome`, found `Altitude`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.climb_to(Altitude::Amsl(510.0)).await?;
    vehicle.take_photo().await?;
    vehicle.land().await
}
