//! Mended: north-and-east-swapped, as it should be written.
use flightsmith_sdk::prelude::*;

const TOWER: PositionNed =
    PositionNed::at(North(10.0), East(40.0), AboveHome(15.0));

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(15.0)).await?;
    vehicle.set_nose(Nose::At(TOWER));
    let orbit = Arc::circle(TOWER, Metres(12.0), Degrees(180.0), Degrees(360.0));
    vehicle.follow_arc(orbit).await?;
    vehicle.return_to_launch().await
}
