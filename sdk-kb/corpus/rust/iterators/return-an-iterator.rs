//! # Return an iterator from a function
//!
//! - what is the return type of map and filter?
//! - return impl Iterator with a borrowed argument
//! - match arms have different iterator types
//!
//! The real type of a chain cannot be written down; return `impl Iterator<Item = T>`. In edition 2024 it captures the lifetimes of
//! the arguments by itself. If branches give different chains, box them, or put the condition inside one chain.
//!
//! Pitfalls:
//! - A closure in the chain that uses an argument by reference needs `move`.

fn multiples(of: u32) -> impl Iterator<Item = u32> {
    (1..).map(move |factor| factor * of)
}

fn commands(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

/// Two types behind one.
fn visit(count: usize, backwards: bool) -> Box<dyn Iterator<Item = usize>> {
    if backwards { Box::new((0..count).rev()) } else { Box::new(0..count) }
}

/// The same without a box: one chain that is told what to do.
fn visit_by_index(count: usize, backwards: bool) -> impl Iterator<Item = usize> {
    (0..count).map(move |index| if backwards { count - 1 - index } else { index })
}

fn main() {
    assert_eq!(multiples(7).skip(2).take(2).collect::<Vec<_>>(), [21, 28]);
    assert_eq!(commands("arm; take off;;\nland").collect::<Vec<_>>(), ["arm", "take off", "land"]);
    assert_eq!(visit(3, true).collect::<Vec<_>>(), [2, 1, 0]);
    assert!(visit_by_index(3, true).eq(visit(3, true)));
    assert!(visit_by_index(3, false).eq(0..3));
}
