//! Ways through a net of places.
mod net;
mod search;

pub use net::{Net, NetError, Place};
pub use search::{Route, nearest, order, reachable};

#[cfg(test)]
mod tests;
