//! UDP: bound and answering whoever sends, sending to a known address, or broadcasting until somebody answers. IPv4 and IPv6.
use super::{Heard, Peer, Port, READS_AT_ONCE, address, is_passing, pollfd};
use crate::driver::LinkError;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::os::fd::AsRawFd;

/// Most addresses that are remembered: a flood of forged ones costs no more than this, and the longest silent one makes room.
const MOST_PEERS: usize = 512;

/// A UDP socket and everybody heard on it.
#[derive(Debug)]
pub(crate) struct Udp {
    socket: UdpSocket,
    /// Addresses, and when each was heard by the count of datagrams.
    peers: Vec<(SocketAddr, u64)>,
    datagrams: u64,
    /// Where to send before anybody was heard: the first of `peers`.
    knows_first: bool,
    /// The first of `peers` is a broadcast address, given up as soon as somebody answers.
    broadcasts: bool,
    /// Answers count only from this host.
    only_from: Option<IpAddr>,
}

impl Udp {
    /// Binds `HOST:PORT` and answers whoever sends.
    pub(crate) fn listen(address: &str) -> io::Result<Self> {
        Self::over(UdpSocket::bind(&address::resolve(address)?[..])?, None)
    }
    /// Sends to `HOST:PORT` from any port; follows that host where it answers from another port.
    pub(crate) fn connect(address: &str) -> io::Result<Self> {
        let peer = address::resolve(address)?[0];
        let mut udp = Self::over(UdpSocket::bind(any(&peer))?, Some(peer))?;
        udp.only_from = Some(peer.ip());
        Ok(udp)
    }
    /// Sends to a broadcast address from any port until somebody answers.
    pub(crate) fn broadcast(address: &str) -> io::Result<Self> {
        let peer = address::resolve(address)?[0];
        let socket = UdpSocket::bind(any(&peer))?;
        socket.set_broadcast(true)?;
        let mut udp = Self::over(socket, Some(peer))?;
        udp.broadcasts = true;
        Ok(udp)
    }
    fn over(socket: UdpSocket, first: Option<SocketAddr>) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        Ok(Self {
            socket,
            knows_first: first.is_some(),
            peers: first.into_iter().map(|address| (address, 0)).collect(),
            datagrams: 0,
            broadcasts: false,
            only_from: None,
        })
    }
    /// The peer with this address, made known where it is new; `None` where its words do not count.
    fn peer(&mut self, from: SocketAddr, take: &mut dyn FnMut(Peer, Heard<'_>)) -> Option<Peer> {
        if self.only_from.is_some_and(|only| only != from.ip()) {
            return None;
        }
        if core::mem::take(&mut self.broadcasts) {
            self.knows_first = false;
            take(0, Heard::Gone);
        }
        self.datagrams += 1;
        let heard = (from, self.datagrams);
        let known = self.peers.iter().position(|(peer, _)| *peer == from);
        let index = known.unwrap_or_else(|| {
            if self.peers.len() < MOST_PEERS {
                self.peers.push(heard);
                return self.peers.len() - 1;
            }
            let oldest = self.peers.iter().enumerate().min_by_key(|(_, (_, heard))| *heard);
            let oldest = oldest.map_or(0, |(index, _)| index);
            take(oldest as Peer, Heard::Gone);
            oldest
        });
        self.peers[index] = heard;
        Some(index as Peer)
    }
}

impl Port for Udp {
    fn poll_set(&self, set: &mut Vec<libc::pollfd>) {
        set.push(pollfd(self.socket.as_raw_fd(), false));
    }
    fn receive(&mut self, buffer: &mut [u8], take: &mut dyn FnMut(Peer, Heard<'_>)) -> Result<(), LinkError> {
        for _ in 0..READS_AT_ONCE {
            match self.socket.recv_from(buffer) {
                Ok((length, from)) => {
                    if let Some(peer) = self.peer(from, take) {
                        take(peer, Heard::Bytes(&buffer[..length]));
                    }
                }
                // Nobody listens at the other port yet, or no longer: for a vehicle that is silence, not the end.
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if is_passing(&error) => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
    fn send(&mut self, to: Peer, frame: &[u8]) -> Result<bool, LinkError> {
        let Some((address, _)) = self.peers.get(to as usize) else { return Ok(false) };
        match self.socket.send_to(frame, address) {
            Ok(_) => Ok(true),
            // A network that is down, a host that is away, a full buffer: the datagram is lost, as any may be.
            Err(error) if is_passing(&error) || is_lost_datagram(&error) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
    fn first_peer(&self) -> Option<Peer> {
        self.knows_first.then_some(0)
    }
}

fn any(peer: &SocketAddr) -> SocketAddr {
    let host = if peer.is_ipv4() { IpAddr::V4(Ipv4Addr::UNSPECIFIED) } else { IpAddr::V6(Ipv6Addr::UNSPECIFIED) };
    SocketAddr::new(host, 0)
}

fn is_lost_datagram(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionRefused, HostUnreachable, NetworkDown, NetworkUnreachable};
    matches!(error.kind(), ConnectionRefused | HostUnreachable | NetworkDown | NetworkUnreachable)
        || error.raw_os_error() == Some(libc::ENOBUFS)
}
