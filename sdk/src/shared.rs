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
    pub trait MaybeSend: Send {}
    impl<T: Send + ?Sized> MaybeSend for T {}

    /// A boxed future.
    pub(crate) type Boxed<'a, T> = core::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
}

pub use cell::MaybeSend;
pub(crate) use cell::{Boxed, Shared};
