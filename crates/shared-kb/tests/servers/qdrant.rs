//! One stand-in for Qdrant for all tests of a binary, collections for each.
use super::peer::Peer;
use std::sync::OnceLock;

/// The address of collections that nobody has made yet.
pub fn collections(name: &str) -> String {
    static SERVER: OnceLock<Peer> = OnceLock::new();
    let server = SERVER.get_or_init(|| Peer::start("qdrant_server.py", &[]));
    format!("qdrant://127.0.0.1:{}/{name}", server.said)
}
