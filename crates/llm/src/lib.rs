//! Chat with a language model: any OpenAI-compatible endpoint, a command, or recorded answers; structured output; token usage.
//!
//! Four types carry it: [`ChatRequest`] goes to a [`Provider`], which gives a [`ChatAnswer`] or an [`LlmError`];
//! [`ask`] wants the answer to be a value of a Rust type. Knows no drones, starts no processes (see [`command`]), reads no
//! environment, prints nothing: what it needs comes in [`ProviderSettings`].
//!
//! ```
//! use flightsmith_llm::{ChatRequest, Choice, Message};
//! let choice: Choice = "http://127.0.0.1:8080/v1".parse().unwrap();
//! assert_eq!(choice.to_string(), "http://127.0.0.1:8080/v1");
//! let request = ChatRequest::new(vec![Message::system("You plan."), Message::user("Fly a square.")]);
//! assert_eq!(request.hash().len(), 16);
//! ```
pub mod cassette;
pub mod chat;
pub mod choice;
pub mod command;
pub mod embeddings;
pub mod endpoint;
mod error;
pub mod structured;
mod wire;

pub use chat::{ChatAnswer, ChatRequest, Message, Provider, Role, Schema, Usage};
pub use choice::{Choice, ProviderSettings, connect};
pub use error::LlmError;
pub use structured::{Structured, ask};
