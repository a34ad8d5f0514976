//! What links and systems have carried and lost, as plain numbers.
use crate::network::LinkId;
use crate::wire::decoder::LinkStatistics;

/// What a link has carried since it was added.
///
/// ```
/// use flightsmith_sdk::network::Network;
/// /// One line a link, for a status page.
/// fn show(network: &Network) {
///     for link in network.links() {
///         let state = if link.is_up { "up" } else { "down" };
///         println!("{} {state}, {} frames in, {} out", link.url, link.received.messages_received, link.messages_sent);
///     }
/// }
/// # show(&Network::builder().spawn().unwrap());
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LinkReport {
    /// The link.
    pub id: LinkId,
    /// Its URL; `memory` for a link within the process.
    pub url: String,
    /// Whether it is open now.
    pub is_up: bool,
    /// How often it was opened again after it had ended.
    pub reconnects: u64,
    /// Why it ended or could not be opened the last time, if it ever did.
    pub last_error: Option<String>,
    /// Senders heard on it: UDP addresses, TCP clients.
    pub peers: usize,
    /// What came.
    pub received: LinkStatistics,
    /// Frames sent.
    pub messages_sent: u64,
    /// Bytes sent.
    pub bytes_sent: u64,
    /// Frames that could not leave because the line was full or down.
    pub messages_dropped: u64,
    /// Frames that had already come over another link (a loop between routers).
    pub messages_repeated: u64,
    /// Seconds since anything valid was heard; `None` before.
    pub silent_s: Option<f64>,
}

/// What was heard of a component of a system, on one link.
///
/// ```
/// use flightsmith_sdk::network::Network;
/// /// Who is there, and how much of it gets lost.
/// fn show(network: &Network) {
///     for heard in network.heard() {
///         println!("{}/{}: {} frames, {} lost", heard.system, heard.component, heard.messages_received, heard.messages_lost);
///     }
/// }
/// # show(&Network::builder().spawn().unwrap());
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct SystemReport {
    /// MAVLink system id.
    pub system: u8,
    /// MAVLink component id.
    pub component: u8,
    /// Where it was heard.
    pub link: LinkId,
    /// Frames received.
    pub messages_received: u64,
    /// Frames missing by their sequence numbers.
    pub messages_lost: u64,
    /// Seconds since it was heard.
    pub silent_s: f64,
}
