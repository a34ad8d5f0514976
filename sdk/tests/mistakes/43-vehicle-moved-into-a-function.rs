//! The mistake: the vehicle is given away to a function and used again.
//! Instead: lend it: `vehicle: &mut Vehicle<Airborne>`, called with `&mut vehicle`.
//! Says: use of moved value: `vehicle`
//! Says: consider changing this parameter type in function `survey` to borrow instead
use flightsmith_sdk::prelude::*;

async fn survey(mut vehicle: Vehicle<Airborne>) -> Result<(), FlightError> {
    vehicle.go_to(PositionNed::at(North(30.0), East(0.0), AboveHome(10.0))).await?;
    vehicle.take_photo().await
}

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    survey(vehicle).await?;
    vehicle.land().await
}
