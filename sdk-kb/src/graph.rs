//! A graph of near vectors (HNSW, Malkov and Yashunin 2016). hnsw_rs builds it; it is kept flat, so that it is read from a file in one
//! go, takes a tenth of the memory, and is searched with a filter.
//!
//! It is built in the order of the items by one thread: the same items, the same graph. (hnsw_rs draws its levels from a fixed seed; its
//! parallel insertion depends on the timing of threads.)
use crate::numbers;
use crate::ranking::{Best, Scored};
use crate::vectors::{Codes, dot};
use hnsw_rs::prelude::{Distance, Hnsw};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Mutex, PoisonError};

const NEIGHBOURS: usize = 16;
/// How many candidates are kept open for each item that is inserted: in a large graph a neighbour is missed more easily, and the more
/// of them there are, the longer it takes (`bench 100000 efforts`: recall@10 0.973 with 100 and 0.986 with 240, in 84 and 201 s).
const EFFORT_BUILDING: usize = 100;
const EFFORT_BUILDING_LARGE: usize = 240;
/// From this size on a graph is large.
const LARGE: usize = 50_000;
/// How many candidates a search keeps open at least, in a graph of up to this size.
const EFFORT: usize = 320;
const EFFORT_UP_TO: f32 = 100_000.0;
/// By how much the effort grows where the graph grows: eightfold for ten times the items.
const EFFORT_GROWTH: f32 = 0.903;
/// To how much a strict filter may raise it.
const EFFORT_MOST: f32 = 2_000.0;
const LEVELS: usize = 16;
const NONE: u32 = u32::MAX;
/// The ground level has twice the neighbours.
const GROUND: usize = 2 * NEIGHBOURS;

pub(crate) struct Graph {
    entry: u32,
    /// `GROUND` neighbours a node, filled up with `NONE`.
    ground: Vec<u32>,
    /// Above the ground, from the lowest: the nodes of the level, sorted, and `NEIGHBOURS` neighbours each.
    levels: Vec<(Vec<u32>, Vec<u32>)>,
    seen: Mutex<Vec<Seen>>,
}

/// Which nodes a search has seen: those with the search's own number.
struct Seen {
    marks: Vec<u32>,
    search: u32,
}

/// Rows of one length have no other distance than this: the farther, the smaller the sum of products.
struct LessAlike {
    most: f32,
}

impl Distance<i8> for LessAlike {
    fn eval(&self, a: &[i8], b: &[i8]) -> f32 {
        (self.most - dot(a, b) as f32).max(0.0)
    }
}

impl Graph {
    pub(crate) fn build(codes: &Codes) -> Self {
        // Twice the sum of products of a row with itself, but for rounding: no distance is below zero.
        let most = 2.0 / (codes.step * codes.step);
        let effort = if codes.len() < LARGE { EFFORT_BUILDING } else { EFFORT_BUILDING_LARGE };
        let hnsw: Hnsw<'_, i8, LessAlike> =
            Hnsw::new(NEIGHBOURS, codes.len().max(1), LEVELS, effort, LessAlike { most });
        for number in 0..codes.len() {
            let row = codes.row(number);
            if row.iter().any(|code| *code != 0) {
                hnsw.insert_slice((row, number));
            }
        }
        Self::flatten(&hnsw, codes.len())
    }

    fn flatten(hnsw: &Hnsw<'_, i8, LessAlike>, count: usize) -> Self {
        let mut graph =
            Self { entry: NONE, ground: vec![NONE; count * GROUND], levels: Vec::new(), seen: Mutex::default() };
        let points = hnsw.get_point_indexation();
        let mut above: Vec<Vec<(u32, Vec<u32>)>> = vec![Vec::new(); LEVELS];
        for level in 0..LEVELS {
            for point in points.get_layer_iterator(level) {
                let node = point.get_origin_id();
                // The first that reached the highest level is where searches begin.
                if level > 0 || graph.entry == NONE {
                    graph.entry = node as u32;
                }
                for (at, neighbours) in point.get_neighborhood_id().into_iter().enumerate().take(level + 1) {
                    let ids = neighbours.into_iter().map(|neighbour| neighbour.d_id as u32);
                    if at == 0 {
                        for (slot, id) in graph.ground[node * GROUND..(node + 1) * GROUND].iter_mut().zip(ids) {
                            *slot = id;
                        }
                    } else {
                        above[at].push((node as u32, ids.take(NEIGHBOURS).collect()));
                    }
                }
            }
        }
        for mut level in above.into_iter().skip(1).take_while(|level| !level.is_empty()) {
            level.sort_unstable();
            let mut links = vec![NONE; level.len() * NEIGHBOURS];
            for (place, (_, ids)) in level.iter().enumerate() {
                links[place * NEIGHBOURS..place * NEIGHBOURS + ids.len()].copy_from_slice(ids);
            }
            graph.levels.push((level.into_iter().map(|(node, _)| node).collect(), links));
        }
        if let Some((nodes, _)) = graph.levels.last() {
            graph.entry = nodes[0];
        }
        graph
    }

