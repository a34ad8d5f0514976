//! Who a vehicle is and what it tells: `cargo run -p flightsmith-sdk --example telemetry -- URL [SECONDS]`, with any link that
//! `driver::open` knows: `tcp://127.0.0.1:5760` (ArduPilot SITL), `udpin://127.0.0.1:14550` (PX4 SITL).
#![expect(clippy::print_stdout, reason = "an example prints what it finds")]
use flightsmith_sdk::capability::raw::dialect::VIBRATION_DATA;
use flightsmith_sdk::capability::telemetry::*;
use flightsmith_sdk::{Connection, RequestError, System, driver, prelude::*};
use std::error::Error;
use std::fmt::Debug;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("which link? (tcp://127.0.0.1:5760, udpin://127.0.0.1:14550, ..)")?;
    let duration = Seconds(arguments.next().map_or(Ok(20.0), |seconds| seconds.parse())?);
    let connection = Connection::ground_station();
    let mut link = driver::open(&url)?;
    let report = async {
        let system = connection.system(Seconds(30.0)).await?;
        identity(&system).await?;
        everything(&system, duration).await
    };
    driver::block_on(link.as_mut(), &connection, report)??;
    println!("{:?}", connection.statistics());
    Ok(())
}

async fn identity(system: &System) -> Result<(), RequestError> {
    let info = system.info();
    println!("{:?}, system id {}", system.autopilot(), system.system_id());
    match info.version().await {
        Ok(version) => {
            println!("flies {} ({}), uid {:x}", version.flight_software, version.flight_hash, version.uid);
            println!("can: {:?}", version.capabilities.iter().collect::<Vec<_>>());
        }
        Err(error) => println!("{error}"),
    }
    println!("MAVLink: {:?}", info.protocol_version().await);
    println!("flight: {:?}", info.flight().await);
    Ok(())
}

/// One line for a quantity: its latest value, or why there is none.
async fn line<Q: Quantity + Debug>(name: &str, telemetry: &Telemetry) {
    match telemetry.stream::<Q>().next_within(Seconds(3.0)).await {
        Ok(reading) => println!("{name}: {:?}", reading.value),
        Err(error) => println!("{name}: {error}"),
    }
}

async fn everything(system: &System, duration: Seconds) -> Result<(), RequestError> {
    let telemetry = system.telemetry();
    for (message, outcome) in telemetry.set_every_rate_hz(5.0).await? {
        match outcome {
            Ok(Some(hz)) => println!("{message} at {hz:.1} Hz"),
            Ok(None) => println!("{message} granted, its rate is not stated"),
            Err(error) => println!("{message}: {error}"),
        }
    }
    let mut texts = telemetry.texts();
    system.sleep(duration).await?;
    while let Some(text) = texts.take() {
        println!("{}: {}", text.severity_name(), text.text);
    }
    line::<Position>("position", &telemetry).await;
    line::<LocalPosition>("local position", &telemetry).await;
    line::<VelocityNed>("velocity", &telemetry).await;
    line::<AltitudeReport>("altitude", &telemetry).await;
    line::<Terrain>("terrain", &telemetry).await;
    line::<HomePosition>("home", &telemetry).await;
    line::<Attitude>("attitude", &telemetry).await;
    line::<AttitudeQuaternion>("quaternion", &telemetry).await;
    line::<AngularRate>("angular rate", &telemetry).await;
    line::<Gps>("GPS", &telemetry).await;
    line::<Battery>("battery", &telemetry).await;
    line::<FlightMode>("mode", &telemetry).await;
    line::<Armed>("armed", &telemetry).await;
    line::<LandedState>("landed", &telemetry).await;
    line::<SystemState>("state", &telemetry).await;
    line::<Health>("health", &telemetry).await;
    line::<Estimator>("estimator", &telemetry).await;
    line::<RcChannels>("RC", &telemetry).await;
    line::<WindReport>("wind", &telemetry).await;
    line::<DistanceSensor>("distance", &telemetry).await;
    line::<ServoOutputs>("servos", &telemetry).await;
    line::<ActuatorOutputs>("actuators", &telemetry).await;
    line::<SystemTime>("time", &telemetry).await;
    line::<Hud>("head-up", &telemetry).await;
    println!("cannot be armed because: {:?}", telemetry.prearm_reasons());
    let raw = system.raw();
    println!("vibration granted: {:?}", raw.set_rate_hz::<VIBRATION_DATA>(4.0).await);
    println!("vibration: {:?}", raw.subscribe::<VIBRATION_DATA>().next().await);
    println!("attitude really at {:?} Hz", telemetry.measure_hz::<Attitude>(Seconds(3.0)).await);
    Ok(())
}
