//! Many links and many vehicles in one process: one thread moves all bytes, each vehicle has a [`Connection`] of its own.
//!
//! [`spawn`] is the short form for one link and one vehicle. The calls are awaited under any runtime or on plain threads: the link
//! thread only wakes them. The dead man's switch holds here too: set-points leave only while the program that flies is polled, and
//! when it has stalled the thread sends no heartbeat in its name any more.
//!
//! `router` decides which bytes go where (no sockets), `links` opens, closes and reopens, `thread` waits and moves.
mod addressee;
mod builder;
mod links;
mod report;
mod router;
mod running;
mod thread;

pub use builder::NetworkBuilder;
pub use report::{LinkReport, SystemReport};
pub use running::{RunningLink, spawn};

use crate::Connection;
use crate::driver::{LinkError, MemoryLink, waiting::Alarm};
use crate::session::Identity;
use core::future::poll_fn;
use core::task::Poll;
use flightsmith_mission::units::Seconds;
use links::Links;
use router::Router;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A link of a network, by the order in which they were added.
///
/// ```
/// use flightsmith_sdk::network::{LinkId, Network};
/// let network = Network::builder().spawn()?;
/// let radio: LinkId = network.add_link("udpin://127.0.0.1:0")?;
/// assert_eq!(network.links()[0].id, radio);
/// # Ok::<(), flightsmith_sdk::driver::LinkError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkId(pub(crate) usize);

/// What the thread and the handles share.
#[derive(Debug)]
struct State {
    links: Links,
    router: Router,
    waiting: Vec<Waker>,
    stopped: bool,
}

/// Links and vehicles that are kept alive by one thread, until this is dropped.
///
/// ```no_run
/// use flightsmith_sdk::{RequestError, network::Network, units::Seconds};
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let network = Network::builder().link("udpin://0.0.0.0:14550").link("serial:///dev/ttyUSB0:57600").spawn()?;
/// while let Some(connection) = network.next_system(Seconds(10.0)).await {
///     let system = connection.system(Seconds(10.0)).await?;
///     println!("met {:?} {}", system.autopilot(), system.system_id());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Network {
    state: Arc<Mutex<State>>,
    alarm: Arc<Alarm>,
    thread: Option<JoinHandle<()>>,
}

