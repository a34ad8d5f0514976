//! # A vector without allocation
//!
//! - no heap: store up to N elements
//! - Vec in no_std without alloc
//! - MaybeUninit array, or simply Option
//!
//! An array and a length make a list of bounded size; `push` says when it is full, for nobody can allocate more. With `T: Copy +
//! Default` the unused places hold the default and no `unsafe` is needed. As a slice it has everything that slices have.
//!
//! Pitfalls:
//! - Large ones live on the stack: mind its size on a microcontroller.

use core::ops::Deref;

#[derive(Debug, Clone)]
struct Bounded<T, const N: usize> {
    places: [T; N],
    length: usize,
}

/// What did not fit comes back.
#[derive(Debug, PartialEq)]
struct Full<T>(T);

impl<T: Copy + Default, const N: usize> Bounded<T, N> {
    fn new() -> Self {
        Self { places: [T::default(); N], length: 0 }
    }

    fn push(&mut self, value: T) -> Result<(), Full<T>> {
        let place = self.places.get_mut(self.length).ok_or(Full(value))?;
        *place = value;
        self.length += 1;
        Ok(())
    }

    fn pop(&mut self) -> Option<T> {
        self.length = self.length.checked_sub(1)?;
        Some(self.places[self.length])
    }
}

impl<T, const N: usize> Deref for Bounded<T, N> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.places[..self.length]
    }
}

fn main() {
    let mut list: Bounded<u16, 3> = Bounded::new();
    assert!(list.is_empty());
    for value in [7, 8, 9] {
        assert_eq!(list.push(value), Ok(()));
    }
    assert_eq!(list.push(10), Err(Full(10)));
    assert_eq!(list.iter().sum::<u16>(), 24);
    assert_eq!((list.pop(), list.len(), list.first()), (Some(9), 2, Some(&7)));
}
