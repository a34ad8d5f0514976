//! Whatever comes over a link while everything listens and asks: no panic, no hang, no memory without bound.
//!
//! `sdk/fuzz` does the same with coverage; here it is bounded for every test run.
mod hostile;
use hostile::{Piece, talk};
use proptest::prelude::*;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Counts what is allocated now, and the most that ever was.
struct Counting;
static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[expect(unsafe_code, reason = "a global allocator is an unsafe trait")]
// SAFETY: hands everything over to the system's allocator and only counts.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        MOST.fetch_max(NOW.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

fn piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        4 => any::<u16>().prop_map(Piece::Recorded),
        2 => (any::<u16>(), prop::collection::vec((any::<u8>(), any::<u8>()), 1..4)).prop_map(|(n, flips)| Piece::Flipped(n, flips)),
        2 => (any::<u16>(), prop::collection::vec((any::<u8>(), any::<u8>()), 1..6)).prop_map(|(n, flips)| Piece::Resealed(n, flips)),
        1 => (any::<u16>(), any::<u8>()).prop_map(|(n, length)| Piece::Truncated(n, length)),
        1 => any::<u16>().prop_map(Piece::AsVersion1),
        1 => (any::<u16>(), any::<u8>()).prop_map(|(n, flags)| Piece::WithFlags(n, flags)),
        1 => prop::collection::vec(any::<u8>(), 0..300).prop_map(Piece::Garbage),
        1 => (any::<u16>(), any::<u8>()).prop_map(|(command, result)| Piece::Acknowledged(command, result)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_comes_all_that_waits_comes_to_an_end(
        px4 in any::<bool>(),
        pieces in prop::collection::vec(piece(), 0..400),
        portion in 1_usize..600,
    ) {
        let before = NOW.load(Relaxed);
        MOST.store(before, Relaxed);
        talk(px4, &pieces, portion);
        let most = MOST.load(Relaxed) - before;
        // Inboxes, the kept frames and texts, a list of parameters that a hostile count may ask for.
        prop_assert!(most < 4_000_000, "{} bytes", most);
    }
}
