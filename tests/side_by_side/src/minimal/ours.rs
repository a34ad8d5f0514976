//! Connects and prints one attitude.
use flightsmith_sdk::{Attitude, Connection, RequestError, driver, units::Seconds};

fn main() -> Result<(), driver::RunError<RequestError>> {
    driver::run_as(Connection::ground_station(), "udpin://127.0.0.1:14550", |connection| async move {
        let system = connection.system(Seconds(30.0)).await?;
        println!("{:?}", system.telemetry().stream::<Attitude>().next().await?);
        Ok(())
    })
}
