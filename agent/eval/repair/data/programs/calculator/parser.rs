//! Tokens -> a tree, by binding power.
use crate::CalcError;
use crate::lexer::Token;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    Number(f64),
    Name(String),
    Negated(Box<Expr>),
    Binary { left: Box<Expr>, operator: Operator, right: Box<Expr> },
}

struct Parser<'a> {
    tokens: &'a [Token],
    next: usize,
}

pub fn parse(tokens: &[Token]) -> Result<Expr, CalcError> {
    let mut parser = Parser { tokens, next: 0 };
    let tree = parser.expression(0)?;
    match parser.peek() {
        None => Ok(tree),
        Some(token) => Err(CalcError::Unexpected(token.clone())),
    }
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.next)
    }

    fn take(&mut self) -> Result<&'a Token, CalcError> {
        let token = self.peek().ok_or(CalcError::Ended)?;
        self.next += 1;
        Ok(token)
    }

    fn expression(&mut self, power: u8) -> Result<Expr, CalcError> {
        let mut left = self.operand()?;
        while let Some(Token::Sign(sign)) = self.peek() {
            let (operator, left_power, right_power) = powers(*sign);
            if left_power < power {
                break;
            }
            self.next += 1;
            let right = self.expression(right_power)?;
            left = Expr::Binary { left: Box::new(left), operator, right: Box::new(right) };
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<Expr, CalcError> {
        match self.take()? {
            Token::Number(number) => Ok(Expr::Number(*number)),
            Token::Name(name) => Ok(Expr::Name(name.clone())),
            Token::Sign('-') => Ok(Expr::Negated(Box::new(self.expression(5)?))),
            Token::Open => {
                let inside = self.expression(0)?;
                match self.take()? {
                    Token::Close => Ok(inside),
                    other => Err(CalcError::Unexpected(other.clone())),
                }
            }
            other => Err(CalcError::Unexpected(other.clone())),
        }
    }
}

fn powers(sign: char) -> (Operator, u8, u8) {
    match sign {
        '+' => (Operator::Add, 1, 2),
        '-' => (Operator::Subtract, 1, 2),
        '*' => (Operator::Multiply, 3, 4),
        '/' => (Operator::Divide, 3, 4),
        _ => (Operator::Power, 8, 7),
    }
}
