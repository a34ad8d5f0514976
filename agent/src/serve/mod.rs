//! Doors for other programs: they decide nothing. What stands behind a door is handed in as [`Doors`]; the same four calls serve
//! MCP over stdio ([`mcp`]).
//!
//! It leaves to others: the pipeline behind the calls, and starting the server (`cli`).
mod calls;
mod here;
pub mod mcp;

pub use here::Here;

pub use calls::{
    Call, Doors, Failure, FixInput, FixOutput, FixedFile, GenerateInput, GenerateOutput, Refused, SdkHit, SearchInput,
    SearchOutput, SearchScope, SimulateInput, SimulateOutput, Verdict, search_sdk,
};
