//! The mistake: the motors are stopped at the end.
//! Instead: `vehicle.land().await`.
//! Says: motors stop by landing and never in flight: `vehicle.land().await`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.climb_to(AboveHome(1.0)).await?;
    vehicle.disarm().await
}
