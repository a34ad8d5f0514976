//! # Pass values from an interrupt to the main loop
//!
//! - lock-free queue with atomics in no_std
//! - share data between an interrupt and main
//! - Ordering Acquire and Release explained
//!
//! One writer and one reader need no lock: the writer stores the value and then *releases* the new end; the reader *acquires* the end
//! and then reads what was stored before it. Values are kept in atomics here, so no `unsafe` is needed.
//!
//! Pitfalls:
//! - With two writers or two readers this is wrong: make that impossible, for example by handing out one handle each.
//! - Some small cores have no compare-and-swap; loads and stores are enough here.

use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

struct Queue<const N: usize> {
    values: [AtomicU32; N],
    written: AtomicUsize,
    read: AtomicUsize,
}

struct Writer<'q, const N: usize>(&'q Queue<N>);
struct Reader<'q, const N: usize>(&'q Queue<N>);

impl<const N: usize> Queue<N> {
    const fn new() -> Self {
        Self { values: [const { AtomicU32::new(0) }; N], written: AtomicUsize::new(0), read: AtomicUsize::new(0) }
    }
    /// One handle each, as long as the queue is borrowed.
    fn split(&mut self) -> (Writer<'_, N>, Reader<'_, N>) {
        (Writer(self), Reader(self))
    }
}

impl<const N: usize> Writer<'_, N> {
    fn push(&mut self, value: u32) -> bool {
        let written = self.0.written.load(Ordering::Relaxed);
        if written.wrapping_sub(self.0.read.load(Ordering::Acquire)) == N {
            return false;
        }
        self.0.values[written % N].store(value, Ordering::Relaxed);
        self.0.written.store(written.wrapping_add(1), Ordering::Release);
        true
    }
}

impl<const N: usize> Reader<'_, N> {
    fn pop(&mut self) -> Option<u32> {
        let read = self.0.read.load(Ordering::Relaxed);
        if read == self.0.written.load(Ordering::Acquire) {
            return None;
        }
        let value = self.0.values[read % N].load(Ordering::Relaxed);
        self.0.read.store(read.wrapping_add(1), Ordering::Release);
        Some(value)
    }
}

fn main() {
    let mut queue = Queue::<8>::new();
    let (mut writer, mut reader) = queue.split();
    let sum = std::thread::scope(|scope| {
        scope.spawn(move || {
            for value in 1..=1000 {
                while !writer.push(value) {
                    std::thread::yield_now();
                }
            }
        });
        let (mut sum, mut last) = (0_u64, 0);
        while last < 1000 {
            match reader.pop() {
                Some(value) => {
                    assert_eq!(value, last + 1, "in order, none lost");
                    last = value;
                    sum += u64::from(value);
                }
                None => std::thread::yield_now(),
            }
        }
        sum
    });
    assert_eq!(sum, 500_500);
}
