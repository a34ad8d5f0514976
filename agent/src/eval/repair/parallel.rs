//! Work on many cases with a few threads: a compiler each.
use super::compiler::EvalError;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// So many, where nobody says otherwise.
pub const THREADS: usize = 2;

/// `work` on every item, each thread with a tool of its own; results in the order of the items. The first error ends it.
pub fn map<I: Sync, T, R: Send>(
    items: &[I],
    tool: impl Fn() -> Result<T, EvalError> + Sync,
    work: impl Fn(&mut T, &I) -> Result<R, EvalError> + Sync,
) -> Result<Vec<R>, EvalError> {
    map_with(THREADS, items, tool, work)
}

/// The same with so many threads.
pub fn map_with<I: Sync, T, R: Send>(
    threads: usize,
    items: &[I],
    tool: impl Fn() -> Result<T, EvalError> + Sync,
    work: impl Fn(&mut T, &I) -> Result<R, EvalError> + Sync,
) -> Result<Vec<R>, EvalError> {
    let next = AtomicUsize::new(0);
    let failed: Mutex<Option<EvalError>> = Mutex::new(None);
    let results: Mutex<Vec<Option<R>>> = Mutex::new(items.iter().map(|_| None).collect());
    let fail = |error| {
        next.store(items.len(), Ordering::SeqCst);
        failed.lock().expect("no thread panics with it").get_or_insert(error);
    };
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, items.len().max(1)) {
            scope.spawn(|| {
                let mut tool = match tool() {
                    Ok(tool) => tool,
                    Err(error) => return fail(error),
                };
                loop {
                    let index = next.fetch_add(1, Ordering::SeqCst);
                    let Some(item) = items.get(index) else { return };
                    match work(&mut tool, item) {
                        Ok(result) => results.lock().expect("no thread panics with it")[index] = Some(result),
                        Err(error) => return fail(error),
                    }
                }
            });
        }
    });
    match failed.into_inner().expect("no thread panicked") {
        Some(error) => Err(error),
        None => Ok(results.into_inner().expect("no thread panicked").into_iter().flatten().collect()),
    }
}
