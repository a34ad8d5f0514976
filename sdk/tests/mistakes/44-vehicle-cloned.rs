//! The mistake: the vehicle is cloned to be used twice.
//! Instead: lend it: `&mut vehicle`.
//! Says: there is one vehicle and it cannot be cloned: lend it with `&mut vehicle`
use flightsmith_sdk::prelude::*;

async fn photograph(mut vehicle: Vehicle<Airborne>) -> Result<(), FlightError> {
    vehicle.hold(Seconds(1.0)).await?;
    vehicle.take_photo().await
}

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    photograph(vehicle.clone()).await?;
    vehicle.land().await
}
