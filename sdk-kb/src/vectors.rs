//! Ranking by vectors: sixteen bits a component, of which eight are compared one by one in a small knowledge base and through a graph in a large one.
use crate::graph::Graph;
use crate::ranking::Best;

/// Up to this many vectors, comparing with each is as fast as the graph: `cargo xtask bench kb` measures where they cross.
pub(crate) const EXACT_UP_TO: usize = 5_000;
/// Rounding the query costs a little order: so much deeper is looked, and the finds are compared with the query as it is.
const DEEPER: usize = 20;
/// The largest component that is kept, in steps.
const STEPS: f32 = 127.0;
/// Rows are padded to a multiple of it, so that they are compared in whole strides.
const STRIDE: usize = 32;
/// Rows that are compared in one go.
const ROWS: usize = 256;

/// Vectors of length 1 (or 0, which is like nothing), numbered in the order in which they were given.
pub(crate) struct Vectors {
    pub(crate) codes: Codes,
    pub(crate) graph: Option<Graph>,
}

/// The vectors' components in fixed point: whole steps, which are compared, and their fractions, which order the finds.
pub(crate) struct Codes {
    pub(crate) dims: usize,
    /// What one step is worth.
    pub(crate) step: f32,
    pub(crate) whole: Vec<i8>,
    /// In 256ths of a step, from -128 to 127.
    pub(crate) fractions: Vec<i8>,
}

impl Codes {
    /// Room for vectors of which no component is beyond `largest`; where one is after all, it is cut.
    pub(crate) fn new(dims: usize, largest: f32) -> Self {
        Self { dims, step: largest.max(1e-6) / STEPS, whole: Vec::new(), fractions: Vec::new() }
    }

    /// The vectors, one after the other in `components`.
    pub(crate) fn of_vectors(dims: usize, components: &[f32]) -> Self {
        let largest = components.iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
        let mut codes = Self::new(dims, largest);
        components.chunks_exact(dims.max(1)).for_each(|vector| codes.push(vector));
        codes
    }

    pub(crate) fn width(&self) -> usize {
        self.dims.next_multiple_of(STRIDE)
    }

    pub(crate) fn push(&mut self, vector: &[f32]) {
        let end = self.whole.len() + self.width();
        for x in vector {
            let steps = x / self.step;
            let whole = steps.round().clamp(-STEPS, STEPS);
            self.whole.push(whole as i8);
            self.fractions.push(((steps - whole) * 256.0).round().clamp(-128.0, 127.0) as i8);
        }
        self.whole.resize(end, 0);
        self.fractions.resize(end, 0);
    }

    pub(crate) fn len(&self) -> usize {
        self.whole.len() / self.width().max(1)
    }

    pub(crate) fn row(&self, number: usize) -> &[i8] {
        &self.whole[number * self.width()..(number + 1) * self.width()]
    }

    /// The query as a row.
    pub(crate) fn query(&self, vector: &[f32]) -> Vec<i8> {
        let mut row = Self::new(self.dims, self.step * STEPS);
        row.push(vector);
        row.whole
    }

    /// How alike a row and a query are, -1 to 1 but for rounding.
    fn likeness(&self, number: usize, vector: &[f32]) -> f32 {
        let fractions = &self.fractions[number * self.width()..(number + 1) * self.width()];
        let components = self.row(number).iter().zip(fractions);
        let exact = components.map(|(whole, fraction)| f32::from(*whole) + f32::from(*fraction) / 256.0);
        exact.zip(vector).map(|(component, x)| component * x).sum::<f32>() * self.step
    }
}

/// The sum of products, in whole numbers: the same on every machine.
pub(crate) fn dot(a: &[i8], b: &[i8]) -> i32 {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has just said that it knows these instructions.
        #[expect(
            unsafe_code,
            reason = "wider instructions than every x86-64 has make a search several times as fast"
        )]
        return unsafe { dot_wide(a, b) };
    }
    dot_plain(a, b)
}

