//! The heap, and how much of heap and stack was used.
use core::alloc::{GlobalAlloc, Layout};
use core::sync::atomic::{AtomicUsize, Ordering};
use embedded_alloc::LlffHeap;

/// Bytes of heap: the README's mission uses 13 KB of it.
const HEAP: usize = 16 * 1024;

#[global_allocator]
static ALLOCATOR: Watched = Watched { heap: LlffHeap::empty(), most_used: AtomicUsize::new(0) };

/// A heap that remembers its highest use.
struct Watched {
    heap: LlffHeap,
    most_used: AtomicUsize,
}

// SAFETY: everything is the inner heap's doing.
unsafe impl GlobalAlloc for Watched {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is passed on.
        let memory = unsafe { self.heap.alloc(layout) };
        self.most_used.fetch_max(self.heap.used(), Ordering::Relaxed);
        memory
    }
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { self.heap.dealloc(memory, layout) }
    }
}

/// Hands the heap its memory.
pub(crate) fn begin() {
    static mut ARENA: [u8; HEAP] = [0; HEAP];
    // SAFETY: called once, before anything is allocated; nobody else names the arena.
    unsafe { ALLOCATOR.heap.init(&raw mut ARENA as usize, HEAP) }
}

unsafe extern "C" {
    static _stack_start: u32;
    static _stack_end: u32;
}

/// What `cortex-m-rt` fills the stack with before it is used.
const PAINT: u32 = 0xCCCC_CCCC;

/// Bytes of stack that were ever used.
fn stack_used() -> usize {
    let (top, mut at) = (&raw const _stack_start, &raw const _stack_end);
    // SAFETY: the stack's whole memory is there, from end to start.
    unsafe {
        while at < top && at.read_volatile() == PAINT {
            at = at.add(1);
        }
        top.byte_offset_from(at) as usize
    }
}

/// Says what was used at most.
pub(crate) fn report() {
    let (top, end) = (&raw const _stack_start as usize, &raw const _stack_end as usize);
    super::log::line(format_args!(
        "{{\"memory\": {{\"heap_used_bytes\": {}, \"heap_bytes\": {HEAP}, \"stack_used_bytes\": {}, \"stack_bytes\": {}, \"uart_bytes_lost\": {}}}}}",
        ALLOCATOR.most_used.load(Ordering::Relaxed),
        stack_used(),
        top - end,
        super::uart::lost(),
    ));
}
