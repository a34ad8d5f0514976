//! # Async methods in a trait, also behind dyn
//!
//! - How do I write an async fn in a trait?
//! - the trait is not dyn compatible because of an async method (E0038)
//! - return a boxed future Pin<Box<dyn Future>>
//!
//! `async fn` in a trait works for generic code. It is not dyn compatible, because each implementation returns a future of another
//! size. For `dyn`, let the method return `Pin<Box<dyn Future + '_>>`, which costs an allocation a call.
//!
//! Pitfalls:
//! - Add `+ Send` to the boxed future if it is to run on a thread pool.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// For generic callers.
trait Sensor {
    async fn read_c(&self) -> f64;
}

/// For callers that hold many kinds at once.
trait DynSensor {
    fn read_c(&self) -> Pin<Box<dyn Future<Output = f64> + '_>>;
}

impl<S: Sensor> DynSensor for S {
    fn read_c(&self) -> Pin<Box<dyn Future<Output = f64> + '_>> {
        Box::pin(Sensor::read_c(self))
    }
}

struct Fixed(f64);
impl Sensor for Fixed {
    async fn read_c(&self) -> f64 {
        self.0
    }
}

struct Mean(Fixed, Fixed);
impl Sensor for Mean {
    async fn read_c(&self) -> f64 {
        (Sensor::read_c(&self.0).await + Sensor::read_c(&self.1).await) / 2.0
    }
}

/// These futures never wait, so one poll is enough.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

fn main() {
    let sensors: Vec<Box<dyn DynSensor>> = vec![Box::new(Fixed(20.0)), Box::new(Mean(Fixed(10.0), Fixed(12.0)))];
    let total: f64 = sensors.iter().map(|sensor| now(sensor.read_c())).sum();
    assert_eq!(total, 31.0);
}
