//! Arithmetic from text: tokens, a tree, a value.
mod eval;
mod lexer;
mod parser;

pub use eval::{Scope, evaluate};
pub use lexer::{Token, tokens};
pub use parser::{Expr, Operator, parse};

/// What is wrong with a formula.
#[derive(Debug, Clone, PartialEq)]
pub enum CalcError {
    Character { found: char, at: usize },
    Unexpected(Token),
    Ended,
    UnknownName(String),
    DivisionByZero,
}

/// The value of a formula in which `names` have values.
pub fn calculate(formula: &str, names: &Scope) -> Result<f64, CalcError> {
    let tokens = tokens(formula)?;
    let tree = parse(&tokens)?;
    evaluate(&tree, names)
}

#[cfg(test)]
mod tests;
