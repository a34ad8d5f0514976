//! Documents over each other, and values with types.
use crate::document::{Document, SyntaxError};
use std::error::Error;
use std::fmt;

#[derive(Debug)]
pub enum SettingError {
    Syntax(SyntaxError),
    Missing { section: String, key: String },
    Value { key: String, value: String, reason: Box<dyn Error> },
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettingError::Syntax(error) => write!(f, "{error}"),
            SettingError::Missing { section, key } => write!(f, "{section}.{key} is not set"),
            SettingError::Value { key, value, reason } => write!(f, "{key} = {value}: {reason}"),
        }
    }
}

impl Error for SettingError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            SettingError::Syntax(error) => Some(error),
            SettingError::Value { reason, .. } => Some(reason.as_ref()),
            SettingError::Missing { .. } => None,
        }
    }
}

impl From<SyntaxError> for SettingError {
    fn from(error: SyntaxError) -> Self {
        SettingError::Syntax(error)
    }
}

/// What a setting can be.
pub trait Value: Sized {
    fn parse(text: &str) -> Result<Self, Box<dyn Error>>;
}

impl Value for String {
    fn parse(text: &str) -> Result<Self, Box<dyn Error>> {
        Ok(text.trim_matches('"').to_string())
    }
}

impl Value for f32 {
    fn parse(text: &str) -> Result<Self, Box<dyn Error>> {
        Ok(text.parse()?)
    }
}

impl Value for f64 {
    fn parse(text: &str) -> Result<Self, Box<dyn Error>> {
        Ok(text.parse()?)
    }
}

impl Value for u8 {
    fn parse(text: &str) -> Result<Self, Box<dyn Error>> {
        Ok(text.parse()?)
    }
}

impl Value for u64 {
    fn parse(text: &str) -> Result<Self, Box<dyn Error>> {
        let digits: String = text.chars().filter(|c| *c != '_').collect();
        Ok(digits.parse()?)
    }
}

#[derive(Debug, Default)]
pub struct Layers<'text> {
    documents: Vec<Document<'text>>,
}

impl<'text> Layers<'text> {
    /// Lies over what was added before.
    pub fn with(mut self, text: &'text str) -> Result<Self, SettingError> {
        self.documents.push(Document::read(text)?);
        Ok(self)
    }

    fn text(&self, section: &str, key: &str) -> Option<&'text str> {
        self.documents.iter().rev().find_map(|document| document.get(section, key))
    }

    pub fn optional<V: Value>(&self, section: &str, key: &str) -> Result<Option<V>, SettingError> {
        let Some(text) = self.text(section, key) else { return Ok(None) };
        match V::parse(text) {
            Ok(value) => Ok(Some(value)),
            Err(reason) => Err(SettingError::Value { key: key.to_string(), value: text.to_string(), reason }),
        }
    }

    pub fn required<V: Value>(&self, section: &str, key: &str) -> Result<V, SettingError> {
        let missing = || SettingError::Missing { section: section.to_string(), key: key.to_string() };
        self.optional(section, key)?.ok_or_else(missing)
    }

    /// All values of a key, from the lowest layer up.
    pub fn list(&self, section: &str, key: &str) -> Vec<String> {
        let mut values = Vec::new();
        for document in &self.documents {
            values.extend(document.all(section, key).map(str::to_owned));
        }
        values
    }
}
