//! Searches: shortest ways, what can be reached, an order without going back.
use crate::net::{Net, NetError, Place};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, VecDeque};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route<'net> {
    pub metres: u32,
    pub stops: Vec<&'net str>,
}

/// The shortest way, if there is one (Dijkstra).
pub fn nearest<'net>(net: &'net Net, from: &str, to: &str) -> Result<Option<Route<'net>>, NetError> {
    let (from, to) = (net.find(from)?, net.find(to)?);
    let mut best: Vec<Option<(u32, Place)>> = vec![None; net.len()];
    let mut open = BinaryHeap::new();
    best[from.0] = Some((0, from));
    open.push(Reverse((0, from)));
    while let Some(Reverse((metres, place))) = open.pop() {
        if place == to {
            return Ok(Some(Route { metres, stops: trace(net, &best, to) }));
        }
        if best[place.0].is_some_and(|(known, _)| known < metres) {
            continue;
        }
        for &(next, length) in net.from(place) {
            let there = metres + length;
            if best[next.0].is_none_or(|(known, _)| there < known) {
                best[next.0] = Some((there, place));
                open.push(Reverse((there, next)));
            }
        }
    }
    Ok(None)
}

fn trace<'net>(net: &'net Net, best: &[Option<(u32, Place)>], to: Place) -> Vec<&'net str> {
    let mut stops = vec![net.name(to)];
    let mut at = to;
    while let Some((_, before)) = best[at.0] {
        if before == at {
            break;
        }
        stops.push(net.name(before));
        at = before;
    }
    stops.reverse();
    stops
}

/// The names that can be reached from `start`, itself included.
pub fn reachable(net: &Net, start: &str) -> Result<BTreeSet<String>, NetError> {
    let start = net.find(start)?;
    let mut seen = BTreeSet::from([start]);
    let mut queue = VecDeque::from([start]);
    while let Some(place) = queue.pop_front() {
        for (next, _) in net.from(place) {
            if seen.insert(*next) {
                queue.push_back(*next);
            }
        }
    }
    Ok(seen.into_iter().map(|place| net.name(place).to_string()).collect())
}

/// All places so that every leg leads forward.
pub fn order(net: &Net) -> Result<Vec<&str>, NetError> {
    let mut incoming = vec![0_usize; net.len()];
    for place in net.all() {
        for (next, _) in net.from(place) {
            incoming[next.0] += 1;
        }
    }
    let mut ready: BTreeSet<Place> = net.all().filter(|place| incoming[place.0] == 0).collect();
    let mut done = Vec::new();
    while let Some(place) = ready.pop_first() {
        done.push(net.name(place));
        for (next, _) in net.from(place) {
            incoming[next.0] -= 1;
            if incoming[next.0] == 0 {
                ready.insert(*next);
            }
        }
    }
    match net.all().find(|place| incoming[place.0] > 0) {
        Some(left) => Err(NetError::Circle { through: net.name(left).to_string() }),
        None => Ok(done),
    }
}
