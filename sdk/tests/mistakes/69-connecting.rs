//! The mistake: the mission opens a connection itself.
//! Instead: `fly` is given its vehicle.
//! Says: a mission opens no connection: `fly` is given its vehicle, ready to take off
use flightsmith_sdk::prelude::*;

pub async fn fly() -> Result<Vehicle<Landed>, FlightError> {
    let vehicle = Vehicle::connect("udp://:14540").await?;
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.hold(Seconds(5.0)).await?;
    vehicle.land().await
}
