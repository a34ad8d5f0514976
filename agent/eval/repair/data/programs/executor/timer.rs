//! Ticks, and futures that wait for them.
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

#[derive(Default)]
pub struct Clock {
    now: Cell<u64>,
    waiting: RefCell<Vec<(u64, Waker)>>,
}

impl Clock {
    pub fn now(&self) -> u64 {
        self.now.get()
    }

    pub fn advance(&self) {
        let now = self.now.get() + 1;
        self.now.set(now);
        let due: Vec<Waker> = {
            let mut waiting = self.waiting.borrow_mut();
            let (due, later) = waiting.drain(..).partition(|(at, _)| *at <= now);
            *waiting = later;
            let due: Vec<(u64, Waker)> = due;
            due.into_iter().map(|(_, waker)| waker).collect()
        };
        for waker in due {
            waker.wake();
        }
    }

    pub fn sleep(self: &Rc<Self>, ticks: u64) -> Sleep {
        Sleep { clock: Rc::clone(self), until: self.now() + ticks }
    }
}

pub struct Sleep {
    clock: Rc<Clock>,
    until: u64,
}

impl Future for Sleep {
    type Output = u64;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u64> {
        let now = self.clock.now();
        if now >= self.until {
            return Poll::Ready(now);
        }
        let waiting = (self.until, context.waker().clone());
        self.clock.waiting.borrow_mut().push(waiting);
        Poll::Pending
    }
}
