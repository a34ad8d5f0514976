//! The stand-alone simulator: real time, a multiple of it, or as fast as it goes, for any MAVLink ground station or library.
//!
//! ArduPilot's flavour listens on TCP (port 5760), any number of clients, each with its own message rates. PX4's flavour sends
//! over UDP from 18570 to 127.0.0.1:14550 (ground station) and from 14580 to 127.0.0.1:14540 (companion), and learns its peers
//! from what they send. One thread; the command line around it is the agent's.
use crate::autopilot::link::LinkProfile;
use crate::simulation::{LinkId, SimConfig, Simulation, TICK_NS};
use crate::tlog::frame_length;
use flightsmith_mission::vehicle::Autopilot;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use thiserror::Error;

/// Most clients or peers at once.
const MOST_CLIENTS: usize = 16;
/// Bytes that may wait for a slow TCP client before it is dropped.
const BACKLOG_LIMIT: usize = 1 << 20;
/// Largest datagram.
const DATAGRAM: usize = 1400;
/// A tick at real time.
const REAL_TIME: Duration = Duration::from_nanos(TICK_NS);
/// How often a server without a client looks for one.
const IDLE: Duration = Duration::from_millis(10);

/// How fast vehicle time passes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// This many seconds of vehicle time a second; 1 is real time.
    Times(f64),
    /// As fast as it goes.
    Max,
}

/// What to serve, and where.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// The vehicle and its conditions.
    pub sim: SimConfig,
    /// Vehicle time against wall time.
    pub speed: Speed,
    /// ArduPilot: where to listen.
    pub listen: SocketAddr,
    /// PX4: local port of the ground-station link and where it sends first.
    pub ground: (u16, SocketAddr),
    /// PX4: local port of the companion link and where it sends first.
    pub onboard: (u16, SocketAddr),
    /// MAVLink system id.
    pub system_id: u8,
}

impl ServerConfig {
    /// The usual ports on this machine only.
    pub fn new(sim: SimConfig) -> Self {
        Self::instance(sim, 0)
    }
    /// The ports that the real SITLs give to instance `n` of several (0 to 99), as system n + 1: ArduPilot listens on 5760 + 10 n,
    /// PX4 sends from 18570 + n to 14550 (one for all) and from 14580 + n to 14540 + n.
    pub fn instance(sim: SimConfig, n: u8) -> Self {
        let n = n.min(99);
        let local = |port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
        Self {
            sim,
            speed: Speed::Times(1.0),
            listen: local(5760 + 10 * u16::from(n)),
            ground: (18_570 + u16::from(n), local(14_550)),
            onboard: (14_580 + u16::from(n), local(14_540 + u16::from(n))),
            system_id: n + 1,
        }
    }
}

/// Why the server cannot serve.
#[derive(Debug, Error)]
pub enum ServerError {
    /// The port is taken or not allowed.
    #[error("cannot listen on {address}")]
    Bind {
        /// Where.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The socket failed while serving.
    #[error("the socket failed")]
    Socket(#[from] io::Error),
}

/// What the server did, for its caller's last line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Served {
    /// Ticks of 20 ms.
    pub ticks: u64,
    /// Clients or peers seen.
    pub clients: u64,
    /// Bytes received that were no MAVLink.
    pub skipped_bytes: u64,
}

/// Serves until `stop` is set.
pub fn serve(config: ServerConfig, stop: &AtomicBool) -> Result<Served, ServerError> {
    let mut sim = Simulation::new(config.sim.clone()).with_system_id(config.system_id);
    let mut doors: Vec<Box<dyn Door>> = match config.sim.autopilot {
        Autopilot::ArduPilot => {
            sim.close_link(0);
            vec![Box::new(TcpDoor::open(config.listen)?)]
        }
        Autopilot::Px4 => {
            let ground = sim.add_link(LinkProfile::Px4Ground);
            vec![Box::new(UdpDoor::open(config.onboard, 0)?), Box::new(UdpDoor::open(config.ground, ground)?)]
        }
    };
    let period = match config.speed {
        Speed::Times(times) if times > 0.0 => Some(Duration::from_secs_f64(TICK_NS as f64 * 1e-9 / times)),
        _ => None,
    };
    let mut served = Served::default();
    let mut due = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        for door in &mut doors {
            served.clients += door.receive(&mut sim)?;
        }
        if doors.iter().all(|door| door.waits()) {
            // Like the real SITL, vehicle time begins when the first client is there, and rests without one.
            std::thread::sleep(IDLE);
            due = Instant::now();
            continue;
        }
        sim.step();
        served.ticks += 1;
        for door in &mut doors {
            door.send(&mut sim)?;
        }
        // While nobody has answered yet, vehicle time passes as real time does: a client that is started by hand should not
        // find an empty battery.
        let lonely = served.clients == 0;
        if let Some(period) = if lonely { Some(REAL_TIME) } else { period } {
            due += period;
            let now = Instant::now();
            if due > now {
                std::thread::sleep(due - now);
            } else if now - due > Duration::from_millis(500) {
                // Far behind (a busy machine): vehicle time slows down rather than catching up in a burst.
                due = now;
            }
        }
    }
    served.skipped_bytes = (0..sim.link_count()).map(|link| sim.skipped_bytes(link)).sum();
    Ok(served)
}

