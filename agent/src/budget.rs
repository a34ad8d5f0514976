//! Every limit of the agent in one place. An error that meets one of them says which.
use std::time::Duration;

/// Longest words of a mission, in bytes.
pub const WORDS_BYTES: usize = 8_192;
/// Longest plan file, in bytes.
pub const PLAN_FILE_BYTES: u64 = 1_048_576;
/// Largest Rust source or diff that a person gives to be explained or learned from, in bytes.
pub const GIVEN_SOURCE_BYTES: u64 = 1_048_576;
/// Largest export of a knowledge base that is taken in, in bytes.
pub const KB_IMPORT_BYTES: u64 = 268_435_456;
/// Sources tried in one run, the first included.
pub const ATTEMPTS: usize = 8;
/// Sources tried for a flight violation, within [`ATTEMPTS`].
pub const FLIGHT_REPAIRS: usize = 3;
/// Plans asked of the model for one brief.
pub const MODEL_PLANS: usize = 4;
/// Sources asked of the model before the compiler sees one.
pub const MODEL_SOURCES: usize = 2;
/// Violations told to the model at once.
pub const VIOLATIONS_TOLD: usize = 6;
/// Tokens of SDK excerpts in a prompt.
pub const CONTEXT_TOKENS: usize = 6_000;
/// Answers asked of a model for one question of a person, until its code compiles.
pub const ASK_QUESTIONS: usize = 3;
/// Error codes of a project whose explanations are told to a model at once.
pub const EXPLANATIONS_TOLD: usize = 2;
/// Tokens of one such explanation; a longer one is cut at a line.
pub const EXPLANATION_TOKENS: usize = 350;
/// Tokens of what else is found on a project's errors.
pub const ADVICE_RUST_TOKENS: usize = 400;
/// The same for sources that use the SDK: its calls, types and mistakes.
pub const ADVICE_SDK_TOKENS: usize = 1_000;
/// Tokens of one such find.
pub const ADVICE_EACH_TOKENS: usize = 250;
/// Tokens of a project's sources in a question; files that do not fit are shown in part.
pub const FIX_SOURCE_TOKENS: usize = 2_400;
/// Tokens of the compiler's words in it.
pub const FIX_ERROR_TOKENS: usize = 1_200;
/// Tokens of the attempts that failed in it.
pub const FIX_ATTEMPT_TOKENS: usize = 600;
/// Questions asked of a model for one broken crate of the repair benchmark, those by which it corrects its own form not counted.
pub const EVAL_QUESTIONS: usize = 3;
/// One answer of a model, where `LLM_TIMEOUT_S` does not say otherwise.
pub const MODEL_ANSWER: Duration = Duration::from_secs(300);
/// Host flights of one run, at most.
pub const FLIGHTS: usize = 10_000;
/// Longest flight in seconds of vehicle time; the contract's own limit is usually shorter.
pub const FLIGHT_S: f64 = 3_600.0;
/// Wall time of a flight over an outside link.
pub const LINK_FLIGHT: Duration = Duration::from_secs(1_800);
/// Compiler runs: wall time of one.
pub const COMPILE: Duration = Duration::from_secs(120);
/// A mission's program has this long to exit once its flight is over.
pub const MISSION_EXIT: Duration = Duration::from_secs(5);
/// An emulated machine has this long to start and run its firmware up to the first byte.
pub const BOOT: Duration = Duration::from_secs(20);
/// CPU time that an emulated machine may take for a tick.
pub const MACHINE_TICK: Duration = Duration::from_millis(500);
/// Building in cross's container, the download of its image included.
pub const CONTAINER: Duration = Duration::from_secs(1_800);
/// All attempts of one run together.
pub const REPAIR: Duration = Duration::from_secs(3_600);
/// A vehicle has this long to prove that it is a simulator.
pub const SIMULATOR_PROOF: Duration = Duration::from_secs(5);
/// Compiles of one broken crate of the repair benchmark.
pub const EVAL_COMPILES: usize = 60;
/// Wall time for mending it.
pub const EVAL_CASE: Duration = Duration::from_secs(180);
/// Builds of a foreign project in one `fix`.
pub const FIX_BUILDS: usize = 60;
/// An embedding endpoint's answer.
pub const EMBEDDING_ANSWER: Duration = Duration::from_secs(30);
/// Waiting for another process that builds the knowledge base.
pub const KB_BUILD: Duration = Duration::from_secs(60);
/// Compiles that the mechanical rungs may take between two attempts at a mission (a tenth of a second each).
pub const MENDING_COMPILES: usize = 120;
/// Their wall time.
pub const MENDING: Duration = Duration::from_secs(60);
/// Waiting for another process that writes the knowledge base, to learn from a repair.
pub const KB_WRITE: Duration = Duration::from_secs(5);
