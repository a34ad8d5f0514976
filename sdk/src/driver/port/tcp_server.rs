//! TCP where the others connect to us: ground stations, or vehicles that are clients.
use super::tcp::Tcp;
use super::{Heard, Peer, Port, address, is_passing, pollfd};
use crate::driver::LinkError;
use std::io;
use std::net::TcpListener;
use std::os::fd::AsRawFd;

/// Most clients at once.
const MOST_CLIENTS: usize = 128;

/// A listening socket and its clients.
#[derive(Debug)]
pub(crate) struct TcpServer {
    listener: TcpListener,
    clients: Vec<(Peer, Tcp)>,
    accepted: Peer,
}

impl TcpServer {
    /// Listens on `HOST:PORT`.
    pub(crate) fn listen(address: &str) -> io::Result<Self> {
        let listener = TcpListener::bind(&address::resolve(address)?[..])?;
        listener.set_nonblocking(true)?;
        Ok(Self { listener, clients: Vec::new(), accepted: 0 })
    }
    /// Takes in who waits at the door; an empty word makes a new client known, so that it is sent to before it speaks.
    fn accept(&mut self, take: &mut dyn FnMut(Peer, Heard<'_>)) -> Result<(), LinkError> {
        while self.clients.len() < MOST_CLIENTS {
            match self.listener.accept() {
                Ok((stream, _)) => {
                    if let Ok(client) = Tcp::over(stream) {
                        self.clients.push((self.accepted, client));
                        take(self.accepted, Heard::Bytes(&[]));
                        self.accepted = self.accepted.wrapping_add(1);
                    }
                }
                Err(error) if is_passing(&error) => break,
                // Gone again before it was let in.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

impl Port for TcpServer {
    fn poll_set(&self, set: &mut Vec<libc::pollfd>) {
        set.push(pollfd(self.listener.as_raw_fd(), false));
        for (_, client) in &self.clients {
            client.poll_set(set);
        }
    }
    fn receive(&mut self, buffer: &mut [u8], take: &mut dyn FnMut(Peer, Heard<'_>)) -> Result<(), LinkError> {
        self.accept(take)?;
        self.clients.retain_mut(|(peer, client)| {
            let alive = client.receive(buffer, &mut |_, heard| take(*peer, heard)).is_ok();
            if !alive {
                take(*peer, Heard::Gone);
            }
            alive
        });
        Ok(())
    }
    fn send(&mut self, to: Peer, frame: &[u8]) -> Result<bool, LinkError> {
        let client = self.clients.iter_mut().find(|(peer, _)| *peer == to);
        // A client that is gone is noticed when reading.
        Ok(client.is_some_and(|(_, client)| client.send(0, frame).unwrap_or(false)))
    }
    fn first_peer(&self) -> Option<Peer> {
        None
    }
}
