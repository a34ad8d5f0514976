//! Simulated vehicles that fly by themselves at the other end of a link, on one thread for all of them, as fast as is said.
pub mod wait;

use flightsmith_mission::{geodesy::Home, vehicle::Vehicle as VehicleFile};
use flightsmith_sdk::Autopilot;
use flightsmith_sdk::driver::MemoryLink;
use flightsmith_sim::{LinkProfile, Scenario, SimConfig, Simulation, TICK_NS};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A link of a simulated vehicle, seen from the vehicle.
pub enum End {
    Memory(MemoryLink),
    Udp(UdpSocket, SocketAddr),
}

impl End {
    /// A UDP socket of its own that sends to `to`.
    pub fn udp(to: SocketAddr) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        socket.set_nonblocking(true).expect("a socket");
        Self::Udp(socket, to)
    }
    fn read(&mut self, buffer: &mut [u8]) -> Option<usize> {
        let read = match self {
            Self::Memory(end) => end.read(buffer),
            Self::Udp(socket, _) => socket.recv(buffer),
        };
        match read {
            Ok(length) => Some(length).filter(|length| *length > 0),
            Err(error) if error.kind() == ErrorKind::WouldBlock || error.kind() == ErrorKind::ConnectionRefused => None,
            Err(error) => panic!("{error}"),
        }
    }
    fn write(&mut self, bytes: &[u8]) {
        match self {
            // The other end may be gone, or slow: a radio would lose it, too.
            Self::Memory(end) => drop(end.write(bytes)),
            Self::Udp(socket, to) => bytes.chunks(1400).for_each(|datagram| drop(socket.send_to(datagram, *to))),
        }
    }
}

/// A vehicle with this system id, ready to be armed.
pub fn vehicle(autopilot: Autopilot, system_id: u8) -> Simulation {
    let vehicle: VehicleFile =
        toml::from_str(include_str!("../../../agent/vehicles/quad.toml")).expect("the vehicle file");
    let (home, scenario) = (Home::default(), Scenario::nominal());
    let config = SimConfig { vehicle, autopilot, home, seed: u64::from(system_id), scenario, warm_start: true };
    let mut sim = Simulation::new(config).with_system_id(system_id);
    if autopilot == Autopilot::ArduPilot {
        // As the real one on a serial port: nothing is streamed unasked.
        sim.close_link(0);
        assert_eq!(sim.add_link(LinkProfile::Quiet), 1);
    }
    sim
}

/// Vehicles being simulated until this is dropped.
pub struct Fleet {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Fleet {
    /// Runs `vehicles` at `speed` times real time.
    pub fn launch(mut vehicles: Vec<(Simulation, End)>, speed: f64) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let period = Duration::from_secs_f64(TICK_NS as f64 * 1e-9 / speed);
        let thread = std::thread::spawn(move || {
            let (mut due, mut buffer) = (Instant::now(), vec![0; 65_536]);
            while !stopped.load(Ordering::Relaxed) {
                for (sim, end) in &mut vehicles {
                    let link = usize::from(sim.autopilot() == Autopilot::ArduPilot);
                    while let Some(length) = end.read(&mut buffer) {
                        sim.feed(link, &buffer[..length]);
                    }
                    sim.step();
                    end.write(sim.outgoing(link));
                }
                due += period;
                let now = Instant::now();
                if due > now {
                    std::thread::sleep(due - now);
                } else if now > due + Duration::from_millis(200) {
                    due = now;
                }
            }
        });
        Self { stop, thread: Some(thread) }
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking(), "the simulators' thread panicked");
        }
    }
}
