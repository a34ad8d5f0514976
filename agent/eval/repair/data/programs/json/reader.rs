//! Text -> a value.
use crate::value::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::iter::Peekable;
use std::str::CharIndices;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    pub at: usize,
    pub expected: &'static str,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} expected at byte {}", self.expected, self.at)
    }
}

struct Reader<'t> {
    text: &'t str,
    chars: Peekable<CharIndices<'t>>,
}

pub fn read(text: &str) -> Result<Value, JsonError> {
    let mut reader = Reader { text, chars: text.char_indices().peekable() };
    let value = reader.value()?;
    reader.space();
    match reader.chars.peek() {
        None => Ok(value),
        Some(_) => Err(reader.error("the end")),
    }
}

impl Reader<'_> {
    fn error(&mut self, expected: &'static str) -> JsonError {
        let at = self.chars.peek().map_or(self.text.len(), |(at, _)| *at);
        JsonError { at, expected }
    }

    fn space(&mut self) {
        while self.chars.next_if(|(_, c)| c.is_whitespace()).is_some() {}
    }

    fn found(&mut self, wanted: char) -> bool {
        self.space();
        self.chars.next_if(|(_, c)| *c == wanted).is_some()
    }

    fn value(&mut self) -> Result<Value, JsonError> {
        self.space();
        match self.chars.peek().map(|(_, c)| *c) {
            Some('"') => Ok(Value::Text(self.text()?)),
            Some('[') => self.list(),
            Some('{') => self.object(),
            Some(c) if c == '-' || c.is_ascii_digit() => self.number(),
            Some(c) if c.is_alphabetic() => self.word(),
            _ => Err(self.error("a value")),
        }
    }

    fn list(&mut self) -> Result<Value, JsonError> {
        let mut items = Vec::new();
        self.found('[');
        if self.found(']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value()?);
            if self.found(']') {
                return Ok(Value::List(items));
            }
            if !self.found(',') {
                return Err(self.error("a comma"));
            }
        }
    }

    fn object(&mut self) -> Result<Value, JsonError> {
        let mut fields = BTreeMap::new();
        self.found('{');
        if self.found('}') {
            return Ok(Value::Object(fields));
        }
        loop {
            self.space();
            let name = self.text()?;
            if !self.found(':') {
                return Err(self.error("a colon"));
            }
            let value = self.value()?;
            fields.insert(name, value);
            if self.found('}') {
                return Ok(Value::Object(fields));
            }
            if !self.found(',') {
                return Err(self.error("a comma"));
            }
        }
    }

    fn text(&mut self) -> Result<String, JsonError> {
        if !self.found('"') {
            return Err(self.error("a text"));
        }
        let mut text = String::new();
        loop {
            match self.chars.next() {
                Some((_, '"')) => return Ok(text),
                Some((_, '\\')) => match self.chars.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, c @ ('"' | '\\' | '/'))) => text.push(c),
                    _ => return Err(self.error("an escape")),
                },
                Some((_, c)) => text.push(c),
                None => return Err(self.error("a quote")),
            }
        }
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.chars.peek().map_or(0, |(at, _)| *at);
        while self.chars.next_if(|(_, c)| c.is_ascii_digit() || "+-.eE".contains(*c)).is_some() {}
        let end = self.chars.peek().map_or(self.text.len(), |(at, _)| *at);
        let number: f64 = self.text[start..end].parse().map_err(|_| JsonError { at: start, expected: "a number" })?;
        Ok(Value::Number(number))
    }

    fn word(&mut self) -> Result<Value, JsonError> {
        let start = self.chars.peek().map_or(0, |(at, _)| *at);
        let mut word = String::new();
        while let Some((_, c)) = self.chars.next_if(|(_, c)| c.is_alphabetic()) {
            word.push(c);
        }
        match word.as_str() {
            "null" => Ok(Value::Null),
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(JsonError { at: start, expected: "a value" }),
        }
    }
}