    /// How many candidates a search for the `k` most alike keeps open, where about `share` of all pass its filter.
    pub(crate) fn effort(&self, k: usize, share: f32) -> usize {
        let size = (self.ground.len() / GROUND) as f32;
        let grown = EFFORT as f32 * (size / EFFORT_UP_TO).max(1.0).powf(EFFORT_GROWTH);
        // What is walked through but not kept makes no room for what is: keep more open, the stricter the filter.
        let effort = grown.max(2.0 * k as f32);
        (effort / share.clamp(0.01, 1.0)).min(EFFORT_MOST.max(effort)) as usize
    }

    /// The `k` most alike that pass the filter, with the sums of products; `effort` candidates are kept open.
    pub(crate) fn search(
        &self,
        codes: &Codes,
        query: &[i8],
        k: usize,
        effort: usize,
        keep: &dyn Fn(usize) -> bool,
    ) -> Vec<(usize, f32)> {
        if self.entry == NONE {
            return Vec::new();
        }
        let likeness = |node: u32| dot(codes.row(node as usize), query);
        let mut here = (likeness(self.entry), self.entry);
        for (nodes, links) in self.levels.iter().rev() {
            while let Ok(place) = nodes.binary_search(&here.1) {
                let neighbours = links[place * NEIGHBOURS..(place + 1) * NEIGHBOURS].iter();
                let nearest = neighbours
                    .take_while(|node| **node != NONE)
                    .map(|node| (likeness(*node), *node))
                    .max_by_key(|near| near.0);
                match nearest {
                    Some(nearest) if nearest.0 > here.0 => here = nearest,
                    _ => break,
                }
            }
        }
        let walked = self.walk_ground(here, effort, &likeness);
        let mut best = Best::new(k, f32::MIN);
        for (number, score) in walked {
            if keep(number) {
                best.offer(number, score);
            }
        }
        best.into_sorted()
    }

    fn walk_ground(&self, entry: (i32, u32), effort: usize, likeness: &dyn Fn(u32) -> i32) -> Vec<(usize, f32)> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut seen = seen.take().unwrap_or_else(|| Seen { marks: vec![0; self.ground.len() / GROUND], search: 0 });
        if seen.search == u32::MAX {
            seen.marks.fill(0);
            seen.search = 0;
        }
        seen.search += 1;
        seen.marks[entry.1 as usize] = seen.search;
        let start = Scored { score: entry.0 as f32, number: entry.1 };
        let mut open = BinaryHeap::from([start]);
        let mut near = BinaryHeap::from([Reverse(start)]);
        while let Some(next) = open.pop() {
            let worst = near.peek().map_or(f32::MIN, |Reverse(worst)| worst.score);
            if near.len() >= effort && next.score < worst {
                break;
            }
            let node = next.number as usize;
            for id in self.ground[node * GROUND..(node + 1) * GROUND].iter().take_while(|id| **id != NONE) {
                let mark = &mut seen.marks[*id as usize];
                if *mark == seen.search {
                    continue;
                }
                *mark = seen.search;
                let found = Scored { score: likeness(*id) as f32, number: *id };
                let worst = near.peek().map_or(f32::MIN, |Reverse(worst)| worst.score);
                if near.len() < effort || found.score > worst {
                    open.push(found);
                    near.push(Reverse(found));
                    if near.len() > effort {
                        near.pop();
                    }
                }
            }
        }
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
        let mut walked: Vec<_> = near.into_iter().map(|Reverse(found)| (found.number as usize, found.score)).collect();
        walked.sort_unstable_by_key(|found| found.0);
        walked
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut head = vec![self.entry, (self.ground.len() / GROUND) as u32, self.levels.len() as u32];
        head.extend(self.levels.iter().map(|(nodes, _)| nodes.len() as u32));
        let mut bytes = numbers::bytes_of_u32(&head);
        for (nodes, links) in &self.levels {
            bytes.extend(numbers::bytes_of_u32(nodes));
            bytes.extend(numbers::bytes_of_u32(links));
        }
        bytes.extend(numbers::bytes_of_u32(&self.ground));
        bytes
    }

    /// Nothing where the bytes are no graph of `count` nodes.
    pub(crate) fn of_bytes(bytes: &[u8], count: usize) -> Option<Self> {
        let numbers = numbers::u32_of_bytes(bytes);
        let (&[entry, nodes, levels], mut rest) = numbers.split_first_chunk::<3>()?;
        let (sizes, after) = rest.split_at_checked(levels as usize)?;
        rest = after;
        let mut read = Vec::new();
        for size in sizes {
            let (nodes, after) = rest.split_at_checked(*size as usize)?;
            let (links, after) = after.split_at_checked(*size as usize * NEIGHBOURS)?;
            read.push((nodes.to_vec(), links.to_vec()));
            rest = after;
        }
        let inside = |id: &u32| *id == NONE || (*id as usize) < count;
        let whole = nodes as usize == count
            && rest.len() == count * GROUND
            && inside(&entry)
            && rest.iter().all(inside)
            && read.iter().all(|(nodes, links)| nodes.is_sorted() && nodes.iter().chain(links).all(inside));
        whole.then(|| Self { entry, ground: rest.to_vec(), levels: read, seen: Mutex::default() })
    }
}
