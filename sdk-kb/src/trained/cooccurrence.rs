//! How much more often words stand near each other than chance would have it: positive pointwise mutual information (Levy, Goldberg and
//! Dagan 2015, "Improving distributional similarity", with their smoothing of contexts).
use std::collections::HashMap;

/// Words farther apart than this say nothing of each other.
const WINDOW: usize = 16;
/// Contexts' frequencies to the power of this: rare contexts count a little less.
const SMOOTHING: f64 = 0.75;

/// A symmetric matrix, row by row: the columns and values of each row.
pub(super) struct Sparse {
    pub(super) rows: Vec<Vec<(u32, f32)>>,
}

/// The matrix of `texts`, whose words are numbers below `words`.
pub(super) fn mutual_information(texts: &[Vec<u32>], words: usize) -> Sparse {
    // In whole numbers, so that the order of counting does not matter: a pair at distance d counts SHARES / d.
    let mut counts: HashMap<(u32, u32), u64> = HashMap::new();
    for text in texts {
        for (place, word) in text.iter().enumerate() {
            for (distance, near) in text[place + 1..].iter().take(WINDOW).enumerate() {
                let pair = (*word.min(near), *word.max(near));
                *counts.entry(pair).or_default() += SHARES / (distance as u64 + 1);
            }
        }
    }
    let mut pairs: Vec<((u32, u32), u64)> = counts.into_iter().collect();
    pairs.sort_unstable();
    let mut sums = vec![0_u64; words];
    for ((a, b), count) in &pairs {
        sums[*a as usize] += count;
        sums[*b as usize] += count;
    }
    let all: f64 = sums.iter().map(|sum| *sum as f64).sum();
    let smoothed: Vec<f64> = sums.iter().map(|sum| libm::pow(*sum as f64, SMOOTHING)).collect();
    let all_smoothed: f64 = smoothed.iter().sum();
    let mut rows = vec![Vec::new(); words];
    for ((a, b), count) in pairs {
        let information = |word: u32, context: u32| {
            let expected = sums[word as usize] as f64 * smoothed[context as usize] / all_smoothed;
            libm::log(count as f64 / expected)
        };
        // The mean of both directions keeps the matrix symmetric.
        let value = ((information(a, b) + information(b, a)) / 2.0) as f32;
        let enough = count as f64 / all > 0.0 && value > 0.0;
        if enough {
            rows[a as usize].push((b, value));
            if a != b {
                rows[b as usize].push((a, value));
            }
        }
    }
    rows.iter_mut().for_each(|row| row.sort_unstable_by_key(|(column, _)| *column));
    Sparse { rows }
}

/// Divisible by every distance up to the window.
const SHARES: u64 = 720_720;