/// A way in and out of the simulator.
trait Door {
    /// Takes what came; the number of new clients.
    fn receive(&mut self, sim: &mut Simulation) -> io::Result<u64>;
    /// Sends what the last tick produced.
    fn send(&mut self, sim: &mut Simulation) -> io::Result<()>;
    /// Nobody is there yet.
    fn waits(&self) -> bool;
}

struct Client {
    stream: TcpStream,
    link: LinkId,
    backlog: Vec<u8>,
    gone: bool,
}

struct TcpDoor {
    listener: TcpListener,
    clients: Vec<Client>,
}

impl TcpDoor {
    fn open(address: SocketAddr) -> Result<Self, ServerError> {
        let listener = TcpListener::bind(address).map_err(|source| ServerError::Bind { address, source })?;
        listener.set_nonblocking(true)?;
        Ok(Self { listener, clients: Vec::new() })
    }
}

impl Door for TcpDoor {
    fn receive(&mut self, sim: &mut Simulation) -> io::Result<u64> {
        let mut new = 0;
        while self.clients.len() < MOST_CLIENTS {
            let stream = match self.listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) if passing(&error) => break,
                Err(error) => return Err(error),
            };
            if stream.set_nonblocking(true).is_err() {
                continue;
            }
            // Small messages at a high rate: waiting for more to send only adds delay.
            let _without_delay = stream.set_nodelay(true);
            let link = sim.add_link(LinkProfile::Quiet);
            self.clients.push(Client { stream, link, backlog: Vec::new(), gone: false });
            new += 1;
        }
        let mut chunk = [0u8; 4096];
        for client in &mut self.clients {
            // A bounded number of reads a tick, so that one flooding client cannot stop vehicle time.
            for _ in 0..16 {
                match client.stream.read(&mut chunk) {
                    Ok(0) => client.gone = true,
                    Ok(count) => {
                        sim.feed(client.link, &chunk[..count]);
                        continue;
                    }
                    Err(error) if passing(&error) => {}
                    Err(_) => client.gone = true,
                }
                break;
            }
        }
        self.drop_gone(sim);
        Ok(new)
    }
    fn send(&mut self, sim: &mut Simulation) -> io::Result<()> {
        for client in &mut self.clients {
            client.backlog.extend_from_slice(sim.outgoing(client.link));
            while !client.backlog.is_empty() {
                match client.stream.write(&client.backlog) {
                    Ok(0) => client.gone = true,
                    Ok(count) => {
                        client.backlog.drain(..count);
                        continue;
                    }
                    Err(error) if passing(&error) => {}
                    Err(_) => client.gone = true,
                }
                break;
            }
            client.gone |= client.backlog.len() > BACKLOG_LIMIT;
        }
        self.drop_gone(sim);
        Ok(())
    }
    fn waits(&self) -> bool {
        self.clients.is_empty()
    }
}

impl TcpDoor {
    fn drop_gone(&mut self, sim: &mut Simulation) {
        self.clients.retain(|client| {
            if client.gone {
                sim.close_link(client.link);
            }
            !client.gone
        });
    }
}

struct UdpDoor {
    socket: UdpSocket,
    first: SocketAddr,
    peers: Vec<SocketAddr>,
    link: LinkId,
}

impl UdpDoor {
    fn open((port, first): (u16, SocketAddr), link: LinkId) -> Result<Self, ServerError> {
        let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
        let socket = UdpSocket::bind(address).map_err(|source| ServerError::Bind { address, source })?;
        socket.set_nonblocking(true)?;
        Ok(Self { socket, first, peers: Vec::new(), link })
    }
}

impl Door for UdpDoor {
    fn receive(&mut self, sim: &mut Simulation) -> io::Result<u64> {
        let mut datagram = [0u8; 65_536];
        let mut new = 0;
        for _ in 0..256 {
            match self.socket.recv_from(&mut datagram) {
                Ok((count, peer)) => {
                    sim.feed(self.link, &datagram[..count]);
                    if !self.peers.contains(&peer) && self.peers.len() < MOST_CLIENTS {
                        self.peers.push(peer);
                        new += 1;
                    }
                }
                Err(error) if passing(&error) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(new)
    }
    fn send(&mut self, sim: &mut Simulation) -> io::Result<()> {
        let bytes = sim.outgoing(self.link);
        let mut start = 0;
        let mut end = 0;
        while end < bytes.len() {
            let length = frame_length(&bytes[end..]).unwrap_or(bytes.len() - end);
            if end + length - start > DATAGRAM && end > start {
                self.send_datagram(&bytes[start..end]);
                start = end;
            }
            end += length;
        }
        if end > start {
            self.send_datagram(&bytes[start..end]);
        }
        Ok(())
    }
    fn waits(&self) -> bool {
        false
    }
}

impl UdpDoor {
    fn send_datagram(&mut self, bytes: &[u8]) {
        if self.peers.is_empty() {
            // Nobody need be listening there yet.
            let _unheard = self.socket.send_to(bytes, self.first);
            return;
        }
        let socket = &self.socket;
        self.peers.retain(|peer| match socket.send_to(bytes, peer) {
            Ok(_) => true,
            Err(error) => passing(&error),
        });
    }
}

/// An error that goes away by itself. A refused UDP datagram shows up at the next call and says only that nobody listened.
fn passing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::Interrupted | ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named() {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = taken.local_addr().expect("has an address");
        let error = TcpDoor::open(address).err().expect("cannot be bound twice");
        assert_eq!(error.to_string(), format!("cannot listen on {address}"));
    }
}
