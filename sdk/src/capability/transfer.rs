//! How far a transfer of many parts has come: a list, a mission, a file, a log.

/// Parts done and parts in all (parameters, items or bytes, as the call says).
///
/// ```
/// use flightsmith_sdk::capability::transfer::Progress;
/// assert_eq!(Progress { done: 3, total: 12 }.percent(), 25.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Parts that are there.
    pub done: u32,
    /// Parts in all, as far as known.
    pub total: u32,
}

impl Progress {
    /// 0 to 100; 100 where there is nothing to do.
    ///
    /// ```
    /// use flightsmith_sdk::capability::transfer::Progress;
    /// assert_eq!(Progress { done: 1, total: 8 }.percent(), 12.5);
    /// assert_eq!(Progress { done: 0, total: 0 }.percent(), 100.0);
    /// ```
    pub fn percent(&self) -> f64 {
        if self.total == 0 { 100.0 } else { 100.0 * f64::from(self.done) / f64::from(self.total) }
    }
}
