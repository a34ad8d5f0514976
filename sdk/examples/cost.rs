//! What receiving costs: CPU time of the client's thread alone while the embedded simulator sends the whole telemetry over UDP at
//! real time, and how many messages a second are read. `cargo run --release -p flightsmith-sdk --example cost -- VEHICLE.toml`;
//! `cargo xtask bench sdk` runs it.
#![expect(clippy::print_stdout, reason = "an example prints what it finds")]
use flightsmith_mission::{geodesy::Home, vehicle::Vehicle as VehicleFile};
use flightsmith_sdk::capability::telemetry::*;
use flightsmith_sdk::wire::decoder::Decoder;
use flightsmith_sdk::{Autopilot, Connection, RequestError, System, driver, prelude::*};
use flightsmith_sim::{Scenario, SimConfig, server};
use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc as Counted;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Instant;

/// Where the simulator sends to; unusual, so that nobody else's simulator is listened to.
const PORT: u16 = 26_457;
const RATE_HZ: f64 = 50.0;
const MEASURE: Seconds = Seconds(20.0);

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("which vehicle file? (agent/vehicles/quad.toml)")?;
    let vehicle: VehicleFile = toml::from_str(&std::fs::read_to_string(file)?)?;
    throughput();
    let scenario = Scenario::nominal();
    let autopilot = Autopilot::Px4;
    let sim = SimConfig { vehicle, autopilot, home: Home::default(), seed: 1, scenario, warm_start: true };
    let mut config = server::ServerConfig::new(sim);
    config.ground = (PORT + 1, ([127, 0, 0, 1], PORT).into());
    config.onboard = (PORT + 2, ([127, 0, 0, 1], PORT + 3).into());
    let stop = Counted::new(AtomicBool::new(false));
    let stopping = Counted::clone(&stop);
    let serving = std::thread::spawn(move || server::serve(config, &stopping).map(drop));
    let measured = client();
    stop.store(true, Ordering::Relaxed);
    serving.join().map_err(|_| "the simulator panicked")??;
    measured
}

fn client() -> Result<(), Box<dyn Error>> {
    let connection = Connection::ground_station();
    let mut link = driver::open(&format!("udpin://127.0.0.1:{PORT}"))?;
    let connecting = async {
        let system = connection.system(Seconds(20.0)).await?;
        let outcomes = system.telemetry().set_every_rate_hz(RATE_HZ).await?;
        Ok::<_, RequestError>((system, outcomes.iter().filter(|(_, outcome)| outcome.is_ok()).count()))
    };
    let (system, granted) = driver::block_on(link.as_mut(), &connection, connecting)??;
    let (before, cpu, wall) = (connection.statistics(), cpu_s(), Instant::now());
    let values = driver::block_on(link.as_mut(), &connection, read_everything(&system))?;
    let (after, cpu, wall) = (connection.statistics(), cpu_s() - cpu, wall.elapsed().as_secs_f64());
    let messages = (after.messages_received - before.messages_received) as f64;
    println!(
        "{granted} messages at {RATE_HZ} Hz over UDP for {wall:.1} s: {:.0} messages/s, {:.0} values/s read, {:.2} % of a core",
        messages / wall,
        values as f64 / wall,
        100.0 * cpu / wall
    );
    Ok(())
}

/// Reads the streams of all that a program may want at once; how many values.
async fn read_everything(system: &System) -> u64 {
    async fn count<Q: Quantity>(system: &System) -> u64 {
        let (mut updates, until) = (system.telemetry().stream::<Q>(), system.telemetry().time() + MEASURE);
        let mut count = 0;
        while system.telemetry().time() < until {
            count += u64::from(updates.next_within(Seconds(1.0)).await.is_ok());
        }
        count
    }
    type Counting<'a> = Pin<Box<dyn Future<Output = u64> + 'a>>;
    let mut all: Vec<Counting<'_>> = vec![
        Box::pin(count::<Position>(system)),
        Box::pin(count::<LocalPosition>(system)),
        Box::pin(count::<Attitude>(system)),
        Box::pin(count::<AttitudeQuaternion>(system)),
        Box::pin(count::<Gps>(system)),
        Box::pin(count::<Battery>(system)),
        Box::pin(count::<FlightMode>(system)),
        Box::pin(count::<LandedState>(system)),
        Box::pin(count::<Health>(system)),
        Box::pin(count::<Estimator>(system)),
        Box::pin(count::<RcChannels>(system)),
        Box::pin(count::<ServoOutputs>(system)),
        Box::pin(count::<SystemTime>(system)),
        Box::pin(count::<Hud>(system)),
    ];
    let mut values = 0;
    std::future::poll_fn(|context| {
        all.retain_mut(|counting| match counting.as_mut().poll(context) {
            Poll::Ready(count) => {
                values += count;
                false
            }
            Poll::Pending => true,
        });
        if all.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    values
}

/// Recorded frames, again and again: framing and checksums alone, and with all that a connection makes of them.
fn throughput() {
    let recorded =
        [include_bytes!("../tests/data/ardupilot.bin").as_slice(), include_bytes!("../tests/data/px4.bin")].concat();
    let bytes = recorded.repeat(500);
    let started = Instant::now();
    let (mut decoder, mut rest) = (Decoder::default(), bytes.as_slice());
    while !rest.is_empty() {
        rest = &rest[decoder.push(rest)..];
        while decoder.next_frame().is_some() {}
    }
    let per_s = decoder.statistics.messages_received as f64 / started.elapsed().as_secs_f64();
    println!("frames and checksums: {:.2} million messages/s", per_s * 1e-6);
    let connection = Connection::ground_station();
    let started = Instant::now();
    for portion in bytes.chunks(1400) {
        connection.feed(portion);
    }
    let per_s = connection.statistics().messages_received as f64 / started.elapsed().as_secs_f64();
    println!("with all that a connection keeps of them: {:.2} million messages/s", per_s * 1e-6);
}

/// CPU time of this thread in seconds.
fn cpu_s() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is valid for writing.
    #[expect(unsafe_code, reason = "the standard library has no thread clock")]
    let result = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    assert_eq!(result, 0, "every Linux has this clock");
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}
