//! # A type that contains itself
//!
//! - recursive type has infinite size (E0072)
//! - How do I write a tree or an expression enum in Rust?
//! - when do I need Box
//!
//! A value that holds itself directly would have no finite size. `Box` puts the inner value on the heap, so that the outer one holds
//! a pointer. `Vec<Self>` works as well, for it is a pointer already.
//!
//! Pitfalls:
//! - A very long chain of boxes is dropped recursively and can overflow the stack; take it apart in a loop or use a `Vec`.

#[derive(Debug)]
enum Expression {
    Number(f64),
    Sum(Box<Expression>, Box<Expression>),
    Product(Vec<Expression>),
}

use Expression::{Number, Product, Sum};

fn sum(left: Expression, right: Expression) -> Expression {
    Sum(Box::new(left), Box::new(right))
}

fn value(expression: &Expression) -> f64 {
    match expression {
        Number(number) => *number,
        Sum(left, right) => value(left) + value(right),
        Product(factors) => factors.iter().map(value).product(),
    }
}

fn main() {
    let expression = Product(vec![Number(2.0), sum(Number(3.0), Number(4.0))]);
    assert_eq!(value(&expression), 14.0);
}
