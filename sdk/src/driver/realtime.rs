//! One real-time link for [`block_on`](super::block_on): its port, a clock, and whoever was heard last.
use super::port::{Heard, Peer, Port};
use super::{Driver, LinkError, POLL_EVERY, WallClock, waiting};
use crate::Connection;
use crate::wire::decoder::frames;

/// Largest UDP datagram.
const BUFFER: usize = 65_536;

/// A port with its clock.
#[derive(Debug)]
pub(crate) struct RealTime {
    port: Box<dyn Port>,
    peer: Option<Peer>,
    clock: WallClock,
    buffer: Vec<u8>,
    waits_for: Vec<libc::pollfd>,
}

impl RealTime {
    pub(crate) fn over(port: Box<dyn Port>) -> Self {
        let peer = port.first_peer();
        Self { port, peer, clock: WallClock::start(), buffer: vec![0; BUFFER], waits_for: Vec::new() }
    }
}

impl Driver for RealTime {
    fn receive(&mut self, connection: &Connection) -> Result<(), LinkError> {
        self.waits_for.clear();
        self.port.poll_set(&mut self.waits_for);
        waiting::ready_within(&mut self.waits_for, POLL_EVERY);
        connection.set_wall_us(self.clock.now_us());
        self.port.receive(&mut self.buffer, &mut |peer, heard| match heard {
            Heard::Bytes(bytes) => {
                self.peer = Some(peer);
                connection.feed(bytes);
            }
            Heard::Gone => self.peer = self.peer.filter(|known| *known != peer),
        })
    }
    fn send(&mut self, connection: &Connection) -> Result<(), LinkError> {
        let Some(peer) = self.peer else {
            // Nobody to send to. What waits would be old by the time that somebody comes.
            connection.take_outgoing(|_| {});
            return Ok(());
        };
        let mut result = Ok(());
        connection.take_outgoing(|bytes| {
            for frame in frames(bytes) {
                if result.is_ok() {
                    result = self.port.send(peer, frame).map(drop);
                }
            }
        });
        result
    }
}
