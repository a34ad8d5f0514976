//! The mistake: a height is given in feet.
//! Instead: `AboveHome::from_feet(100.0)`.
//! Says: lengths are in metres: write `Metres::from_feet(30.0)`, and for a height `AboveHome::from_feet(30.0)`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(Feet(100.0)).await?;
    vehicle.hold(Seconds(10.0)).await?;
    vehicle.land().await
}
