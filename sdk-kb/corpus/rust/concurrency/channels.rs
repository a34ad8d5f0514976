//! # Send values between threads: channels
//!
//! - mpsc channel with several senders
//! - how does the receiver know that all senders are done?
//! - worker threads with a job queue
//!
//! `mpsc::channel` has many senders and one receiver. Values move through it, so nothing is shared. When all senders are dropped the
//! receiver's loop ends; when the receiver is dropped, `send` fails. `sync_channel(n)` bounds the queue and makes fast senders wait.
//!
//! Pitfalls:
//! - A sender kept in the spawning function keeps the receiver waiting for ever: drop it.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

fn main() {
    let (results, received) = mpsc::channel();
    for id in 0..3 {
        let results = results.clone();
        thread::spawn(move || {
            for step in 0..2 {
                // The receiver is alive until the end of main.
                let _ = results.send(id * 10 + step);
            }
        });
    }
    drop(results);
    let mut all: Vec<i32> = received.into_iter().collect();
    all.sort_unstable();
    assert_eq!(all, [0, 1, 10, 11, 20, 21]);

    let (jobs, queue) = mpsc::sync_channel::<u32>(1);
    let worker = thread::spawn(move || queue.into_iter().map(|job| job * job).sum::<u32>());
    for job in 1..=4 {
        jobs.send(job).expect("the worker listens");
    }
    drop(jobs);
    assert_eq!(worker.join().expect("no panic"), 30);

    let (silent, heard) = mpsc::channel::<()>();
    assert_eq!(heard.recv_timeout(Duration::from_millis(1)), Err(mpsc::RecvTimeoutError::Timeout));
    drop(silent);
    assert_eq!(heard.try_recv(), Err(mpsc::TryRecvError::Disconnected));
}
