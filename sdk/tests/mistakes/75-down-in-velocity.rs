//! The mistake: a velocity is written as a struct with a positive `down_m_s` to climb.
//! Instead: `VelocityNed::climbing(MetresPerSecond(1.0))`.
//! Says: cannot construct `VelocityNed` with struct literal syntax
//! Says: you might have meant to use an associated function
//! Says: VelocityNed::climbing
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    let up = VelocityNed { north_m_s: 0.0, east_m_s: 0.0, down_m_s: 1.0 };
    vehicle.offboard().fly(up, Seconds(5.0)).await?;
    vehicle.land().await
}
