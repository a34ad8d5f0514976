use super::*;

fn check(formula: &str, expected: Result<f64, CalcError>) {
    let names = Scope::from([("x".to_string(), 3.0), ("half".to_string(), 0.5)]);
    assert_eq!(calculate(formula, &names), expected, "{formula}");
}

#[test]
fn operators_bind_as_taught_in_school() {
    check("1 + 2 * 3", Ok(7.0));
    check("(1 + 2) * 3", Ok(9.0));
    check("10 - 4 - 3", Ok(3.0));
    check("16 / 4 / 2", Ok(2.0));
    check("2 ^ 3 ^ 2", Ok(512.0));
    check("-2 ^ 2", Ok(-4.0));
    check("-x + 5", Ok(2.0));
    check("x * half", Ok(1.5));
    check("0.25 * 8", Ok(2.0));
}

#[test]
fn what_is_wrong_is_named() {
    check("1 / 0", Err(CalcError::DivisionByZero));
    check("y", Err(CalcError::UnknownName("y".into())));
    check("1 + ", Err(CalcError::Ended));
    check("1 $ 2", Err(CalcError::Character { found: '$', at: 2 }));
    check("1.2.3", Err(CalcError::Character { found: '1', at: 0 }));
    check("1 2", Err(CalcError::Unexpected(Token::Number(2.0))));
    check("(1", Err(CalcError::Ended));
    check(")", Err(CalcError::Unexpected(Token::Close)));
    check("(1 (", Err(CalcError::Unexpected(Token::Open)));
}

#[test]
fn trees_and_tokens() {
    assert_eq!(tokens("a1+2").unwrap(), [Token::Name("a1".into()), Token::Sign('+'), Token::Number(2.0)]);
    let tree = parse(&tokens("1-2").unwrap()).unwrap();
    let number = |value| Box::new(Expr::Number(value));
    assert_eq!(tree, Expr::Binary { left: number(1.0), operator: Operator::Subtract, right: number(2.0) });
}
