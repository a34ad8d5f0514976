//! embassy's executor for this chip: sleeps until an interrupt when there is nothing to do.
//!
//! Not embassy's own thread executor, which waits by WFE: an emulator does not sleep there.
use core::sync::atomic::{AtomicBool, Ordering};
use embassy_executor::{Spawner, raw};

static PENDING: AtomicBool = AtomicBool::new(false);

#[unsafe(export_name = "__pender")]
fn pend(_context: *mut ()) {
    PENDING.store(true, Ordering::Release);
}

/// Runs what `begin` spawns, for ever.
pub(crate) fn run(begin: impl FnOnce(Spawner)) -> ! {
    let executor = alloc::boxed::Box::leak(alloc::boxed::Box::new(raw::Executor::new(core::ptr::null_mut())));
    begin(executor.spawner());
    loop {
        PENDING.store(false, Ordering::Release);
        // SAFETY: called from here alone, and the pender does not.
        unsafe { executor.poll() };
        // An interrupt between the look and the sleep ends the sleep at once, for it is only masked.
        cortex_m::interrupt::disable();
        if !PENDING.load(Ordering::Acquire) {
            cortex_m::asm::wfi();
        }
        // SAFETY: they were enabled before.
        unsafe { cortex_m::interrupt::enable() };
    }
}
