//! JSON read, looked into, changed and written.
mod reader;
mod value;
mod writer;

pub use reader::{JsonError, read};
pub use value::Value;
pub use writer::Layout;

#[cfg(test)]
mod tests;
