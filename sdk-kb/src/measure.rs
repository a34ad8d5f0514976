//! Measuring the vectors' graph against comparing with each: for `cargo xtask bench kb` and for the tests.
use crate::embed::{EmbedError, Embedder};
use crate::graph::Graph;
use crate::item::Item;
use crate::search::KnowledgeBase;
use crate::vectors::{Codes, Vectors};
use std::collections::HashSet;
use std::time::Instant;

const NEAREST: usize = 10;
const DEPTH: usize = 50;

/// What one size costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// How many vectors.
    pub size: usize,
    /// Microseconds a search that compares with each, mean.
    pub exact_us: f64,
    /// Microseconds a search through the graph, mean.
    pub graph_us: f64,
    /// Which part of the 10 nearest the graph finds.
    pub recall: f64,
}

/// Searches the first `sizes` of the items both ways; each 23rd item's title is a query.
///
/// # Errors
/// Those of the embedding.
pub fn crossover(items: &[Item], sizes: &[usize], embedder: &dyn Embedder) -> Result<Vec<Measured>, EmbedError> {
    let queries: Vec<Vec<f32>> =
        items.iter().step_by(23).take(300).map(|item| embedder.embed(&item.text)).collect::<Result<_, _>>()?;
    let mut components = Vec::new();
    for item in items {
        components.extend(embedder.embed(&item.gist())?);
    }
    let mut measured = Vec::new();
    for size in sizes {
        let codes = Codes::of_vectors(embedder.dims(), &components[..*size * embedder.dims()]);
        let graph = Graph::build(&codes);
        let mut both = Vectors { codes, graph: None };
        let timed = |vectors: &Vectors| {
            let started = Instant::now();
            let found: Vec<_> = queries.iter().map(|query| vectors.search_whole(query, DEPTH, None)).collect();
            (found, started.elapsed().as_secs_f64() * 1e6 / queries.len() as f64)
        };
        let (exact, exact_us) = timed(&both);
        both.graph = Some(graph);
        let (near, graph_us) = timed(&both);
        let recall = part_found(exact.iter().zip(&near));
        measured.push(Measured { size: *size, exact_us, graph_us, recall });
    }
    Ok(measured)
}

/// Which part of the 10 nearest a knowledge base's own search finds: of those that comparing with each finds, and of those that it would
/// find had the vectors not been rounded to eight bits (the items are embedded again for that).
///
/// # Errors
/// Those of the embedding.
pub fn recall(kb: &KnowledgeBase, queries: impl Iterator<Item = String>) -> Result<(f64, f64), EmbedError> {
    let (mut own, mut exact, mut unrounded) = (Vec::new(), Vec::new(), Vec::new());
    let queries: Vec<Vec<f32>> = queries.map(|query| kb.embedder().embed_query(&query)).collect::<Result<_, _>>()?;
    let vectors = kb.vectors();
    for query in &queries {
        own.push(vectors.search_whole(query, DEPTH, None));
        exact.push(vectors.search_each(query, DEPTH));
        unrounded.push(crate::ranking::Best::new(NEAREST, f32::MIN));
    }
    for (number, item) in kb.items().enumerate() {
        let vector = kb.embedder().embed(&item.gist())?;
        for (best, query) in unrounded.iter_mut().zip(&queries) {
            let score: f32 = vector.iter().zip(query).map(|(a, b)| a * b).sum();
            if score > best.floor {
                best.offer(number, score);
            }
        }
    }
    let unrounded: Vec<_> = unrounded.into_iter().map(crate::ranking::Best::into_sorted).collect();
    Ok((part_found(exact.iter().zip(&own)), part_found(unrounded.iter().zip(&own))))
}

/// What the graph's recall costs: for each number of candidates that a search keeps open, the mean time of a search in microseconds, and
/// which part of the 10 nearest it finds.
///
/// # Errors
/// Those of the embedding.
pub fn recall_by_effort(
    kb: &KnowledgeBase,
    queries: impl Iterator<Item = String>,
    efforts: &[usize],
) -> Result<Vec<(usize, f64, f64)>, EmbedError> {
    let queries: Vec<Vec<f32>> = queries.map(|query| kb.embedder().embed_query(&query)).collect::<Result<_, _>>()?;
    let vectors = kb.vectors();
    let exact: Vec<_> = queries.iter().map(|query| vectors.search_each(query, DEPTH)).collect();
    let measured = efforts.iter().map(|effort| {
        let started = Instant::now();
        let near: Vec<_> = queries.iter().map(|query| vectors.search_whole(query, DEPTH, Some(*effort))).collect();
        let each_us = started.elapsed().as_secs_f64() * 1e6 / queries.len().max(1) as f64;
        (*effort, each_us, part_found(exact.iter().zip(&near)))
    });
    Ok(measured.collect())
}

fn part_found<'a>(pairs: impl Iterator<Item = (&'a Vec<(usize, f32)>, &'a Vec<(usize, f32)>)>) -> f64 {
    let (mut found, mut all) = (0, 0);
    for (wanted, near) in pairs {
        // The tenth may share its place with others: whoever is as near counts.
        let near: HashSet<usize> = near.iter().take(NEAREST).map(|hit| hit.0).collect();
        all += wanted.len().min(NEAREST);
        found += wanted.iter().take(NEAREST).filter(|hit| near.contains(&hit.0)).count();
    }
    found as f64 / f64::max(all as f64, 1.0)
}
