//! The knowledge base: what a model may read about the SDK and MAVLink before it writes code. Knows no plans and no model.
//!
//! [`Sources`] are read into [`Item`]s ([`corpus`]); [`build`] keeps them in a sled store and publishes an immutable *snapshot*;
//! [`KnowledgeBase::open_snapshot`] reads that and searches it with vectors (hnsw_rs) and words (BM25), fused by rank.
//! One process builds at a time (sled locks its file), any number read: a snapshot is replaced in one rename, and who has opened the
//! old one keeps it.
//!
//! ```
//! use flightsmith_kb::{Filter, KnowledgeBase, Sources, build, builtin, snapshot_path};
//! let dir = tempfile::tempdir()?;
//! let built = build(&Sources::mavlink_only(), dir.path(), builtin().as_ref())?;
//! let kb = KnowledgeBase::open_snapshot(&snapshot_path(dir.path()))?;
//! let hits = kb.search("set position target local ned", 3, &Filter::default());
//! assert_eq!(hits[0].item.title, "SET_POSITION_TARGET_LOCAL_NED");
//! assert_eq!(built.items, kb.len());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
pub mod bm25;
mod bodies;
mod container;
pub mod corpus;
mod coverage;
pub mod embed;
mod error;
mod facets;
mod fusion;
mod glossary;
mod graph;
pub mod item;
mod leaning;
pub mod measure;
mod numbers;
pub mod published;
pub mod quality;
mod query;
mod quiet;
mod ranking;
mod reading;
pub mod record;
pub mod search;
mod share;
pub mod shared;
mod snapshot;
pub mod store;
pub mod tokens;
pub mod trained;
mod vectors;

pub use corpus::compiler::CompilerTexts;
pub use corpus::{Looks, RustSource, Sources};
pub use coverage::CONFIDENT;
pub use embed::{EmbedError, Embedder, HashedNgrams, builtin};
pub use error::KbError;
pub use facets::Filter;
pub use fusion::{Fused, Rankings};
pub use item::{Autopilot, Item, Kind};
pub use leaning::Leaning;
pub use published::Published;
pub use query::Understanding;
pub use reading::Reading;
pub use record::{MachineId, Outcome, Record, State};
pub use search::{Found, Hit, KnowledgeBase, Tuning, publish, publish_read};
pub use share::{Imported, Lines};
pub use shared::{ItemWords, Question, Searchable};
pub use store::STORE_FORMAT;
pub use store::{Built, Change, Deed, Learned, Statistics, Store, Tallied, build, hold, learned_path, snapshot_path};
pub use tokens::Analysis;
