//! # Take a value out of a vector, map or option
//!
//! - cannot move out of index of Vec (E0507)
//! - How do I get an owned element out of a Vec without cloning?
//! - cannot move out of `*x` which is behind a mutable reference
//!
//! An element cannot be moved out and leave a hole. Either something is put in its place (`mem::take`, `mem::replace`,
//! `Option::take`), or the collection closes the gap (`remove`, `swap_remove`, `pop`, `drain`), or the whole collection is used up
//! (`into_iter`).
//!
//! Pitfalls:
//! - `remove(0)` moves all that follow; for a queue use `VecDeque`.
//! - `swap_remove` is fast and changes the order.

use std::collections::BTreeMap;
use std::mem;

fn main() {
    let mut names = vec![String::from("ada"), String::from("bob"), String::from("cleo")];

    let ada = mem::take(&mut names[0]);
    assert_eq!((ada.as_str(), names[0].as_str()), ("ada", ""));

    let bob = names.remove(1);
    assert_eq!(bob, "bob");
    let first = names.swap_remove(0);
    assert_eq!(first, "");
    assert_eq!(names, ["cleo"]);

    let mut slot = Some(String::from("payload"));
    assert_eq!(slot.take().as_deref(), Some("payload"));
    assert!(slot.is_none());

    let mut by_id = BTreeMap::from([(7, String::from("seven"))]);
    assert_eq!(by_id.remove(&7).as_deref(), Some("seven"));

    // Using the vector up gives owned elements, without a clone.
    let lengths: Vec<usize> = names.into_iter().map(|name| name.into_bytes().len()).collect();
    assert_eq!(lengths, [4]);
}
