//! Rankings become one: by reciprocal rank (Cormack, Clarke and Büttcher 2009) and by how a find's measure compares with the best one's, and,
//! where it is asked for, varied. The same for every knowledge base, whoever ranks.
use crate::search::Tuning;
use std::collections::BTreeMap;

/// Items by what a search ranks them by, each best first and with its measure, which is comparable within one ranking only.
#[derive(Debug, Clone, PartialEq)]
pub struct Rankings<I> {
    /// By words.
    pub words: Vec<(I, f32)>,
    /// By vectors.
    pub vectors: Vec<(I, f32)>,
    /// By name.
    pub names: Vec<(I, f32)>,
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

impl<I: Clone> Fused<I> {
    fn new(item: &I) -> Self {
        Self { item: item.clone(), score: 0.0, words_rank: None, vectors_rank: None, name_rank: None }
    }

    fn rank(&mut self, column: usize) -> &mut Option<usize> {
        match column {
            0 => &mut self.words_rank,
            1 => &mut self.vectors_rank,
            _ => &mut self.name_rank,
        }
    }
}

impl<I: Ord + Clone> Rankings<I> {
    /// The `k` best of all rankings together, best first; of equals the lesser item. `likeness` of two items (-1 to 1) is asked for where
    /// the tuning wants variety.
    ///
    /// ```
    /// use flightsmith_kb::{Rankings, Tuning};
    /// let words = vec![("land", 7.0), ("hold", 6.5)];
    /// let rankings = Rankings { words, vectors: vec![("hold", 0.8)], names: vec![] };
    /// let best = rankings.fuse(2, &Tuning::default(), |_, _| 0.0);
    /// assert_eq!(best.iter().map(|fused| fused.item).collect::<Vec<_>>(), ["hold", "land"]);
    /// ```
    pub fn fuse(&self, k: usize, tuning: &Tuning, likeness: impl Fn(&I, &I) -> f32) -> Vec<Fused<I>> {
        let mut found: BTreeMap<&I, Fused<I>> = BTreeMap::new();
        // A word that is not there counts nothing; a vector is somewhat like every other, so that the last one counts as unlike.
        let last = self.vectors.last().map_or(0.0, |(_, likeness)| *likeness);
        let parts =
            [(&self.words, tuning.words, 0.0), (&self.vectors, tuning.vectors, last), (&self.names, tuning.names, 0.0)];
        for (column, (ranking, weight, floor)) in parts.into_iter().enumerate() {
            let best = ranking.first().map_or(0.0, |(_, measure)| *measure);
            for (place, (item, measure)) in ranking.iter().enumerate() {
                let by_rank = (tuning.fusion_k + 1.0) / (tuning.fusion_k + 1.0 + place as f32);
                let by_measure = if best > floor { (measure - floor) / (best - floor) } else { 1.0 };
                let fused = found.entry(item).or_insert_with(|| Fused::new(item));
                fused.score += weight * (tuning.measure * by_measure + (1.0 - tuning.measure) * by_rank);
                *fused.rank(column) = Some(place + 1);
            }
        }
        let mut fused: Vec<Fused<I>> = found.into_values().collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_find_far_ahead_stays_ahead_and_of_near_ones_the_other_ranking_decides() {
        let check = |second: f32, measure: f32, best: &str| {
            let words = vec![("land", 10.0), ("hold", second), ("wind", 0.5)];
            let vectors = vec![("hold", 0.9), ("wind", 0.5), ("land", 0.4)];
            let tuning = Tuning { measure, ..Tuning::default() };
            let fused = Rankings { words, vectors, names: Vec::new() }.fuse(3, &tuning, |_, _| 0.0);
            assert_eq!(fused[0].item, best, "{second} by {measure}: {fused:?}");
            assert_eq!((fused[0].words_rank.is_some(), fused[0].vectors_rank.is_some()), (true, true));
        };
        check(9.0, 0.7, "hold");
        check(2.0, 0.7, "land");
        // By rank alone it makes no difference how far ahead it is.
        check(9.0, 0.0, "land");
        check(2.0, 0.0, "land");
    }
}
