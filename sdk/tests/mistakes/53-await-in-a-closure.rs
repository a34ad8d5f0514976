//! The mistake: places are flown to in a closure.
//! Instead: a `for` loop.
//! Says: `await` is only allowed inside `async` functions and blocks
use flightsmith_sdk::prelude::*;

const CORNERS: [PositionNed; 2] = [
    PositionNed::at(North(40.0), East(0.0), AboveHome(10.0)),
    PositionNed::at(North(40.0), East(40.0), AboveHome(10.0)),
];

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    CORNERS.iter().for_each(|corner| {
        vehicle.go_to(*corner).await?;
    });
    vehicle.return_to_launch().await
}
