//! # Change an enum's variant and keep its data
//!
//! - How do I move from one state to the next when the state is a field of self?
//! - cannot move out of self.state which is behind a mutable reference
//! - reuse a String from the old variant in the new variant
//!
//! `match self.state` cannot move data out of a borrowed field. Put a cheap value there first (`mem::replace`, or `mem::take` where
//! there is a default), match on the owned old state, and write the new one back.
//!
//! Pitfalls:
//! - If the code between returns early, the placeholder stays: choose one that is a valid state by itself.

use std::mem;

#[derive(Debug, Default, PartialEq)]
enum Upload {
    #[default]
    Idle,
    Sending {
        name: String,
        sent: usize,
    },
    Done(String),
}

struct Link {
    upload: Upload,
}

impl Link {
    fn begin(&mut self, name: &str) {
        self.upload = Upload::Sending { name: name.to_owned(), sent: 0 };
    }

    fn chunk(&mut self, bytes: usize, total: usize) {
        self.upload = match mem::take(&mut self.upload) {
            Upload::Sending { name, sent } if sent + bytes >= total => Upload::Done(name),
            Upload::Sending { name, sent } => Upload::Sending { name, sent: sent + bytes },
            other => other,
        };
    }
}

fn main() {
    let mut link = Link { upload: Upload::default() };
    link.chunk(10, 100);
    assert_eq!(link.upload, Upload::Idle);
    link.begin("log.bin");
    link.chunk(60, 100);
    assert_eq!(link.upload, Upload::Sending { name: "log.bin".into(), sent: 60 });
    link.chunk(60, 100);
    assert_eq!(link.upload, Upload::Done("log.bin".into()));
}
