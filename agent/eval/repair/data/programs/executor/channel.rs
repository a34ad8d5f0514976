//! A bounded channel of one receiver.
use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

struct Shared<T> {
    items: VecDeque<T>,
    capacity: usize,
    senders: usize,
    reader: Option<Waker>,
}

pub struct Sender<T> {
    shared: Rc<RefCell<Shared<T>>>,
}

pub struct Receiver<T> {
    shared: Rc<RefCell<Shared<T>>>,
}

pub fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    let shared = Shared { items: VecDeque::new(), capacity, senders: 1, reader: None };
    let shared = Rc::new(RefCell::new(shared));
    (Sender { shared: Rc::clone(&shared) }, Receiver { shared })
}

impl<T> Sender<T> {
    /// Gives the item back where there is no room.
    pub fn send(&self, item: T) -> Result<(), T> {
        let mut shared = self.shared.borrow_mut();
        if shared.items.len() >= shared.capacity {
            return Err(item);
        }
        shared.items.push_back(item);
        if let Some(reader) = shared.reader.take() {
            reader.wake();
        }
        Ok(())
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        self.shared.borrow_mut().senders += 1;
        Sender { shared: Rc::clone(&self.shared) }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut shared = self.shared.borrow_mut();
        shared.senders -= 1;
        if let Some(reader) = shared.reader.take() {
            reader.wake();
        }
    }
}

impl<T> Receiver<T> {
    pub async fn next(&self) -> Option<T> {
        poll_fn(|context| {
            let mut shared = self.shared.borrow_mut();
            if let Some(item) = shared.items.pop_front() {
                return Poll::Ready(Some(item));
            }
            if shared.senders == 0 {
                return Poll::Ready(None);
            }
            shared.reader = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }
}
