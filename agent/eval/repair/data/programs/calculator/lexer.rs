//! Text -> tokens.
use crate::CalcError;

#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    Number(f64),
    Name(String),
    Sign(char),
    Open,
    Close,
}

pub fn tokens(text: &str) -> Result<Vec<Token>, CalcError> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        match c {
            ' ' => at += 1,
            '(' => {
                found.push(Token::Open);
                at += 1;
            }
            ')' => {
                found.push(Token::Close);
                at += 1;
            }
            '+' | '-' | '*' | '/' | '^' => {
                found.push(Token::Sign(c));
                at += 1;
            }
            c if c.is_ascii_digit() => {
                let end = run(&chars, at, |c| c.is_ascii_digit() || c == '.');
                let word: String = chars[at..end].iter().collect();
                let number = word.parse().map_err(|_| CalcError::Character { found: c, at })?;
                found.push(Token::Number(number));
                at = end;
            }
            c if c.is_alphabetic() => {
                let end = run(&chars, at, char::is_alphanumeric);
                found.push(Token::Name(chars[at..end].iter().collect()));
                at = end;
            }
            found => return Err(CalcError::Character { found, at }),
        }
    }
    Ok(found)
}

fn run(chars: &[char], from: usize, belongs: impl Fn(char) -> bool) -> usize {
    let length = chars[from..].iter().take_while(|c| belongs(**c)).count();
    from + length
}
