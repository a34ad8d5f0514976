//! Work spread over threads: a pool with results in order, a counter that all share, and a pipeline.
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, RwLock};
use std::thread::{self, JoinHandle};

type Job = Box<dyn FnOnce() + Send>;

/// Threads that take jobs from one queue.
pub struct Pool {
    jobs: Option<Sender<Job>>,
    threads: Vec<JoinHandle<usize>>,
}

impl Pool {
    pub fn new(threads: usize) -> Self {
        let (jobs, queue) = mpsc::channel::<Job>();
        let queue = Arc::new(Mutex::new(queue));
        let threads = (0..threads)
            .map(|_| {
                let queue = Arc::clone(&queue);
                thread::spawn(move || work(&queue))
            })
            .collect();
        Pool { jobs: Some(jobs), threads }
    }

    pub fn run(&self, job: impl FnOnce() + Send + 'static) -> bool {
        match &self.jobs {
            Some(jobs) => jobs.send(Box::new(job)).is_ok(),
            None => false,
        }
    }

    /// Results in the order of the items, whichever thread was first.
    pub fn map<T, R>(&self, items: Vec<T>, function: impl Fn(T) -> R + Send + Sync + 'static) -> Vec<R>
    where
        T: Send + 'static,
        R: Send + 'static,
    {
        let function = Arc::new(function);
        let (results, done) = mpsc::channel();
        for (index, item) in items.into_iter().enumerate() {
            let (function, results) = (Arc::clone(&function), results.clone());
            self.run(move || {
                let _ = results.send((index, function(item)));
            });
        }
        drop(results);
        let sorted: BTreeMap<usize, R> = done.iter().collect();
        sorted.into_values().collect()
    }

    /// How many jobs were done in all.
    pub fn finish(mut self) -> usize {
        self.jobs = None;
        self.threads.drain(..).map(|thread| thread.join().unwrap_or(0)).sum()
    }
}

fn work(queue: &Mutex<Receiver<Job>>) -> usize {
    let mut done = 0;
    loop {
        let job = {
            let queue = queue.lock().expect("no job panics while it holds the queue");
            queue.recv()
        };
        match job {
            Ok(job) => job(),
            Err(_) => return done,
        }
        done += 1;
    }
}

/// Lets threads wait until a number of them has come.
#[derive(Debug)]
pub struct Gate {
    open_at: usize,
    came: Mutex<usize>,
    changed: Condvar,
}

impl Gate {
    pub fn new(open_at: usize) -> Arc<Self> {
        Arc::new(Gate { open_at, came: Mutex::new(0), changed: Condvar::new() })
    }

    pub fn pass(&self) -> usize {
        let mut came = self.came.lock().expect("not poisoned");
        *came += 1;
        let place = *came;
        self.changed.notify_all();
        while *came < self.open_at {
            came = self.changed.wait(came).expect("not poisoned");
        }
        place
    }
}

/// Totals by name that many threads add to.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    totals: Arc<RwLock<BTreeMap<String, u64>>>,
    adds: Arc<AtomicUsize>,
}

impl Tally {
    pub fn add(&self, name: &str, amount: u64) {
        self.adds.fetch_add(1, Ordering::SeqCst);
        let mut totals = self.totals.write().expect("not poisoned");
        *totals.entry(name.to_string()).or_insert(0) += amount;
    }

    pub fn total(&self, name: &str) -> Option<u64> {
        self.totals.read().expect("not poisoned").get(name).copied()
    }

    pub fn adds(&self) -> usize {
        self.adds.load(Ordering::SeqCst)
    }
}

/// Counts the words of texts on scoped threads, which may borrow them.
pub fn count_words(texts: &[&str], tally: &Tally) -> usize {
    let mut words = 0;
    thread::scope(|scope| {
        let threads: Vec<_> = texts
            .iter()
            .map(|text| {
                scope.spawn(move || {
                    let mut count = 0;
                    for word in text.split_whitespace() {
                        tally.add(word, 1);
                        count += 1;
                    }
                    count
                })
            })
            .collect();
        for thread in threads {
            words += thread.join().unwrap_or(0);
        }
    });
    words
}

#[cfg(test)]
mod tests;
