//! # References, boxes and strings in patterns
//!
//! - what do & and ref mean in a pattern?
//! - expected `&i32`, found integer in a closure parameter (E0308)
//! - match on a String or on Option<String>
//!
//! A pattern `&x` takes a reference apart; a plain `x` on a reference binds a reference. Matching a reference against a non-reference
//! pattern binds its parts as references by itself, so `ref` is rarely needed. A `String` is matched through `as_str()`, an
//! `Option<String>` through `as_deref()`, a box through `*`.
//!
//! Pitfalls:
//! - Taking a non-`Copy` value out through `&x` tries to move it (E0507).

fn unit(name: &String) -> Option<f64> {
    match name.as_str() {
        "m" => Some(1.0),
        "km" => Some(1000.0),
        _ => None,
    }
}

enum Tree {
    Leaf(i32),
    Branch(Box<(Tree, Tree)>),
}

fn deepest(tree: &Tree) -> u32 {
    match tree {
        Tree::Leaf(_) => 1,
        Tree::Branch(children) => {
            let (left, right) = &**children;
            1 + deepest(left).max(deepest(right))
        }
    }
}

fn sum(tree: Tree) -> i32 {
    match tree {
        Tree::Leaf(value) => value,
        Tree::Branch(children) => {
            let (left, right) = *children; // the box gives its content away
            sum(left) + sum(right)
        }
    }
}

fn main() {
    assert_eq!(unit(&"km".to_owned()), Some(1000.0));

    let numbers = [1, -2, 3];
    let positive = numbers.iter().filter(|&&number| number > 0).count();
    assert_eq!(positive, 2);
    let pairs = [("a", 1), ("b", 2)];
    let total: i32 = pairs.iter().map(|&(_, number)| number).sum();
    assert_eq!(total, 3);

    let name: Option<String> = Some("home".into());
    let known = matches!(name.as_deref(), Some("home" | "base"));
    assert!(known && name.is_some(), "still there");

    let tree = Tree::Branch(Box::new((Tree::Leaf(4), Tree::Branch(Box::new((Tree::Leaf(1), Tree::Leaf(2)))))));
    assert_eq!((deepest(&tree), sum(tree)), (3, 7));
}
