//! # Mean, median and standard deviation
//!
//! - average of a list of numbers
//! - median of a Vec<f64>
//! - running mean and variance without storing all values (Welford)
//!
//! The sum over the count is the mean; the median is the middle of the sorted values. Welford's method updates mean and variance with
//! each value, needs no memory and does not lose digits as the difference of two large sums would.
//!
//! Pitfalls:
//! - Nothing has no mean: return an `Option` and not 0 or NaN.

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        length if length % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

#[derive(Default)]
struct Running {
    count: u32,
    mean: f64,
    squares: f64,
}

impl Running {
    fn add(&mut self, value: f64) {
        self.count += 1;
        let before = value - self.mean;
        self.mean += before / f64::from(self.count);
        self.squares += before * (value - self.mean);
    }

    /// Of the sample: divided by one less than the count.
    fn deviation(&self) -> Option<f64> {
        (self.count > 1).then(|| (self.squares / f64::from(self.count - 1)).sqrt())
    }
}

fn main() {
    let values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
    assert_eq!(mean(&values), Some(5.0));
    assert_eq!(median(&values), Some(4.5));
    assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
    assert_eq!((mean(&[]), median(&[])), (None, None));

    let mut running = Running::default();
    values.iter().for_each(|value| running.add(1e9 + value));
    assert!((running.mean - 1e9 - 5.0).abs() < 1e-6);
    assert!((running.deviation().expect("eight values") - 2.138).abs() < 1e-3);
}
