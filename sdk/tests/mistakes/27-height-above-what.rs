//! The mistake: a height with coordinates does not say above what.
//! Instead: `Altitude::AboveHome(25.0)`, or `Altitude::Amsl(513.0)`.
//! Says: expected `Altitude`, found floating-point number
//! Says: try wrapping the expression in a variant of
//! Says: AboveHome
//! Says: Amsl
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(20.0)).await?;
    let corner = GlobalPosition::at(Latitude(47.3979), Longitude(8.546), 25.0);
    vehicle.go_to_global(corner).await?;
    vehicle.return_to_launch().await
}
