//! Joins links as mavlink-router does: what comes over one goes to those on the others whom it concerns. Prints counters.
//!
//! ```text
//! cargo run -p flightsmith-sdk --example router -- serial:///dev/ttyACM0:115200 udpout://192.168.1.20:14550 tcpin://0.0.0.0:5760
//! ```
use flightsmith_sdk::network::Network;
use std::io::Write;
use std::time::Duration;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let links: Vec<String> = std::env::args().skip(1).collect();
    if links.len() < 2 {
        return Err("usage: router URL URL ..".into());
    }
    let builder = Network::builder().ids(246, 190).forwarding(true);
    let network = links.iter().fold(builder, |builder, url| builder.link(url)).spawn()?;
    loop {
        std::thread::sleep(Duration::from_secs(1));
        for link in network.links() {
            let state = if link.is_up { "up" } else { "down" };
            let (received, lost, sent) =
                (link.received.messages_received, link.received.messages_lost, link.messages_sent);
            let error = link.last_error.unwrap_or_default();
            writeln!(
                std::io::stdout(),
                "{} {state}: {received} received, {lost} lost, {sent} sent, {} dropped, {} reconnects {error}",
                link.url,
                link.messages_dropped,
                link.reconnects,
            )?;
        }
    }
}
