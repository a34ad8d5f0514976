//! A small executor: tasks, timers that count ticks, and a channel, all in one thread.
mod channel;
mod timer;

pub use channel::{Receiver, Sender, channel};
pub use timer::{Clock, Sleep};

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

struct Task {
    future: Pin<Box<dyn Future<Output = ()>>>,
    woken: Arc<Flag>,
}

/// Tasks and the clock that they wait by.
#[derive(Default)]
pub struct Executor {
    tasks: VecDeque<Task>,
    clock: Rc<Clock>,
}

impl Executor {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn clock(&self) -> Rc<Clock> {
        Rc::clone(&self.clock)
    }

    pub fn spawn<T: 'static>(&mut self, future: impl Future<Output = T> + 'static) -> Rc<RefCell<Option<T>>> {
        let result = Rc::new(RefCell::new(None));
        let slot = Rc::clone(&result);
        let future = Box::pin(async move {
            let value = future.await;
            *slot.borrow_mut() = Some(value);
        });
        self.tasks.push_back(Task { future, woken: Arc::new(Flag(AtomicBool::new(true))) });
        result
    }

    /// Runs until nothing moves; whether all tasks have ended.
    pub fn run(&mut self, ticks: u64) -> bool {
        for _ in 0..=ticks {
            self.settle();
            if self.tasks.is_empty() {
                return true;
            }
            self.clock.advance();
        }
        false
    }

    pub fn pending(&self) -> usize {
        self.tasks.len()
    }

    fn settle(&mut self) {
        let mut moved = true;
        while moved {
            moved = false;
            for _ in 0..self.tasks.len() {
                let Some(mut task) = self.tasks.pop_front() else { break };
                if !task.woken.0.swap(false, Ordering::SeqCst) {
                    self.tasks.push_back(task);
                    continue;
                }
                moved = true;
                let waker = Waker::from(Arc::clone(&task.woken));
                let mut context = Context::from_waker(&waker);
                match task.future.as_mut().poll(&mut context) {
                    Poll::Ready(()) => {}
                    Poll::Pending => self.tasks.push_back(task),
                }
            }
        }
    }
}

/// Sends each item of a list with a pause between them; how many were taken.
pub async fn feed(clock: Rc<Clock>, items: Vec<u32>, sender: Sender<u32>) -> usize {
    let mut taken = 0;
    for item in items {
        clock.sleep(2).await;
        if sender.send(item).is_ok() {
            taken += 1;
        }
    }
    taken
}

/// Sums up what comes until the senders are gone.
pub async fn sum(receiver: Receiver<u32>) -> u32 {
    let mut total = 0;
    while let Some(item) = receiver.next().await {
        total += item;
    }
    total
}

#[cfg(test)]
mod tests;
