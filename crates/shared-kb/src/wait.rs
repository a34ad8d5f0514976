//! A server is spoken to without blocking, and asked by callers who wait. Each wait has its limit.
use crate::error::SharedError;
use std::time::Duration;
use tokio::runtime::Runtime;

/// The little reactor that a connection needs.
pub(crate) struct Reactor(Option<Runtime>);

impl Reactor {
    pub(crate) fn new(server: &str) -> Result<Self, SharedError> {
        let built = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let failed =
            |error: std::io::Error| SharedError::Unreachable { server: server.into(), reason: error.to_string() };
        Ok(Self(Some(built.map_err(failed)?)))
    }

    /// Waits for `work`, from any thread, also from one that belongs to another reactor.
    pub(crate) fn wait<T: Send>(
        &self,
        work: impl AsyncFnOnce() -> Result<T, SharedError> + Send,
    ) -> Result<T, SharedError> {
        let runtime = self.0.as_ref().expect("there until it is dropped");
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| runtime.block_on(work()));
            waiting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }
}

impl Drop for Reactor {
    fn drop(&mut self) {
        // A reactor must not wait for its own end on a thread of another one.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// `work`, given up after `limit`.
pub(crate) async fn within<T>(
    limit: Duration,
    server: &str,
    what: &'static str,
    work: impl Future<Output = Result<T, SharedError>>,
) -> Result<T, SharedError> {
    let too_slow = || SharedError::TooSlow { server: server.into(), what, limit_ms: limit.as_millis() };
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| Err(too_slow()))
}
