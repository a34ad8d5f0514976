//! A tree -> its value.
use crate::CalcError;
use crate::parser::{Expr, Operator};
use std::collections::HashMap;

/// Names and their values.
pub type Scope = HashMap<String, f64>;

pub fn evaluate(tree: &Expr, names: &Scope) -> Result<f64, CalcError> {
    match tree {
        Expr::Number(number) => Ok(*number),
        Expr::Name(name) => names.get(name).copied().ok_or_else(|| CalcError::UnknownName(name.clone())),
        Expr::Negated(inside) => Ok(-evaluate(inside, names)?),
        Expr::Binary { left, operator, right } => {
            let (left, right) = (evaluate(left, names)?, evaluate(right, names)?);
            apply(*operator, left, right)
        }
    }
}

fn apply(operator: Operator, left: f64, right: f64) -> Result<f64, CalcError> {
    Ok(match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide if right == 0.0 => return Err(CalcError::DivisionByZero),
        Operator::Divide => left / right,
        Operator::Power => left.powf(right),
    })
}
