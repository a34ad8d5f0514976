//! # A two-dimensional grid
//!
//! - 2D array in Rust with a size known at run time
//! - neighbours of a cell without index out of bounds
//! - flood fill
//!
//! One flat `Vec` with a width is smaller and faster than a `Vec` of `Vec`s, and cannot have ragged rows. `checked_add_signed` keeps
//! neighbour coordinates from wrapping below zero; `get` handles the rest.
//!
//! Pitfalls:
//! - Choose once whether it is `(row, column)` or `(x, y)`, and stay with it.

struct Grid<T> {
    columns: usize,
    cells: Vec<T>,
}

impl<T> Grid<T> {
    fn get(&self, (row, column): (usize, usize)) -> Option<&T> {
        if column < self.columns { self.cells.get(row * self.columns + column) } else { None }
    }

    fn neighbours(&self, (row, column): (usize, usize)) -> impl Iterator<Item = (usize, usize)> + '_ {
        [(-1, 0), (0, 1), (1, 0), (0, -1)]
            .into_iter()
            .filter_map(move |(down, right)| Some((row.checked_add_signed(down)?, column.checked_add_signed(right)?)))
            .filter(|place| self.get(*place).is_some())
    }
}

fn parse(map: &str) -> Grid<char> {
    let columns = map.lines().next().map_or(0, |line| line.chars().count());
    Grid { columns, cells: map.lines().flat_map(str::chars).collect() }
}

/// How many cells are reached from `start` over cells like it.
fn area(grid: &Grid<char>, start: (usize, usize)) -> usize {
    let mut seen = vec![start];
    let mut next = 0;
    while let Some(&place) = seen.get(next) {
        next += 1;
        for neighbour in grid.neighbours(place) {
            if grid.get(neighbour) == grid.get(start) && !seen.contains(&neighbour) {
                seen.push(neighbour);
            }
        }
    }
    seen.len()
}

fn main() {
    let grid = parse("..#\n.##\n#..");
    assert_eq!(grid.get((0, 2)), Some(&'#'));
    assert_eq!(grid.get((3, 0)), None);
    assert_eq!(grid.get((0, 3)), None);
    assert_eq!(grid.neighbours((0, 0)).collect::<Vec<_>>(), [(0, 1), (1, 0)]);
    assert_eq!((area(&grid, (0, 0)), area(&grid, (1, 1)), area(&grid, (2, 2))), (3, 3, 2));
}
