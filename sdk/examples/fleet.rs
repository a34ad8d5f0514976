//! Connects to every vehicle that sends to one UDP port and prints where they are, once a second.
//!
//! ```text
//! flightsmith sim --autopilot px4 --instance 0 &
//! flightsmith sim --autopilot px4 --instance 1 &
//! cargo run -p flightsmith-sdk --example fleet -- udpin://0.0.0.0:14550
//! ```
//! Any other link works too, several at once: `-- tcp://127.0.0.1:5760 tcp://127.0.0.1:5770`.
use flightsmith_sdk::network::Network;
use flightsmith_sdk::{Connection, RequestError, units::Seconds};
use std::io::Write;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut links: Vec<String> = std::env::args().skip(1).collect();
    if links.is_empty() {
        links.push("udpin://0.0.0.0:14550".to_owned());
    }
    let builder = links.iter().fold(Network::builder(), |builder, url| builder.link(url));
    let network = builder.spawn()?;
    // A vehicle may come at any time; ten seconds without any new one, and with nobody there, end it.
    loop {
        match network.next_system(Seconds(10.0)).await {
            Some(connection) => drop(tokio::spawn(watch(connection))),
            None if network.systems().is_empty() => return Err("nobody was heard within 10 s".into()),
            None => {}
        }
    }
}

/// Prints what one vehicle says until it falls silent.
async fn watch(connection: Connection) {
    let id = connection.system_id().unwrap_or(0);
    if let Err(error) = print_positions(&connection).await {
        let _closed = writeln!(std::io::stderr(), "system {id}: {error}");
    }
}

async fn print_positions(connection: &Connection) -> Result<(), RequestError> {
    let system = connection.system(Seconds(10.0)).await?;
    loop {
        system.sleep(Seconds(1.0)).await?;
        let telemetry = system.telemetry();
        let place = telemetry.position().map_or("no position".to_owned(), |position| format!("{:?}", position.value));
        let (id, mode) = (system.system_id(), connection.mode_name());
        let armed = if connection.armed() { "armed" } else { "disarmed" };
        if writeln!(std::io::stdout(), "{id:>3} {:?} {mode} {armed} {place}", system.autopilot()).is_err() {
            return Ok(());
        }
    }
}
