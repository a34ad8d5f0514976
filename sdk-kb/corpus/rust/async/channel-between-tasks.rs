//! # Pass values from one async task to another
//!
//! - How do I make an async channel without a crate?
//! - store the waker and wake the receiver
//! - one task produces, another consumes
//!
//! The receiver leaves its waker in the shared state and returns `Pending` while there is nothing; the sender puts the value there
//! and wakes. Dropping the sender closes the channel, which the receiver sees as `None`.
//!
//! Pitfalls:
//! - An unbounded queue hides a consumer that is too slow: bound it where values can pile up.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

struct Shared<T> {
    queue: VecDeque<T>,
    closed: bool,
    waiting: Option<Waker>,
}

struct Sender<T>(Rc<RefCell<Shared<T>>>);
struct Receiver<T>(Rc<RefCell<Shared<T>>>);

fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let shared = Rc::new(RefCell::new(Shared { queue: VecDeque::new(), closed: false, waiting: None }));
    (Sender(Rc::clone(&shared)), Receiver(shared))
}

impl<T> Sender<T> {
    fn send(&self, value: T) {
        let mut shared = self.0.borrow_mut();
        shared.queue.push_back(value);
        if let Some(waker) = shared.waiting.take() {
            waker.wake();
        }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut shared = self.0.borrow_mut();
        shared.closed = true;
        if let Some(waker) = shared.waiting.take() {
            waker.wake();
        }
    }
}

impl<T> Receiver<T> {
    async fn receive(&self) -> Option<T> {
        poll_fn(|context| {
            let mut shared = self.0.borrow_mut();
            match shared.queue.pop_front() {
                Some(value) => Poll::Ready(Some(value)),
                None if shared.closed => Poll::Ready(None),
                None => {
                    shared.waiting = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

fn main() {
    let (sender, receiver) = channel();
    let mut consumer = pin!(async move {
        let mut sum = 0;
        while let Some(value) = receiver.receive().await {
            sum += value;
        }
        sum
    });
    let mut context = Context::from_waker(Waker::noop());
    assert!(consumer.as_mut().poll(&mut context).is_pending());
    sender.send(40);
    sender.send(2);
    assert!(consumer.as_mut().poll(&mut context).is_pending(), "more may come");
    drop(sender);
    assert_eq!(consumer.as_mut().poll(&mut context), Poll::Ready(42));
}
