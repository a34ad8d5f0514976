use super::*;

fn matrix(rows: &[&[i64]]) -> Matrix<i64> {
    let rows: Vec<Vec<i64>> = rows.iter().map(|row| row.to_vec()).collect();
    Matrix::from_rows(&rows).unwrap()
}

#[test]
fn products_and_powers() {
    let a = matrix(&[&[1, 2], &[3, 4]]);
    assert_eq!(a.times(&matrix(&[&[5, 6], &[7, 8]])).unwrap(), matrix(&[&[19, 22], &[43, 50]]));
    assert_eq!(a.times(&Matrix::identity(2)).unwrap(), a);
    let fibonacci = matrix(&[&[1, 1], &[1, 0]]).power(10).unwrap();
    assert_eq!(fibonacci[(0, 1)], 55);
    assert_eq!(a.power(0).unwrap(), Matrix::identity(2));
    assert_eq!(a.trace(), 5);
}

#[test]
fn shapes_are_checked() {
    let wide = matrix(&[&[1, 2, 3], &[4, 5, 6]]);
    assert_eq!(wide.shape(), (2, 3));
    assert_eq!(wide.times(&wide), Err(ShapeError::Product { left: (2, 3), right: (2, 3) }));
    assert_eq!(wide.power(2), Err(ShapeError::NotSquare { rows: 2, columns: 3 }));
    let ragged = Matrix::from_rows(&[vec![1.0, 2.0], vec![3.0]]);
    assert_eq!(ragged, Err(ShapeError::Ragged { row: 1, expected: 2, found: 1 }));
    assert_eq!(Matrix::<f64>::from_rows(&[]).unwrap().shape(), (0, 0));
}

#[test]
fn turned_negated_and_shown() {
    let wide = matrix(&[&[1, 2, 3], &[4, 5, 6]]);
    assert_eq!(wide.transposed(), matrix(&[&[1, 4], &[2, 5], &[3, 6]]));
    assert_eq!(wide.column(1).collect::<Vec<_>>(), [2, 5]);
    assert_eq!((-wide.clone()).row(1), [-4, -5, -6]);
    assert_eq!(wide.to_string(), "[1, 2, 3]\n[4, 5, 6]\n");
}
