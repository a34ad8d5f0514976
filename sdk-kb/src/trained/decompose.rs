//! The largest eigenvalues of a sparse symmetric matrix and their vectors: randomised subspace iteration (Halko, Martinsson and Tropp 2011),
//! then Jacobi's method on the small rest.
//!
//! Sums run in a fixed order, one thread, with no function of the system's mathematics library: the same bits on every machine.
use super::cooccurrence::Sparse;

const MORE: usize = 16;
const ROUNDS: usize = 5;

/// The `dims` eigenvalues of the largest size, and per row of the matrix its components along their vectors.
pub(super) fn largest(matrix: &Sparse, dims: usize, seed: u64) -> (Vec<f32>, Vec<Vec<f32>>) {
    let (rows, width) = (matrix.rows.len(), dims + MORE);
    let mut random = seed;
    let mut basis: Vec<Vec<f32>> = (0..rows)
        .map(|_| (0..width).map(|_| if split_mix(&mut random) >> 63 == 0 { 1.0 } else { -1.0 }).collect())
        .collect();
    orthonormalise(&mut basis, width);
    for _ in 0..ROUNDS {
        basis = product(matrix, &basis, width);
        orthonormalise(&mut basis, width);
    }
    let image = product(matrix, &basis, width);
    let mut small = vec![vec![0.0_f64; width]; width];
    for (row, image) in basis.iter().zip(&image) {
        for (left, small) in row.iter().zip(&mut small) {
            for (sum, right) in small.iter_mut().zip(image) {
                *sum += f64::from(*left) * f64::from(*right);
            }
        }
    }
    let (values, vectors) = jacobi(small);
    let mut order: Vec<usize> = (0..width).collect();
    order.sort_by(|a, b| values[*b].abs().total_cmp(&values[*a].abs()).then(a.cmp(b)));
    order.truncate(dims);
    let components = basis
        .iter()
        .map(|row| {
            let along = |number: &usize| -> f64 {
                row.iter().zip(&vectors).map(|(x, vector)| f64::from(*x) * vector[*number]).sum()
            };
            order.iter().map(|number| along(number) as f32).collect()
        })
        .collect();
    (order.iter().map(|number| values[*number] as f32).collect(), components)
}

fn product(matrix: &Sparse, basis: &[Vec<f32>], width: usize) -> Vec<Vec<f32>> {
    let row_product = |row: &Vec<(u32, f32)>| {
        let mut sums = vec![0.0_f32; width];
        for (column, value) in row {
            for (sum, x) in sums.iter_mut().zip(&basis[*column as usize]) {
                *sum += value * x;
            }
        }
        sums
    };
    matrix.rows.iter().map(row_product).collect()
}

/// Gram and Schmidt's way, twice over: columns of length 1, each at a right angle to the others.
fn orthonormalise(basis: &mut [Vec<f32>], width: usize) {
    for column in 0..width {
        for _ in 0..2 {
            let mut along = vec![0.0_f64; column];
            for row in basis.iter() {
                let x = f64::from(row[column]);
                for (sum, earlier) in along.iter_mut().zip(row) {
                    *sum += x * f64::from(*earlier);
                }
            }
            for row in basis.iter_mut() {
                let (earlier, rest) = row.split_at_mut(column);
                let shadow: f64 = along.iter().zip(earlier.iter()).map(|(along, x)| along * f64::from(*x)).sum();
                rest[0] -= shadow as f32;
            }
        }
        let length = basis.iter().map(|row| f64::from(row[column]) * f64::from(row[column])).sum::<f64>().sqrt();
        // A column that has vanished lies in the span of the others: it stays zero and gets no eigenvalue.
        let scale = if length > 1e-9 { 1.0 / length } else { 0.0 };
        for row in basis.iter_mut() {
            row[column] = (f64::from(row[column]) * scale) as f32;
        }
    }
}

/// Eigenvalues of a small symmetric matrix, and the vectors as columns.
fn jacobi(mut matrix: Vec<Vec<f64>>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let size = matrix.len();
    let mut vectors: Vec<Vec<f64>> =
        (0..size).map(|row| (0..size).map(|column| f64::from(u8::from(row == column))).collect()).collect();
    const SWEEPS: usize = 30;
    for _ in 0..SWEEPS {
        let off: f64 = (0..size)
            .flat_map(|row| (0..row).map(move |column| (row, column)))
            .map(|(r, c)| matrix[r][c] * matrix[r][c])
            .sum();
        let on: f64 = (0..size).map(|place| matrix[place][place] * matrix[place][place]).sum();
        if off <= 1e-20 * on {
            break;
        }
        for p in 0..size {
            for q in p + 1..size {
                rotate(&mut matrix, &mut vectors, p, q);
            }
        }
    }
    ((0..size).map(|place| matrix[place][place]).collect(), vectors)
}

/// Turns the plane of `p` and `q` so that what couples them vanishes.
fn rotate(matrix: &mut [Vec<f64>], vectors: &mut [Vec<f64>], p: usize, q: usize) {
    let coupling = matrix[p][q];
    if coupling == 0.0 {
        return;
    }
    let theta = (matrix[q][q] - matrix[p][p]) / (2.0 * coupling);
    let tangent = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let tangent = if theta == 0.0 { 1.0 } else { tangent };
    let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
    let sine = tangent * cosine;
    for row in matrix.iter_mut() {
        let (x, y) = (row[p], row[q]);
        (row[p], row[q]) = (cosine * x - sine * y, sine * x + cosine * y);
    }
    let (head, tail) = matrix.split_at_mut(q);
    for (x, y) in head[p].iter_mut().zip(&mut tail[0]) {
        (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
    }
    for row in vectors.iter_mut() {
        let (x, y) = (row[p], row[q]);
        (row[p], row[q]) = (cosine * x - sine * y, sine * x + cosine * y);
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvalues_of_a_matrix_that_is_known() {
        // Two blocks: 3 and 1 from [[2, 1], [1, 2]], and -5 alone.
        let rows = vec![vec![(0, 2.0), (1, 1.0)], vec![(0, 1.0), (1, 2.0)], vec![(2, -5.0)]];
        let (values, components) = largest(&Sparse { rows }, 2, 1);
        assert!((values[0] + 5.0).abs() < 1e-4 && (values[1] - 3.0).abs() < 1e-4, "{values:?}");
        assert!((components[2][0].abs() - 1.0).abs() < 1e-4 && components[2][1].abs() < 1e-4);
        assert!((components[0][1] - components[1][1]).abs() < 1e-4);
    }
}
