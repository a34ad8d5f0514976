//! Real-time links over TCP and UDP.
use super::{Driver, LinkError, POLL_EVERY, WallClock};
use crate::Connection;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs, UdpSocket};
use std::time::Duration;

const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// Largest UDP datagram.
const BUFFER: usize = 65_536;

/// A TCP connection to the vehicle.
#[derive(Debug)]
pub struct Tcp {
    stream: TcpStream,
    clock: WallClock,
    buffer: Vec<u8>,
}

impl Tcp {
    /// Connects to `HOST:PORT`.
    ///
    /// # Errors
    /// Where nobody listens there.
    pub fn connect(address: &str) -> io::Result<Self> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in address.to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, CONNECT_WITHIN) {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    stream.set_read_timeout(Some(POLL_EVERY))?;
                    return Ok(Self { stream, clock: WallClock::start(), buffer: vec![0; BUFFER] });
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

impl Driver for Tcp {
    fn receive(&mut self, connection: &Connection) -> Result<(), LinkError> {
        let read = self.stream.read(&mut self.buffer);
        connection.set_wall_us(self.clock.now_us());
        match read {
            Ok(0) => Err(LinkError::Closed),
            Ok(length) => {
                connection.feed(&self.buffer[..length]);
                Ok(())
            }
            Err(error) if is_silence(&error) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
    fn send(&mut self, connection: &Connection) -> Result<(), LinkError> {
        let mut result = Ok(());
        connection.take_outgoing(|bytes| result = self.stream.write_all(bytes));
        Ok(result?)
    }
}

/// A UDP socket: either bound, learning its peer, or sending to a known one.
#[derive(Debug)]
pub struct Udp {
    socket: UdpSocket,
    peer: Option<SocketAddr>,
    learns: bool,
    clock: WallClock,
    buffer: Vec<u8>,
}

impl Udp {
    /// Binds `HOST:PORT` and answers whoever sent last.
    ///
    /// # Errors
    /// Where the port is taken.
    pub fn listen(address: &str) -> io::Result<Self> {
        Self::over(UdpSocket::bind(address)?, None)
    }
    /// Sends to `HOST:PORT` from any port.
    ///
    /// # Errors
    /// Where the name has no address.
    pub fn connect(address: &str) -> io::Result<Self> {
        let peer = address
            .to_socket_addrs()?
            .next()
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "the name has no address"))?;
        let any = if peer.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
        Self::over(UdpSocket::bind(any)?, Some(peer))
    }
    fn over(socket: UdpSocket, peer: Option<SocketAddr>) -> io::Result<Self> {
        socket.set_read_timeout(Some(POLL_EVERY))?;
        Ok(Self { socket, learns: peer.is_none(), peer, clock: WallClock::start(), buffer: vec![0; BUFFER] })
    }
}

impl Driver for Udp {
    fn receive(&mut self, connection: &Connection) -> Result<(), LinkError> {
        let received = self.socket.recv_from(&mut self.buffer);
        connection.set_wall_us(self.clock.now_us());
        match received {
            Ok((length, from)) => {
                if self.learns {
                    self.peer = Some(from);
                }
                connection.feed(&self.buffer[..length]);
                Ok(())
            }
            // Nobody listens at the other port yet, or no longer: for a vehicle that is silence, not the end.
            Err(error) if is_silence(&error) || error.kind() == io::ErrorKind::ConnectionRefused => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
    fn send(&mut self, connection: &Connection) -> Result<(), LinkError> {
        let Some(peer) = self.peer else { return Ok(()) };
        let mut result = Ok(());
        connection.take_outgoing(|bytes| {
            // Datagrams are cut between frames, so that a lost one loses no half frame.
            for datagram in datagrams(bytes) {
                match self.socket.send_to(datagram, peer) {
                    Ok(_) => {}
                    Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
                    Err(error) => result = Err(error),
                }
            }
        });
        Ok(result?)
    }
}

/// Each MAVLink 2 frame of `bytes` (all of them unsigned and our own) for itself.
fn datagrams(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    core::iter::from_fn(move || {
        let length = 12 + usize::from(*bytes.get(1)?);
        let (datagram, rest) = bytes.split_at(length.min(bytes.len()));
        bytes = rest;
        Some(datagram)
    })
}

fn is_silence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted)
}
