//! Ranking by vectors: an HNSW graph (hnsw_rs), built in the order of the items by one thread, so that the same items give the same graph.
use hnsw_rs::prelude::{Distance, Hnsw};

const NEIGHBOURS: usize = 16;
const EFFORT_BUILDING: usize = 100;

/// The cosine distance of vectors of length 1. Ours, so that it is summed in one order on every machine.
struct OneMinusDot;

impl Distance<f32> for OneMinusDot {
    fn eval(&self, a: &[f32], b: &[f32]) -> f32 {
        let mut sums = [0.0_f32; 8];
        for (a, b) in a.chunks(8).zip(b.chunks(8)) {
            for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
                *sum += a * b;
            }
        }
        (1.0 - sums.iter().sum::<f32>()).max(0.0)
    }
}

pub(crate) struct Vectors {
    graph: Hnsw<'static, f32, OneMinusDot>,
    count: usize,
}

impl Vectors {
    pub(crate) fn new(vectors: &[Vec<f32>]) -> Self {
        let graph = Hnsw::new(NEIGHBOURS, vectors.len().max(1), 16, EFFORT_BUILDING, OneMinusDot);
        let mut count = 0;
        for (number, vector) in vectors.iter().enumerate() {
            // The cosine with nothing is undefined.
            if vector.iter().any(|x| *x != 0.0) {
                graph.insert((vector.as_slice(), number));
                count += 1;
            }
        }
        Self { graph, count }
    }

    /// The `k` nearest items that pass the filter, nearest first, with their cosine distance.
    pub(crate) fn search(&self, vector: &[f32], k: usize, keep: &dyn Fn(usize) -> bool) -> Vec<(usize, f32)> {
        if self.count == 0 || vector.iter().all(|x| *x == 0.0) {
            return Vec::new();
        }
        // hnsw_rs filters while it walks, but what it walks through unseen can starve a strict filter: look wide, filter after.
        let effort = (k * 8).max(200).min(self.count);
        let mut near: Vec<_> = self
            .graph
            .search(vector, effort, effort)
            .into_iter()
            .map(|near| (near.d_id, near.distance))
            .filter(|(number, _)| keep(*number))
            .collect();
        near.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        near.truncate(k);
        near
    }
}
