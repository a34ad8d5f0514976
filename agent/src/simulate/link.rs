//! A byte link to a vehicle or SITL outside this program: TCP, UDP, serial. The mission's program never opens one: it has no network.
use crate::exit::RunError;
use flightsmith_toolchain::host::Host;
use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs, UdpSocket};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Longest wait in one read, so that ends are noticed.
const PATIENCE: Duration = Duration::from_millis(20);

/// Longest wait for the other side to accept a TCP connection.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// A link with both halves.
pub struct Link {
    /// As it was named.
    pub url: String,
    /// The half that reads.
    pub reader: Reader,
    /// The half that writes.
    pub writer: Writer,
}

impl Link {
    /// Opens `tcp://HOST:PORT`, `udpin://HOST:PORT`, `udpout://HOST:PORT` or `serial://DEVICE:BAUD`.
    pub fn open(url: &str, host: &Host) -> Result<Self, RunError> {
        let (reader, writer) = open(url, host)?;
        Ok(Self { url: url.to_string(), reader, writer })
    }

    /// The error of a link that fails.
    pub fn lost(&self, error: &io::Error) -> RunError {
        lost(&self.url, error)
    }
}

/// The error of a link that fails.
pub fn lost(url: &str, error: &io::Error) -> RunError {
    let why = match error.kind() {
        io::ErrorKind::UnexpectedEof => "the other side closed it".to_string(),
        _ => error.to_string(),
    };
    RunError::files(url, format!("the link was lost: {why}"))
}

/// One half of a link that reads.
pub enum Reader {
    /// TCP.
    Tcp(TcpStream),
    /// UDP; learns its peer from what comes.
    Udp(UdpSocket, Arc<Mutex<Option<SocketAddr>>>),
    /// Serial.
    Serial(File),
}

/// One half of a link that writes.
pub enum Writer {
    /// TCP.
    Tcp(TcpStream),
    /// UDP; silent until it knows its peer.
    Udp(UdpSocket, Arc<Mutex<Option<SocketAddr>>>),
    /// Serial.
    Serial(File),
}

fn open(url: &str, host: &Host) -> Result<(Reader, Writer), RunError> {
    let failed = |error: io::Error| RunError::files(url, error);
    let usage = || {
        RunError::Usage(format!(
            "{url}: not tcp://HOST:PORT, udpin://HOST:PORT, udpout://HOST:PORT or serial://DEVICE:BAUD"
        ))
    };
    let (scheme, rest) = url.split_once("://").ok_or_else(usage)?;
    match scheme {
        "tcp" => {
            let stream = connect(rest).map_err(failed)?;
            stream.set_nodelay(true).and_then(|()| stream.set_read_timeout(Some(PATIENCE))).map_err(failed)?;
            Ok((Reader::Tcp(stream.try_clone().map_err(failed)?), Writer::Tcp(stream)))
        }
        "udpin" | "udpout" => {
            let bind = if scheme == "udpin" { rest } else { "0.0.0.0:0" };
            let socket = UdpSocket::bind(bind).map_err(failed)?;
            socket.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
            let peer = if scheme == "udpout" { Some(first_address(rest).map_err(failed)?) } else { None };
            let peer = Arc::new(Mutex::new(peer));
            Ok((Reader::Udp(socket.try_clone().map_err(failed)?, Arc::clone(&peer)), Writer::Udp(socket, peer)))
        }
        "serial" => {
            let (device, baud) = rest.rsplit_once(':').ok_or_else(usage)?;
            if baud.parse::<u32>().is_err() {
                return Err(usage());
            }
            let stty =
                host.find("stty").ok_or_else(|| RunError::MissingTool { what: "stty".into(), install: vec![] })?;
            // Raw bytes; a read gives back control after 0.1 s without any.
            let args = ["-F", device, baud, "raw", "-echo", "min", "0", "time", "1"];
            let set = host.ask(&stty, &args, Duration::from_secs(5)).map_err(|error| RunError::files(device, error))?;
            if !set.success() {
                return Err(RunError::files(device, set.stderr_text().trim()));
            }
            let file = File::options().read(true).write(true).open(device).map_err(failed)?;
            Ok((Reader::Serial(file.try_clone().map_err(failed)?), Writer::Serial(file)))
        }
        _ => Err(usage()),
    }
}

fn first_address(name: &str) -> io::Result<SocketAddr> {
    let mut addresses = name.to_socket_addrs()?;
    addresses.next().ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "the name has no address"))
}

fn connect(name: &str) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in name.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, CONNECT_WITHIN) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

impl Reader {
    /// Reads what is there; `Ok(0)` where nothing came for a moment.
    pub fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = match self {
            Reader::Tcp(stream) => match stream.read(buffer) {
                Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
                other => other,
            },
            Reader::Udp(socket, peer) => socket.recv_from(buffer).map(|(count, from)| {
                if let Ok(mut peer) = peer.lock() {
                    peer.get_or_insert(from);
                }
                count
            }),
            Reader::Serial(file) => file.read(buffer),
        };
        match result {
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
                ) =>
            {
                Ok(0)
            }
            other => other,
        }
    }
}

impl Writer {
    /// Sends `bytes`, which are whole MAVLink 2 frames; one in a datagram where the link has datagrams.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Writer::Tcp(stream) => stream.write_all(bytes),
            Writer::Serial(file) => file.write_all(bytes),
            Writer::Udp(socket, peer) => match peer.lock().map(|peer| *peer) {
                // A datagram that is refused (nobody listens yet) is lost like any other.
                Ok(Some(peer)) => {
                    for datagram in datagrams(bytes) {
                        let _ = socket.send_to(datagram, peer);
                    }
                    Ok(())
                }
                _ => Ok(()),
            },
        }
    }
}

/// Each frame of `bytes` (unsigned MAVLink 2) for itself.
fn datagrams(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let length = 12 + usize::from(*bytes.get(1)?);
        let (datagram, rest) = bytes.split_at(length.min(bytes.len()));
        bytes = rest;
        Some(datagram)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datagrams_hold_a_frame_each() {
        let mut bytes = vec![0xfd, 1];
        bytes.extend([0; 11]);
        bytes.extend([0xfd, 0]);
        bytes.extend([0; 10]);
        assert_eq!(datagrams(&bytes).map(<[u8]>::len).collect::<Vec<_>>(), [13, 12]);
        assert_eq!(datagrams(&[0xfd]).count(), 0);
    }
}
