//! Small dense matrices over any number.
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Index, IndexMut, Mul, Neg, Sub};

/// What a matrix is made of.
pub trait Number: Copy + Default + PartialEq + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Sum {
    const ONE: Self;
}

impl Number for i64 {
    const ONE: Self = 1;
}

impl Number for f64 {
    const ONE: Self = 1.0;
}

#[derive(Debug, Clone, PartialEq)]
pub struct Matrix<T> {
    rows: usize,
    columns: usize,
    cells: Vec<T>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShapeError {
    Ragged { row: usize, expected: usize, found: usize },
    Product { left: (usize, usize), right: (usize, usize) },
    NotSquare { rows: usize, columns: usize },
}

impl<T: Number> Matrix<T> {
    pub fn zero(rows: usize, columns: usize) -> Self {
        Matrix { rows, columns, cells: vec![T::default(); rows * columns] }
    }

    pub fn identity(size: usize) -> Self {
        let mut matrix = Self::zero(size, size);
        for index in 0..size {
            matrix[(index, index)] = T::ONE;
        }
        matrix
    }

    pub fn from_rows(rows: &[Vec<T>]) -> Result<Self, ShapeError> {
        let columns = rows.first().map_or(0, Vec::len);
        let mut cells = Vec::with_capacity(rows.len() * columns);
        for (row, values) in rows.iter().enumerate() {
            if values.len() != columns {
                return Err(ShapeError::Ragged { row, expected: columns, found: values.len() });
            }
            cells.extend_from_slice(values);
        }
        Ok(Matrix { rows: rows.len(), columns, cells })
    }

    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    pub fn row(&self, row: usize) -> &[T] {
        let start = row * self.columns;
        &self.cells[start..start + self.columns]
    }

    pub fn column(&self, column: usize) -> impl Iterator<Item = T> + '_ {
        (0..self.rows).map(move |row| self[(row, column)])
    }

    pub fn transposed(&self) -> Self {
        let mut other = Self::zero(self.columns, self.rows);
        for row in 0..self.rows {
            for column in 0..self.columns {
                other[(column, row)] = self[(row, column)];
            }
        }
        other
    }

    pub fn times(&self, other: &Matrix<T>) -> Result<Matrix<T>, ShapeError> {
        if self.columns != other.rows {
            return Err(ShapeError::Product { left: self.shape(), right: other.shape() });
        }
        let mut product = Self::zero(self.rows, other.columns);
        for row in 0..self.rows {
            for column in 0..other.columns {
                let pairs = self.row(row).iter().copied().zip(other.column(column));
                product[(row, column)] = pairs.map(|(left, right)| left * right).sum();
            }
        }
        Ok(product)
    }

    pub fn power(&self, exponent: u32) -> Result<Self, ShapeError> {
        if self.rows != self.columns {
            return Err(ShapeError::NotSquare { rows: self.rows, columns: self.columns });
        }
        let mut result = Self::identity(self.rows);
        for _ in 0..exponent {
            result = result.times(self)?;
        }
        Ok(result)
    }

    pub fn trace(&self) -> T {
        (0..self.rows.min(self.columns)).map(|index| self[(index, index)]).sum()
    }
}

impl<T> Index<(usize, usize)> for Matrix<T> {
    type Output = T;

    fn index(&self, (row, column): (usize, usize)) -> &T {
        &self.cells[row * self.columns + column]
    }
}

impl<T> IndexMut<(usize, usize)> for Matrix<T> {
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut T {
        &mut self.cells[row * self.columns + column]
    }
}

impl<T: Number + Neg<Output = T>> Neg for Matrix<T> {
    type Output = Matrix<T>;

    fn neg(mut self) -> Matrix<T> {
        for cell in &mut self.cells {
            *cell = -*cell;
        }
        self
    }
}

impl<T: Number + fmt::Display> fmt::Display for Matrix<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in 0..self.rows {
            let cells: Vec<String> = self.row(row).iter().map(|cell| cell.to_string()).collect();
            writeln!(f, "[{}]", cells.join(", "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
