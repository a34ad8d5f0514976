//! Links on a thread of their own: flights under tokio, on plain threads, and what happens when either side stops.
mod aloft;

use aloft::{End, Fleet, vehicle, wait::wait_for};
use flightsmith_sdk::driver::{self, LinkError, MemoryLink, RunError};
use flightsmith_sdk::network::Network;
use flightsmith_sdk::prelude::*;
use flightsmith_sdk::{RequestError, System};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

const READY: Seconds = Seconds(60.0);

struct Unpark(Thread);
impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// The smallest executor there is; gives up after `limit` of wall time.
fn wait<T>(limit: Duration, future: impl Future<Output = T>) -> T {
    let (waker, until) = (Waker::from(Arc::new(Unpark(std::thread::current()))), Instant::now() + limit);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        let left = until.saturating_duration_since(Instant::now());
        assert!(!left.is_zero(), "no end within {limit:?}");
        std::thread::park_timeout(left);
    }
}

fn joined(autopilot: Autopilot, speed: f64) -> (Network, Fleet) {
    let (ours, theirs) = MemoryLink::pair().unwrap();
    let fleet = Fleet::launch(vec![(vehicle(autopilot, 1), End::Memory(theirs))], speed);
    (Network::builder().companion().memory_link(ours).spawn().unwrap(), fleet)
}

async fn hop(connection: Connection) -> Result<Vehicle<Landed>, FlightError> {
    let vehicle = connection.ready(READY).await?;
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(5.0)).await?;
    vehicle.go_to(vehicle.position().towards(Degrees(90.0), Metres(8.0))).await?;
    vehicle.land().await
}

#[test]
fn a_flight_under_tokio_on_several_threads() {
    for autopilot in [Autopilot::ArduPilot, Autopilot::Px4] {
        let (network, _fleet) = joined(autopilot, 8.0);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let landed = runtime.block_on(async {
            let connection = network.next_system(Seconds(20.0)).await.expect("a vehicle");
            tokio::time::timeout(Duration::from_secs(60), tokio::spawn(hop(connection))).await
        });
        let landed = landed.expect("ends in time").expect("does not panic");
        assert!(landed.is_ok(), "{autopilot:?}: {landed:?}");
    }
}

#[test]
fn a_flight_on_a_plain_thread() {
    let (network, _fleet) = joined(Autopilot::ArduPilot, 8.0);
    let landed = std::thread::spawn(move || {
        wait(Duration::from_secs(60), async {
            let connection = network.next_system(Seconds(20.0)).await.expect("a vehicle");
            hop(connection).await.map(drop)
        })
    });
    assert_eq!(landed.join().unwrap(), Ok(()));
}

#[test]
fn commands_do_not_wait_for_the_next_tick_of_the_link() {
    let (network, _fleet) = joined(Autopilot::ArduPilot, 1.0);
    let connection = wait(Duration::from_secs(20), network.next_system(Seconds(20.0))).expect("a vehicle");
    let sent = || network.links()[0].messages_sent;
    let before = sent();
    let started = Instant::now();
    // Asks for the first message rate before it waits for anything.
    let mut meeting = pin!(connection.system(Seconds(10.0)));
    let mut context = Context::from_waker(Waker::noop());
    assert!(meeting.as_mut().poll(&mut context).is_pending());
    wait_for("the command leaves", || sent() > before);
    assert!(started.elapsed() < Duration::from_millis(200), "{:?}", started.elapsed());
}

#[test]
fn a_mission_that_stalls_sends_nothing_more_and_looks_dead() {
    let (network, _fleet) = joined(Autopilot::ArduPilot, 1.0);
    let connection = wait(Duration::from_secs(20), network.next_system(Seconds(20.0))).expect("a vehicle");
    let mut flight = Box::pin(hop(connection.clone()));
    wait(Duration::from_secs(30), async {
        core::future::poll_fn(|context| {
            assert!(flight.as_mut().poll(context).is_pending(), "still flying");
            if connection.armed() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    });
    // Nobody polls it from here on, though the link's thread goes on.
    let sent = || network.links()[0].messages_sent;
    let mut quiet = (sent(), Instant::now());
    wait_for("silence of ours for two seconds", || {
        if sent() != quiet.0 {
            quiet = (sent(), Instant::now());
        }
        quiet.1.elapsed() > Duration::from_secs(2)
    });
    assert!(network.links()[0].silent_s.unwrap() < 1.0, "the vehicle is heard all the same");
    drop(flight);
}

#[test]
fn whoever_waits_learns_that_the_link_was_stopped() {
    let (network, _fleet) = joined(Autopilot::ArduPilot, 1.0);
    let connection = wait(Duration::from_secs(20), network.next_system(Seconds(20.0))).expect("a vehicle");
    let system: System = wait(Duration::from_secs(20), connection.system(Seconds(10.0))).unwrap();
    let sleeper = std::thread::spawn(move || wait(Duration::from_secs(30), system.sleep(Seconds(3600.0))));
    let absent = network.connection(99);
    let lonely = std::thread::spawn(move || {
        wait(Duration::from_secs(30), async { absent.system(Seconds(3600.0)).await.map(drop) })
    });
    drop(network);
    assert!(matches!(sleeper.join().unwrap(), Err(RequestError::LinkLost { .. })));
    assert!(matches!(lonely.join().unwrap(), Err(RequestError::NoHeartbeat { .. })));
    assert!(matches!(
        wait(Duration::from_secs(5), connection.ready(READY)).map(drop),
        Err(FlightError::LinkLost { .. })
    ));
}

#[test]
fn run_needs_one_error_for_link_and_call() {
    let listener = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let _fleet = Fleet::launch(vec![(vehicle(Autopilot::Px4, 1), End::udp(address))], 8.0);
    let url = format!("udpin://{address}");
    let height_m = driver::run(&url, |connection| async move {
        let vehicle = connection.ready(READY).await?.arm_and_take_off(AboveHome(4.0)).await?;
        let height_m = vehicle.altitude().0;
        drop(vehicle.land().await?);
        Ok::<_, FlightError>(height_m)
    });
    assert!((height_m.unwrap() - 4.0).abs() < 1.0);
    let nobody = driver::run("udpin://127.0.0.1:0", |connection| async move { connection.system(Seconds(0.3)).await });
    assert!(matches!(nobody, Err(RunError::Program(RequestError::NoHeartbeat { .. }))), "{nobody:?}");
}

#[test]
fn lockstep_does_not_run_in_the_background() {
    assert!(matches!(driver::spawn("stdio"), Err(LinkError::LockstepInBackground)));
    assert!(matches!(driver::spawn("carrier-pigeon:7"), Err(LinkError::UnknownUrl { .. })));
}
