//! # One value with several owners: Rc, and Weak for the way back
//!
//! - How do I build a tree where children know their parent?
//! - share a value between two structs in one thread
//! - reference cycle memory leak Rc
//!
//! `Rc<T>` counts its owners and drops the value with the last of them; `Rc::clone` copies the pointer, not the value. Two `Rc`s that
//! point at each other are never dropped: let one direction be `Weak`, which does not own and must be upgraded to be used. Across
//! threads it is `Arc`.
//!
//! Pitfalls:
//! - `Rc` alone gives no mutation; add `RefCell` or `Cell` for that.
//! - Often plain indices into a `Vec` are simpler than a graph of `Rc`s.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

struct Node {
    name: String,
    parent: RefCell<Weak<Node>>,
    children: RefCell<Vec<Rc<Node>>>,
}

fn node(name: &str) -> Rc<Node> {
    Rc::new(Node { name: name.to_owned(), parent: RefCell::default(), children: RefCell::default() })
}

fn adopt(parent: &Rc<Node>, child: Rc<Node>) {
    *child.parent.borrow_mut() = Rc::downgrade(parent);
    parent.children.borrow_mut().push(child);
}

fn path(node: &Node) -> String {
    match node.parent.borrow().upgrade() {
        Some(parent) => format!("{}/{}", path(&parent), node.name),
        None => node.name.clone(),
    }
}

fn main() {
    let root = node("fleet");
    let drone = node("drone");
    adopt(&root, Rc::clone(&drone));
    assert_eq!(path(&drone), "fleet/drone");
    assert_eq!((Rc::strong_count(&drone), Rc::weak_count(&root)), (2, 1));
    assert_eq!(root.children.borrow().len(), 1);

    drop(root);
    // The parent is gone: the weak pointer says so instead of dangling.
    assert_eq!(path(&drone), "drone");
}