/// The sums of products of `query` with each row of `rows`, from the first on.
fn dots(rows: &[i8], width: usize, query: &[i8], sums: &mut Vec<i32>) {
    sums.clear();
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: as above.
        #[expect(unsafe_code, reason = "as above")]
        return unsafe { dots_wide(rows, width, query, sums) };
    }
    sums.extend(rows.chunks_exact(width).map(|row| dot_plain(row, query)));
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn dot_wide(a: &[i8], b: &[i8]) -> i32 {
    dot_plain(a, b)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn dots_wide(rows: &[i8], width: usize, query: &[i8], sums: &mut Vec<i32>) {
    sums.extend(rows.chunks_exact(width).map(|row| dot_plain(row, query)));
}

#[inline(always)]
fn dot_plain(a: &[i8], b: &[i8]) -> i32 {
    // Nothing wraps: 127 * 127 times the dimension is far from the limit. Said so that a checked build is as fast.
    let products = a.iter().zip(b).map(|(a, b)| i32::from(*a).wrapping_mul(i32::from(*b)));
    products.fold(0, i32::wrapping_add)
}

impl Vectors {
    pub(crate) fn new(codes: Codes) -> Self {
        let graph = (codes.len() > EXACT_UP_TO).then(|| Graph::build(&codes));
        Self { codes, graph }
    }

    /// The `k` nearest of all, as a search without a filter finds them; through the graph where there is one, with its own effort or
    /// with that.
    pub(crate) fn search_whole(&self, vector: &[f32], k: usize, effort: Option<usize>) -> Vec<(usize, f32)> {
        let query = self.codes.query(vector);
        let found = match &self.graph {
            Some(graph) => {
                let effort = effort.unwrap_or_else(|| graph.effort(k + DEEPER, 1.0));
                graph.search(&self.codes, &query, k + DEEPER, effort, &|_| true)
            }
            None => self.exact(&query, k + DEEPER, &|_| true),
        };
        self.ordered(found, vector, k)
    }

    /// The `k` nearest of all, compared one by one.
    pub(crate) fn search_each(&self, vector: &[f32], k: usize) -> Vec<(usize, f32)> {
        let found = self.exact(&self.codes.query(vector), k + DEEPER, &|_| true);
        self.ordered(found, vector, k)
    }

    /// The `k` nearest that pass the filter, nearest first, with their cosine. `share` is the part of all that passes, roughly.
    pub(crate) fn search(
        &self,
        vector: &[f32],
        k: usize,
        share: f32,
        keep: &dyn Fn(usize) -> bool,
    ) -> Vec<(usize, f32)> {
        if vector.iter().all(|x| *x == 0.0) || k == 0 {
            return Vec::new();
        }
        let query = self.codes.query(vector);
        let passing = self.codes.len() as f32 * share;
        let found = match &self.graph {
            Some(graph) if passing > EXACT_UP_TO as f32 => {
                let effort = graph.effort(k + DEEPER, share);
                graph.search(&self.codes, &query, k + DEEPER, effort, keep)
            }
            _ => self.exact(&query, k + DEEPER, keep),
        };
        self.ordered(found, vector, k)
    }

    fn ordered(&self, mut found: Vec<(usize, f32)>, vector: &[f32], k: usize) -> Vec<(usize, f32)> {
        for (number, score) in &mut found {
            *score = self.codes.likeness(*number, vector);
        }
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.truncate(k);
        found
    }

    fn exact(&self, query: &[i8], k: usize, keep: &dyn Fn(usize) -> bool) -> Vec<(usize, f32)> {
        let mut best = Best::new(k, f32::MIN);
        let (width, mut sums) = (self.codes.width(), Vec::with_capacity(ROWS));
        for (block, rows) in self.codes.whole.chunks(ROWS * width).enumerate() {
            dots(rows, width, query, &mut sums);
            for (place, sum) in sums.iter().enumerate() {
                let (number, score) = (block * ROWS + place, *sum as f32);
                if score > best.floor && score != 0.0 && keep(number) {
                    best.offer(number, score);
                }
            }
        }
        best.into_sorted()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_come_first_and_nothing_is_near_to_nothing() {
        let components = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.6, 0.8, 0.0, 0.0, 0.0, 0.0];
        let codes = Codes::of_vectors(3, &components);
        let vectors = Vectors::new(codes);
        let found = vectors.search(&[0.8, 0.6, 0.0], 3, 1.0, &|_| true);
        assert_eq!(found.iter().map(|hit| hit.0).collect::<Vec<_>>(), [2, 0, 1]);
        assert!((found[0].1 - 0.96).abs() < 0.000_1, "{found:?}");
        assert_eq!(vectors.search(&[0.8, 0.6, 0.0], 3, 1.0, &|number| number == 1).len(), 1);
        assert_eq!(vectors.search(&[0.0; 3], 3, 1.0, &|_| true), []);
    }
}
