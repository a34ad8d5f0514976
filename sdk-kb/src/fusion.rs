//! Rankings become one: by reciprocal rank, and, where it is asked for, varied. The same for every knowledge base, whoever ranks.
use crate::search::Tuning;
use std::collections::BTreeMap;

/// Items by what a search ranks them by, each best first.
#[derive(Debug, Clone, PartialEq)]
pub struct Rankings<I> {
    /// By words.
    pub words: Vec<I>,
    /// By vectors.
    pub vectors: Vec<I>,
    /// By name.
    pub names: Vec<I>,
}

impl<I> Default for Rankings<I> {
    fn default() -> Self {
        Self { words: Vec::new(), vectors: Vec::new(), names: Vec::new() }
    }
}

/// An item with its place in each ranking, from 1, and what they come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Fused<I> {
    /// Which.
    pub item: I,
    /// Comparable within one search only.
    pub score: f32,
    /// By words.
    pub words_rank: Option<usize>,
    /// By vectors.
    pub vectors_rank: Option<usize>,
    /// By name.
    pub name_rank: Option<usize>,
}

impl<I: Ord + Clone> Rankings<I> {
    /// The `k` best of all rankings together, best first; of equals the lesser item. `likeness` of two items (-1 to 1) is asked for where
    /// the tuning wants variety.
    ///
    /// ```
    /// use flightsmith_kb::{Rankings, Tuning};
    /// let rankings = Rankings { words: vec!["land", "hold"], vectors: vec!["hold"], names: vec![] };
    /// let best = rankings.fuse(2, &Tuning::default(), |_, _| 0.0);
    /// assert_eq!(best.iter().map(|fused| fused.item).collect::<Vec<_>>(), ["hold", "land"]);
    /// ```
    pub fn fuse(&self, k: usize, tuning: &Tuning, likeness: impl Fn(&I, &I) -> f32) -> Vec<Fused<I>> {
        let mut places: BTreeMap<&I, [Option<usize>; 3]> = BTreeMap::new();
        for (column, ranking) in [&self.words, &self.vectors, &self.names].into_iter().enumerate() {
            for (place, item) in ranking.iter().enumerate() {
                places.entry(item).or_default()[column] = Some(place + 1);
            }
        }
        let share =
            |rank: Option<usize>, weight: f32| rank.map_or(0.0, |rank| weight / (tuning.fusion_k + rank as f32));
        let mut fused: Vec<Fused<I>> = places
            .into_iter()
            .map(|(item, [words_rank, vectors_rank, name_rank])| Fused {
                item: item.clone(),
                score: share(words_rank, tuning.words)
                    + share(vectors_rank, tuning.vectors)
                    + share(name_rank, tuning.names),
                words_rank,
                vectors_rank,
                name_rank,
            })
            .collect();
        fused.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.item.cmp(&b.item)));
        if tuning.diversity > 0.0 {
            fused = varied(fused, k, tuning.diversity.min(1.0), likeness);
        }
        fused.truncate(k);
        fused
    }
}

/// The `k` that are good and unlike what was taken before them (maximal marginal relevance, Carbonell and Goldstein 1998).
fn varied<I>(mut left: Vec<Fused<I>>, k: usize, diversity: f32, likeness_of: impl Fn(&I, &I) -> f32) -> Vec<Fused<I>> {
    let best = left.first().map_or(1.0, |fused| fused.score);
    let mut likeness = vec![0.0_f32; left.len()];
    let mut taken: Vec<Fused<I>> = Vec::new();
    while taken.len() < k && !left.is_empty() {
        let worth = |place: usize| left[place].score / best - diversity * likeness[place];
        let next = (0..left.len()).max_by(|a, b| worth(*a).total_cmp(&worth(*b)).then(b.cmp(a))).unwrap_or(0);
        let chosen = left.remove(next);
        likeness.remove(next);
        for (candidate, likeness) in left.iter().zip(&mut likeness) {
            *likeness = likeness.max(likeness_of(&candidate.item, &chosen.item));
        }
        taken.push(chosen);
    }
    taken
}
