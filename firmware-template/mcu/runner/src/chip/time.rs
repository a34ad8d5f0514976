//! Time in milliseconds since the chip started, from the core's own timer, for embassy and for the watchdog.
use super::clock::Clocks;
use core::cell::{Cell, RefCell};
use core::task::Waker;
use cortex_m::peripheral::{SYST, syst::SystClkSource};
use embassy_sync::blocking_mutex::{Mutex, raw::CriticalSectionRawMutex};
use embassy_time_queue_utils::Queue;

struct CoreTimer {
    now_ms: Mutex<CriticalSectionRawMutex, Cell<u64>>,
    queue: Mutex<CriticalSectionRawMutex, RefCell<Queue>>,
}

embassy_time_driver::time_driver_impl!(static TIMER: CoreTimer = CoreTimer {
    now_ms: Mutex::new(Cell::new(0)),
    queue: Mutex::new(RefCell::new(Queue::new())),
});

impl embassy_time_driver::Driver for CoreTimer {
    fn now(&self) -> u64 {
        self.now_ms.lock(Cell::get)
    }
    fn schedule_wake(&self, at: u64, waker: &Waker) {
        // The next tick looks at the queue in any case.
        self.queue.lock(|queue| queue.borrow_mut().schedule_wake(at, waker));
    }
}

/// Starts the timer.
pub(crate) fn begin(clocks: &Clocks) {
    // SAFETY: nothing else uses the core's timer.
    let mut timer: SYST = unsafe { cortex_m::Peripherals::steal() }.SYST;
    timer.set_clock_source(SystClkSource::Core);
    timer.set_reload(clocks.core_hz / 1000 - 1);
    timer.clear_current();
    timer.enable_counter();
    timer.enable_interrupt();
}

/// Milliseconds since the start.
pub(crate) fn now_ms() -> u64 {
    TIMER.now_ms.lock(Cell::get)
}

/// A millisecond has passed.
pub(crate) fn on_tick() {
    let now = TIMER.now_ms.lock(|now| {
        now.set(now.get() + 1);
        now.get()
    });
    TIMER.queue.lock(|queue| queue.borrow_mut().next_expiration(now));
}