impl Network {
    /// Says what the network shall be: [`NetworkBuilder::spawn`] starts it.
    ///
    /// ```
    /// use flightsmith_sdk::network::Network;
    /// let network = Network::builder().link("udpin://127.0.0.1:0").spawn()?;
    /// # drop(network);
    /// # Ok::<(), flightsmith_sdk::driver::LinkError>(())
    /// ```
    pub fn builder() -> NetworkBuilder {
        NetworkBuilder::default()
    }
    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Adds a link, see [`open`](crate::driver::open) for URLs. Where it cannot be connected yet, it is tried again and again.
    ///
    /// # Errors
    /// A URL that is none, a port that is taken, a link in lockstep.
    ///
    /// ```
    /// use flightsmith_sdk::network::Network;
    /// let network = Network::builder().spawn()?;
    /// network.add_link("udpin://127.0.0.1:0")?;
    /// assert!(network.add_link("stdio").is_err(), "lockstep needs a program on the same thread");
    /// # Ok::<(), flightsmith_sdk::driver::LinkError>(())
    /// ```
    pub fn add_link(&self, url: &str) -> Result<LinkId, LinkError> {
        let id = self.state().links.add(url)?;
        self.alarm.ring();
        Ok(id)
    }
    /// Adds one end of a link within this process.
    ///
    /// ```
    /// use flightsmith_sdk::{driver::MemoryLink, network::Network};
    /// let network = Network::builder().spawn()?;
    /// let (ours, _theirs) = MemoryLink::pair()?;
    /// let link = network.add_memory_link(ours);
    /// assert_eq!(network.links()[0].id, link);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_memory_link(&self, end: MemoryLink) -> LinkId {
        let id = self.state().links.add_memory(end);
        self.alarm.ring();
        id
    }
    /// The connection of the vehicle with this system id, which need not be there yet: `connection.system(limit)` waits for it.
    ///
    /// ```
    /// # use flightsmith_sdk::network::Network;
    /// let network = Network::builder().spawn().unwrap();
    /// let seven = network.connection(7);
    /// assert!(seven.autopilot().is_none(), "nobody was heard yet");
    /// ```
    pub fn connection(&self, system_id: u8) -> Connection {
        self.state().router.connection(system_id)
    }
    /// The connections of all vehicles heard so far, by system id.
    ///
    /// ```
    /// use flightsmith_sdk::network::Network;
    /// let network = Network::builder().link("udpin://127.0.0.1:0").spawn()?;
    /// for connection in network.systems() {
    ///     println!("{:?} in {}", connection.system_id(), connection.mode_name());
    /// }
    /// # Ok::<(), flightsmith_sdk::driver::LinkError>(())
    /// ```
    pub fn systems(&self) -> Vec<Connection> {
        self.state().router.systems()
    }
    /// The next vehicle that was heard for the first time, each once; `None` where none comes within `limit` of wall time.
    ///
    /// ```no_run
    /// use flightsmith_sdk::{network::Network, units::Seconds};
    /// # async fn example(network: &Network) {
    /// match network.next_system(Seconds(5.0)).await {
    ///     Some(connection) => println!("met {:?}", connection.system_id()),
    ///     None => println!("nobody new in 5 s"),
    /// }
    /// # }
    /// ```
    pub async fn next_system(&self, limit: Seconds) -> Option<Connection> {
        let deadline = Instant::now() + Duration::from_secs_f64(limit.0.clamp(0.0, 1e9));
        poll_fn(|context| {
            let mut state = self.state();
            if let Some(connection) = state.router.take_discovered() {
                return Poll::Ready(Some(connection));
            }
            if state.stopped || Instant::now() >= deadline {
                return Poll::Ready(None);
            }
            if !state.waiting.iter().any(|kept| kept.will_wake(context.waker())) {
                state.waiting.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await
    }
    /// What each link has carried, in the order in which they were added.
    ///
    /// ```
    /// # use flightsmith_sdk::network::Network;
    /// let network = Network::builder().link("udpin://127.0.0.1:0").spawn().unwrap();
    /// let report = &network.links()[0];
    /// assert!(report.is_up && report.received.bytes_received == 0);
    /// ```
    pub fn links(&self) -> Vec<LinkReport> {
        let state = self.state();
        state.links.reports(&state.router)
    }
    /// What was heard from each system, vehicles and ground stations alike.
    ///
    /// ```
    /// use flightsmith_sdk::network::Network;
    /// let network = Network::builder().link("udpin://127.0.0.1:0").spawn()?;
    /// assert!(network.heard().is_empty(), "nobody was heard yet");
    /// # Ok::<(), flightsmith_sdk::driver::LinkError>(())
    /// ```
    pub fn heard(&self) -> Vec<SystemReport> {
        let state = self.state();
        state.router.heard(state.links.now_us())
    }
    /// Signs what leaves from now on, and takes nothing that is not signed with the same key; `None` ends that.
    ///
    /// ```
    /// use flightsmith_sdk::network::Network;
    /// let network = Network::builder().link("udpin://127.0.0.1:0").spawn()?;
    /// // Unsigned from now on, and everybody is listened to.
    /// network.set_signing(None);
    /// # Ok::<(), flightsmith_sdk::driver::LinkError>(())
    /// ```
    pub fn set_signing(&self, signing: Option<crate::signing::Signing>) {
        self.state().router.set_signing(signing);
    }
}

impl Drop for Network {
    /// Stops the thread and closes all links; whoever still waits for a vehicle learns that the link is lost.
    fn drop(&mut self) {
        self.state().stopped = true;
        self.alarm.ring();
        if let Some(thread) = self.thread.take() {
            // Its end is all that is waited for; a panic in it has been reported where it happened.
            let _ended = thread.join();
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    // As for the core: plain values, whole at any time.
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
