//! The mistake: two movements are begun at once.
//! Instead: await each before the next begins.
//! Says: cannot borrow `vehicle` as mutable more than once at a time
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    let leg = vehicle.go_to(PositionNed::at(North(40.0), East(0.0), AboveHome(10.0)));
    let photo = vehicle.take_photo();
    leg.await?;
    photo.await?;
    vehicle.return_to_launch().await
}
