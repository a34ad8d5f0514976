//! A JSON value, and ways into it.
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Value>),
    Object(BTreeMap<String, Value>),
}

impl Value {
    /// What `path` (`a.b.0`) leads to.
    pub fn at(&self, path: &str) -> Option<&Value> {
        path.split('.').try_fold(self, |value, step| match value {
            Value::List(items) => items.get(step.parse::<usize>().ok()?),
            Value::Object(fields) => fields.get(step),
            _ => None,
        })
    }

    pub fn set(&mut self, path: &str, new: impl Into<Value>) -> bool {
        let mut value = self;
        for step in path.split('.') {
            let next = match value {
                Value::List(items) => step.parse::<usize>().ok().and_then(|index| items.get_mut(index)),
                Value::Object(fields) => Some(fields.entry(step.to_string()).or_default()),
                _ => None,
            };
            match next {
                Some(next) => value = next,
                None => return false,
            }
        }
        *value = new.into();
        true
    }

    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    /// Every number in it, however deep.
    pub fn numbers(&self) -> Vec<f64> {
        match self {
            Value::Number(number) => vec![*number],
            Value::List(items) => items.iter().flat_map(Value::numbers).collect(),
            Value::Object(fields) => fields.values().flat_map(|value| value.numbers()).collect(),
            Value::Null | Value::Bool(_) | Value::Text(_) => Vec::new(),
        }
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Value::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Value::List(items.into_iter().map(Into::into).collect())
    }
}
