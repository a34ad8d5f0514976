//! State that a driver, a mission and any number of capability handles share.
//!
//! With `std` it may be shared between threads, so futures are `Send` and run on any executor; without, one executor polls all.

#[cfg(not(feature = "std"))]
mod cell {
    use alloc::rc::Rc;
    use core::cell::RefCell;

    #[derive(Debug)]
    pub(crate) struct Shared<T>(Rc<RefCell<T>>);

    impl<T> Shared<T> {
        pub(crate) fn new(value: T) -> Self {
            Self(Rc::new(RefCell::new(value)))
        }
        pub(crate) fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
            f(&mut self.0.borrow_mut())
        }
    }
    impl<T> Clone for Shared<T> {
        fn clone(&self) -> Self {
            Self(Rc::clone(&self.0))
        }
    }

    /// What futures must be on this platform.
    ///
    /// ```
    /// use flightsmith_sdk::{MaybeSend, prelude::*};
    /// /// Flies east until `done` says so; on a PC `done` must be `Send`, on a microcontroller it need not be.
    /// async fn east_until(
    ///     vehicle: &mut Vehicle<Airborne>,
    ///     done: impl FnMut(&FlightState) -> bool + MaybeSend,
    /// ) -> Result<bool, FlightError> {
    ///     let east = VelocityNed::towards(Degrees(90.0), MetresPerSecond(2.0));
    ///     vehicle.offboard().fly_until(east, Seconds(20.0), done).await
    /// }
    /// # let _ = async |vehicle: &mut Vehicle<Airborne>| east_until(vehicle, |now| now.altitude() < AboveHome(5.0)).await;
    /// ```
    pub trait MaybeSend {}
    impl<T: ?Sized> MaybeSend for T {}

    /// A boxed future.
    pub(crate) type Boxed<'a, T> = core::pin::Pin<alloc::boxed::Box<dyn Future<Output = T> + 'a>>;
}

#[cfg(feature = "std")]
mod cell {
    use std::sync::{Arc, Mutex, PoisonError};

    #[derive(Debug)]
    pub(crate) struct Shared<T>(Arc<Mutex<T>>);

    impl<T> Shared<T> {
        pub(crate) fn new(value: T) -> Self {
            Self(Arc::new(Mutex::new(value)))
        }
        pub(crate) fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
            // A panic elsewhere must not keep the way home from being commanded; the state is plain values, whole at any time.
            f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
        }
    }
    impl<T> Clone for Shared<T> {
        fn clone(&self) -> Self {
            Self(Arc::clone(&self.0))
        }
    }

    /// What futures must be on this platform.
    ///
    /// ```
    /// use flightsmith_sdk::{MaybeSend, prelude::*};
    /// /// Flies east until `done` says so; on a PC `done` must be `Send`, on a microcontroller it need not be.
    /// async fn east_until(
    ///     vehicle: &mut Vehicle<Airborne>,
    ///     done: impl FnMut(&FlightState) -> bool + MaybeSend,
    /// ) -> Result<bool, FlightError> {
    ///     let east = VelocityNed::towards(Degrees(90.0), MetresPerSecond(2.0));
    ///     vehicle.offboard().fly_until(east, Seconds(20.0), done).await
    /// }
    /// # let _ = async |vehicle: &mut Vehicle<Airborne>| east_until(vehicle, |now| now.altitude() < AboveHome(5.0)).await;
    /// ```
    pub trait MaybeSend: Send {}
    impl<T: Send + ?Sized> MaybeSend for T {}

    /// A boxed future.
    pub(crate) type Boxed<'a, T> = core::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
}

pub use cell::MaybeSend;
pub(crate) use cell::{Boxed, Shared};
