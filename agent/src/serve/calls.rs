//! The calls, their inputs and outputs. The types are the schemas that clients see.
use crate::events::Listener;
use crate::retrieve::Excerpt;
use flightsmith_kb::{Filter, Kind, Searchable};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, Ordering};

/// What stands behind the doors. Each call blocks until it is done; it looks at [`Call::cancelled`] where it can stop early.
pub trait Doors: Send + Sync + 'static {
    /// Words to a verified mission (up to and with the flights; nothing is uploaded).
    ///
    /// # Errors
    /// [`Refused`] when it could not be tried; a mission that was refused or failed is an output.
    fn generate(&self, input: GenerateInput, call: &Call<'_>) -> Result<GenerateOutput, Refused>;

    /// Compiles a small Rust project in the sandbox and mends it.
    ///
    /// # Errors
    /// [`Refused`] when it could not be tried; a project that does not compile in the end is an output.
    fn compile_and_fix(&self, input: FixInput, call: &Call<'_>) -> Result<FixOutput, Refused>;

    /// Looks into the knowledge base.
    ///
    /// # Errors
    /// [`Refused`] when there is none.
    fn search_sdk(&self, input: SearchInput, call: &Call<'_>) -> Result<SearchOutput, Refused>;

    /// Flies the mission of an earlier run again.
    ///
    /// # Errors
    /// [`Refused`] when it could not be tried; broken promises are an output.
    fn simulate(&self, input: SimulateInput, call: &Call<'_>) -> Result<SimulateOutput, Refused>;
}

/// The way back to the caller while a call is at work.
pub struct Call<'a> {
    tell: Listener,
    cancelled: &'a AtomicBool,
}

impl<'a> Call<'a> {
    /// `tell` is given each step in words; `cancelled` becomes true when the caller gave up.
    pub fn new(tell: Listener, cancelled: &'a AtomicBool) -> Self {
        Self { tell, cancelled }
    }

    /// Says what is being done now.
    pub fn progress(&self, message: &str) {
        (self.tell)(message);
    }

    /// Who is told, for work that tells its steps by itself.
    pub fn listener(&self) -> Listener {
        self.tell.clone()
    }

    /// Whether the caller gave up.
    pub fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// A call that could not be tried.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}{}{hint}", if hint.is_empty() { "" } else { "; hint: " })]
pub struct Refused {
    /// Why.
    pub message: String,
    /// What to do about it; may be empty.
    pub hint: String,
}

/// A mission to write.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GenerateInput {
    /// The mission in plain words, for example "Take off to 10 m, fly a 40 m square at 5 m/s, then return and land".
    pub words: String,
    /// A built-in vehicle's name; the default one where absent.
    #[serde(default)]
    pub vehicle: Option<String>,
    /// `ardupilot` or `px4`; `ardupilot` where absent.
    #[serde(default)]
    pub autopilot: Option<String>,
    /// `host` or `aarch64`; `host` where absent.
    #[serde(default)]
    pub target: Option<String>,
    /// Flights in the simulator, 1 = the nominal one only; 21 where absent.
    #[serde(default)]
    pub flights: Option<u32>,
}

/// How a mission ended, as `report.json` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Every flight kept every promise.
    Verified,
    /// Unsafe or unclear; nothing was flown.
    Refused,
    /// It did not compile, or did not fly as promised.
    Failed,
}

/// What became of the words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GenerateOutput {
    /// How it ended.
    pub verdict: Verdict,
    /// Why, where it is not verified; with what to say instead.
    pub reason: String,
    /// The run directory, which holds everything.
    pub run: String,
    /// What will be flown, read back from the plan; empty where there is none.
    pub readback: String,
    /// `mission.rs`; empty where there is none.
    pub source: String,
    /// Flights flown.
    pub flown: u32,
    /// Flights that kept every promise.
    pub passed: u32,
}

/// A project to mend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FixInput {
    /// The folder with its `Cargo.toml`.
    pub path: String,
    /// Write what mends it into the project; else it is only shown.
    #[serde(default)]
    pub write: bool,
}

/// What became of the project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FixOutput {
    /// Whether it compiles now.
    pub mended: bool,
    /// Texts that were tried.
    pub attempts: u32,
    /// Files that differ, each with its new text.
    pub files: Vec<FixedFile>,
    /// What the compiler still says; empty where it is mended.
    pub remaining: String,
}

/// A file that was changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FixedFile {
    /// Relative to the project.
    pub path: String,
    /// Its whole new text.
    pub text: String,
}

/// A look into the knowledge base.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchInput {
    /// Words or identifiers.
    pub query: String,
    /// Most hits, 1 to 20; 5 where absent.
    #[serde(default)]
    pub limit: Option<u32>,
    /// Where to look; everywhere where absent.
    #[serde(default)]
    pub scope: SearchScope,
}

/// Parts of the knowledge base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SearchScope {
    /// Everything.
    #[default]
    All,
    /// The SDK and the examples.
    Sdk,
    /// MAVLink messages, commands and enumerations.
    Mavlink,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SearchOutput {
    /// The best first.
    pub hits: Vec<SdkHit>,
}

/// One find.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SdkHit {
    /// Comparable within one search only.
    pub score: f32,
    /// What was found, with its source.
    pub excerpt: Excerpt,
}

/// A mission to fly again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SimulateInput {
    /// The run directory that `generate` gave.
    pub run: String,
    /// Flights, 1 = the nominal one only; as in the run where absent.
    #[serde(default)]
    pub flights: Option<u32>,
    /// Seed of the varied flights; as in the run where absent.
    #[serde(default)]
    pub seed: Option<u64>,
}

/// How the flights went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SimulateOutput {
    /// Whether every flight kept every promise.
    pub held: bool,
    /// Flights flown.
    pub flown: u32,
    /// Flights that kept every promise.
    pub passed: u32,
    /// The others.
    pub failures: Vec<Failure>,
}

/// A flight that broke a promise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Failure {
    /// Its seed.
    pub seed: u64,
    /// What, when, measured, limit.
    pub violation: String,
}

/// The call that needs nothing but the knowledge base.
pub fn search_sdk(kb: &dyn Searchable, input: &SearchInput) -> SearchOutput {
    const EXCERPT_TOKENS: usize = 1_500;
    let limit = input.limit.unwrap_or(5).clamp(1, 20) as usize;
    let all = [
        Kind::Module,
        Kind::Type,
        Kind::Trait,
        Kind::Function,
        Kind::Example,
        Kind::MavlinkMessage,
        Kind::MavlinkCommand,
        Kind::MavlinkEnum,
    ];
    let kinds = all.into_iter().filter(|kind| match input.scope {
        SearchScope::All => true,
        SearchScope::Sdk => kind.is_code(),
        SearchScope::Mavlink => !kind.is_code(),
    });
    let filter = Filter { kinds: kinds.collect(), ..Filter::default() };
    let hits = kb.search(&input.query, limit, &filter).into_iter();
    let hits = hits.map(|hit| SdkHit { score: hit.score, excerpt: Excerpt::of(&hit.item, EXCERPT_TOKENS) });
    SearchOutput { hits: hits.collect() }
}
