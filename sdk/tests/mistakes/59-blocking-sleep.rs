//! The mistake: the program sleeps instead of the vehicle holding.
//! Instead: `vehicle.hold(Seconds(5.0)).await?;`.
//! Says: unlinked crate `std`
use core::time::Duration;
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    std::thread::sleep(Duration::from_secs(5));
    vehicle.land().await
}
