//! What a network shall be, before it starts.
use super::{Identity, Links, Network, Router, State, lock, thread};
use crate::Connection;
use crate::driver::{LinkError, MemoryLink, waiting::AlarmClock};
use crate::signing::Signing;
use std::sync::{Arc, Mutex};

/// Settings of a [`Network`]: a ground station (system 255) that reconnects, forwards nothing and signs nothing, until said otherwise.
///
/// ```
/// use flightsmith_sdk::network::Network;
/// let network = Network::builder().ids(245, 190).forwarding(true).link("udpin://127.0.0.1:0").spawn().unwrap();
/// assert_eq!(network.links().len(), 1);
/// ```
#[derive(Debug)]
pub struct NetworkBuilder {
    identity: Identity,
    reconnects: bool,
    forwards: bool,
    signing: Option<Signing>,
    urls: Vec<String>,
    ends: Vec<MemoryLink>,
    single: Option<Connection>,
}

impl Default for NetworkBuilder {
    fn default() -> Self {
        Self {
            identity: Identity::GROUND_STATION,
            reconnects: true,
            forwards: false,
            signing: None,
            urls: Vec::new(),
            ends: Vec::new(),
            single: None,
        }
    }
}

impl NetworkBuilder {
    /// Speaks as this system and component.
    ///
    /// ```
    /// use flightsmith_sdk::network::Network;
    /// let network = Network::builder().ids(254, 190).spawn()?;
    /// # drop(network);
    /// # Ok::<(), flightsmith_sdk::driver::LinkError>(())
    /// ```
    #[must_use]
    pub fn ids(mut self, system: u8, component: u8) -> Self {
        self.identity = Identity { system: Some(system), component };
        self
    }
    /// Speaks to each vehicle as its own onboard computer (component 191 of the vehicle's system).
    ///
    /// ```no_run
    /// use flightsmith_sdk::network::Network;
    /// let network = Network::builder().companion().link("serial:///dev/ttyAMA0:921600").spawn()?;
    /// # drop(network);
    /// # Ok::<(), flightsmith_sdk::driver::LinkError>(())
    /// ```
    #[must_use]
    pub fn companion(mut self) -> Self {
        self.identity = Identity::COMPANION;
        self
    }
    /// Whether links that end are opened again, after 0.2 s at first and at most 5 s.
    ///
    /// ```no_run
    /// use flightsmith_sdk::network::Network;
    /// // A link that cannot be had now is an error then.
    /// let network = Network::builder().reconnecting(false).link("tcp://127.0.0.1:5760").spawn()?;
    /// # drop(network);
    /// # Ok::<(), flightsmith_sdk::driver::LinkError>(())
    /// ```
    #[must_use]
    pub fn reconnecting(mut self, reconnects: bool) -> Self {
        self.reconnects = reconnects;
        self
    }
    /// Whether what comes over one link goes to those on the others whom it concerns, as mavlink-router does: broadcasts to all,
    /// the rest to where its addressee was heard, never back to where its sender was. Frames pass as they are, signatures included.
    ///
    /// ```no_run
    /// use flightsmith_sdk::network::Network;
    /// // A ground station on UDP sees the vehicle on the serial line.
    /// let router = Network::builder()
    ///     .forwarding(true)
    ///     .link("serial:///dev/ttyAMA0:921600")
    ///     .link("udpout://192.168.1.10:14550")
    ///     .spawn()?;
    /// # drop(router);
    /// # Ok::<(), flightsmith_sdk::driver::LinkError>(())
    /// ```
    #[must_use]
    pub fn forwarding(mut self, forwards: bool) -> Self {
        self.forwards = forwards;
        self
    }
    /// Signs what leaves and takes only what is signed with the same key. Link n signs as link id n beyond `signing`'s.
    ///
    /// ```no_run
    /// use flightsmith_sdk::{network::Network, signing::Signing};
    /// let signing = Signing::from_files("/etc/flightsmith/mavlink.key", "/var/lib/flightsmith/mavlink.timestamp", 0)?;
    /// let network = Network::builder().signing(signing).link("udpin://0.0.0.0:14550").spawn()?;
    /// # drop(network);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn signing(mut self, signing: Signing) -> Self {
        self.signing = Some(signing);
        self
    }
    /// Adds a link, see [`open`](crate::driver::open) for URLs.
    ///
    /// ```no_run
    /// use flightsmith_sdk::network::Network;
    /// let network = Network::builder().link("udpin://0.0.0.0:14550").link("tcpin://0.0.0.0:5790").spawn()?;
    /// assert_eq!(network.links().len(), 2);
    /// # Ok::<(), flightsmith_sdk::driver::LinkError>(())
    /// ```
    #[must_use]
    pub fn link(mut self, url: &str) -> Self {
        self.urls.push(url.to_owned());
        self
    }
    /// Adds one end of a link within this process.
    ///
    /// ```
    /// use flightsmith_sdk::{driver::MemoryLink, network::Network};
    /// let (ours, _the_simulator_s) = MemoryLink::pair()?;
    /// let network = Network::builder().memory_link(ours).spawn()?;
    /// assert_eq!(network.links()[0].url, "memory");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn memory_link(mut self, end: MemoryLink) -> Self {
        self.ends.push(end);
        self
    }
    /// One connection that hears everything, instead of one for each vehicle.
    pub(super) fn single(mut self, connection: Connection) -> Self {
        self.single = Some(connection);
        self
    }

    /// Opens the links and starts the thread. Links that cannot be connected yet are tried again and again.
    ///
    /// # Errors
    /// A URL that is none, a port that is taken, a link in lockstep, no thread to be had; without reconnection also a link that
    /// cannot be connected now.
    ///
    /// ```
    /// use flightsmith_sdk::{driver::LinkError, network::Network};
    /// let lockstep = Network::builder().link("stdio").spawn();
    /// assert!(matches!(lockstep, Err(LinkError::LockstepInBackground)));
    /// ```
    pub fn spawn(self) -> Result<Network, LinkError> {
        let clock = AlarmClock::new()?;
        let alarm = clock.alarm();
        let mut links = Links::new(self.reconnects, Arc::clone(&alarm));
        for end in self.ends {
            links.add_memory(end);
        }
        for url in &self.urls {
            links.add(url)?;
        }
        let mut router = Router::new(self.identity, self.forwards, Arc::clone(&alarm).into());
        router.set_signing(self.signing);
        if let Some(connection) = self.single {
            router.add_single(connection);
        }
        let state = Arc::new(Mutex::new(State { links, router, waiting: Vec::new(), stopped: false }));
        let for_thread = Arc::clone(&state);
        let thread = std::thread::Builder::new().name("mavlink".to_owned()).spawn(move || {
            let _ends_all = Ending(Arc::clone(&for_thread));
            thread::run(&for_thread, clock);
        })?;
        Ok(Network { state, alarm, thread: Some(thread) })
    }
}

/// Whatever ends the thread, a panic included, nobody goes on waiting for it.
struct Ending(Arc<Mutex<State>>);

impl Drop for Ending {
    fn drop(&mut self) {
        let mut state = lock(&self.0);
        state.stopped = true;
        state.links.close_all();
        state.router.close();
        for waker in state.waiting.drain(..) {
            waker.wake();
        }
    }
}
