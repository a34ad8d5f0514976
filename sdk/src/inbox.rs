//! Messages set aside for whoever waits for them: bounded queues, allocated when listening begins, never while receiving.
use crate::session::Link;
use crate::telemetry::Micros;
use crate::wire::decoder::Frame;
use crate::wire::payload::Payload;
use alloc::{collections::VecDeque, vec::Vec};
use core::{future::poll_fn, task::Poll};
use mavlink::{MavlinkVersion, MessageData, error::ParserError};

/// Longest MAVLink payload.
const PAYLOAD: usize = 255;

/// Most messages that a queue keeps, whatever its owner asks for: 20 of them take 5 KB, a third of a microcontroller's heap.
const MOST_UNREAD: usize = if cfg!(feature = "std") { usize::MAX } else { 20 };

/// A message as it came: owned, undecoded.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # use flightsmith_sdk::{Received, units::Seconds};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let mut everything = system.raw().subscribe_ids(&[]);
/// let message: Received = everything.next_within(Seconds(1.0)).await?;
/// println!("{} from {}/{}", message.id, message.system, message.component);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Received {
    /// MAVLink message id.
    pub id: u32,
    /// Sender's system id.
    pub system: u8,
    /// Sender's component id.
    pub component: u8,
    /// Vehicle time of its arrival, in microseconds.
    pub at_us: Micros,
    length: u8,
    bytes: [u8; PAYLOAD],
}

impl Received {
    pub(crate) fn new(frame: &Frame<'_>, at_us: Micros) -> Self {
        let mut bytes = [0; PAYLOAD];
        let length = frame.payload.len().min(PAYLOAD);
        bytes[..length].copy_from_slice(&frame.payload[..length]);
        Self { id: frame.id, system: frame.system, component: frame.component, at_us, length: length as u8, bytes }
    }
    /// The payload as sent: MAVLink 2 drops trailing zeros.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::units::Seconds;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// // TUNNEL, whose bytes mean what its two ends have agreed.
    /// let mut frames = system.raw().subscribe_ids(&[385]);
    /// println!("{:x?}", frames.next_within(Seconds(5.0)).await?.payload());
    /// # Ok(())
    /// # }
    /// ```
    pub fn payload(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }
    pub(crate) fn fields(&self) -> Payload<'_> {
        Payload(self.payload())
    }
    /// The message as the dialect types it.
    ///
    /// # Errors
    /// Where it is another message than `D`, or carries an enum value that the dialect does not know.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::{capability::raw::dialect::{ATTITUDE_DATA, VFR_HUD_DATA}, units::Seconds};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut frames = system.raw().subscribe_ids(&[30, 74]);
    /// let received = frames.next_within(Seconds(2.0)).await?;
    /// if let Ok(attitude) = received.decode::<ATTITUDE_DATA>() {
    ///     println!("{:.2} rad", attitude.roll);
    /// } else if let Ok(hud) = received.decode::<VFR_HUD_DATA>() {
    ///     println!("{:.1} m/s", hud.groundspeed);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn decode<D: MessageData>(&self) -> Result<D, ParserError> {
        if self.id != D::ID {
            return Err(ParserError::UnknownMessage { id: self.id });
        }
        D::deser(MavlinkVersion::V2, self.payload())
    }
}

/// One listener's queue.
#[derive(Debug)]
struct Slot {
    number: u64,
    /// Message ids; empty listens to all.
    ids: Vec<u32>,
    queue: VecDeque<Received>,
    capacity: usize,
    dropped: u64,
}

/// All listeners of a connection.
#[derive(Debug, Default)]
pub(crate) struct Inboxes {
    slots: Vec<Slot>,
    opened: u64,
}

impl Inboxes {
    pub(crate) fn open(&mut self, ids: &[u32], capacity: usize) -> u64 {
        self.opened += 1;
        let capacity = capacity.clamp(1, MOST_UNREAD);
        self.slots.push(Slot {
            number: self.opened,
            ids: ids.to_vec(),
            queue: VecDeque::with_capacity(capacity),
            capacity,
            dropped: 0,
        });
        self.opened
    }
    pub(crate) fn close(&mut self, number: u64) {
        self.slots.retain(|slot| slot.number != number);
    }
    pub(crate) fn wants(&self, id: u32) -> bool {
        self.slots.iter().any(|slot| slot.ids.is_empty() || slot.ids.contains(&id))
    }
    pub(crate) fn put(&mut self, received: &Received) {
        for slot in &mut self.slots {
            if !slot.ids.is_empty() && !slot.ids.contains(&received.id) {
                continue;
            }
            // The newest counts: who reads too slowly loses the oldest, and can see how many.
            if slot.queue.len() == slot.capacity {
                slot.queue.pop_front();
                slot.dropped += 1;
            }
            slot.queue.push_back(*received);
        }
    }
    fn slot(&mut self, number: u64) -> Option<&mut Slot> {
        self.slots.iter_mut().find(|slot| slot.number == number)
    }
}

/// A queue of the messages that its owner waits for; listening ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Inbox {
    link: Link,
    number: u64,
}

impl Inbox {
    pub(crate) fn open(link: &Link, ids: &[u32], capacity: usize) -> Self {
        Self { link: link.clone(), number: link.with(|core| core.inboxes.open(ids, capacity)) }
    }
    /// The oldest message not read yet.
    pub(crate) fn take(&self) -> Option<Received> {
        self.link.with(|core| core.inboxes.slot(self.number)?.queue.pop_front())
    }
    /// How many messages were lost because they were not read in time.
    pub(crate) fn dropped(&self) -> u64 {
        self.link.with(|core| core.inboxes.slot(self.number).map_or(0, |slot| slot.dropped))
    }
    /// The next message, or `None` when vehicle time reaches `deadline_us` or the link has been silent for too long.
    pub(crate) async fn next_before(&self, deadline_us: Micros) -> Option<Received> {
        poll_fn(|context| {
            if let Some(received) = self.take() {
                return Poll::Ready(Some(received));
            }
            if self.link.now_us() >= deadline_us || self.link.is_lost() {
                return Poll::Ready(None);
            }
            self.link.keep_waker(context.waker());
            Poll::Pending
        })
        .await
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        self.link.with(|core| core.inboxes.close(self.number));
    }
}
