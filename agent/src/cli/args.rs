//! The command line, as types. Verbs are the stages; flags that several verbs share are flattened into them.
use crate::eval::repair::{Half, Row, Set};
use crate::repair::Rung;
use crate::settings::{Layer, parse_autopilot};
use clap::{Args, Parser, Subcommand};
use flightsmith_mission::vehicle::Autopilot;
use std::path::PathBuf;

/// Words in, verified drone code out.
#[derive(Debug, Parser)]
#[command(name = "flightsmith", version, max_term_width = 110, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

const EXIT_CODES: &str = "Exit codes: 0 verified (and uploaded where asked); 2 wrong usage; 3 refused (unsafe, unclear); 4 did not compile within \
the budget; 5 compiled but did not fly as promised; 6 a tool or toolchain is missing; 7 upload failed or not approved, vehicle left as it was unless the message says otherwise; \
8 model or shared knowledge base unreachable; 9 files or disk; 101 a bug; 130 interrupted (run resumable).";

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Words to a verified, cross-compiled, bundled program: all stages
    Run(RunArgs),
    /// Plan only: prints the readback, leaves the plan in the run directory
    Plan(RunArgs),
    /// Go on with a run until its mission compiles
    Check(StageArgs),
    /// Go on with a run until its flights are flown and judged
    Simulate(StageArgs),
    /// Go on with a run until its artifact is built and flown
    Cross(StageArgs),
    /// Go on with a run until its bundle is written
    Bundle(StageArgs),
    /// Write report.json and report.html of a run again
    Report(ReportArgs),
    /// Go on with an interrupted or failed run
    Resume(StageArgs),
    /// Bring a bundle to a companion computer over SSH, or into a microcontroller through a debug probe
    Upload(UploadArgs),
    /// Let an uploaded, waiting mission start
    Start(StartArgs),
    /// Fly a verified run on a vehicle or a running SITL
    Fly(FlyArgs),
    /// Compile a Rust project and mend what does not compile
    Fix(FixArgs),
    /// Benchmarks: how good it is, measured
    #[command(subcommand)]
    Eval(EvalVerb),
    /// Answer a question about Rust or about flying, with code that was compiled first
    Ask(AskArgs),
    /// Knowledge base: build it, search it
    #[command(subcommand)]
    Kb(KbVerb),
    /// Stand-alone simulator for QGroundControl, MAVProxy, MAVSDK, pymavlink
    Sim(SimArgs),
    /// MCP server over stdio, for agents
    Mcp(CommonArgs),
    /// What is in force, what is missing and how to get it
    Doctor(CommonArgs),
    /// The vehicles that --vehicle knows
    Vehicles,
    /// The JSON Schema of plan files
    Schema,
}

/// Flags that most verbs take.
#[derive(Debug, Clone, Default, Args)]
pub struct CommonArgs {
    /// Built-in vehicle or vehicle file [default: quad]
    #[arg(long, value_name = "NAME|FILE")]
    pub vehicle: Option<String>,
    /// Autopilot of vehicle and simulator [default: ardupilot]
    #[arg(long, value_parser = parse_autopilot, value_name = "ardupilot|px4")]
    pub autopilot: Option<Autopilot>,
    /// Where flights are flown; an outside SITL flies one nominal flight more [default: embedded]
    #[arg(long, value_name = "embedded|ardupilot|px4|URL")]
    pub sim: Option<String>,
    /// What the artifact is built for [default: the vehicle's companion]
    #[arg(long, value_name = "host|aarch64")]
    pub target: Option<String>,
    /// Model: offline, an OpenAI-compatible URL with its /v1, cassette:DIR, cmd:COMMAND [default: offline]
    #[arg(long)]
    pub llm: Option<String>,
    /// Shared knowledge base to write code with, a PostgreSQL or Qdrant [default: this machine's own]
    #[arg(long, value_name = "URL")]
    pub kb: Option<String>,
    /// Host flights, the nominal one included; 1 = nominal only [default: 21]
    #[arg(long, value_name = "N")]
    pub flights: Option<usize>,
    /// Envelope file (TOML or JSON); can only tighten
    #[arg(long, value_name = "FILE")]
    pub envelope: Option<PathBuf>,
    /// Where the simulated vehicle stands
    #[arg(long, value_name = "LAT,LON,ALT,HEADING", allow_hyphen_values = true)]
    pub home: Option<String>,
    /// Seed of the varied flights [default: 1]
    #[arg(long)]
    pub seed: Option<u64>,
    /// Events as JSON lines on stdout
    #[arg(long)]
    pub json: bool,
    /// Install what is missing (lists it, asks)
    #[arg(long)]
    pub setup: bool,
    /// Never ask: installs yes, unclear words refused, uploads only by policy file
    #[arg(long)]
    pub yes: bool,
    /// Run generated code without a sandbox
    #[arg(long)]
    pub no_sandbox: bool,
}

impl CommonArgs {
    /// The settings that the flags say.
    pub fn layer(&self) -> Layer {
        Layer {
            vehicle: self.vehicle.clone(),
            autopilot: self.autopilot,
            sim: self.sim.clone(),
            target: self.target.clone(),
            llm: self.llm.clone(),
            llm_model: None,
            llm_api_key: None,
            llm_timeout_s: None,
            kb: self.kb.clone(),
            flights: self.flights,
            seed: self.seed,
            home: self.home.clone(),
            envelope: self.envelope.clone(),
            ..Layer::default()
        }
    }
}

/// `run` and `plan`.
#[derive(Debug, Clone, Args)]
pub struct RunArgs {
    /// The mission in plain words; `-` reads them from stdin
    #[arg(required_unless_present = "plan")]
    pub words: Option<String>,
    /// A plan file (TOML or JSON) instead of words
    #[arg(long, value_name = "FILE", conflicts_with = "words")]
    pub plan: Option<PathBuf>,
    /// Run directory [default: runs/<date>-<name>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Flags of every verb.
    #[command(flatten)]
    pub common: CommonArgs,
}

/// Verbs that go on with a run.
#[derive(Debug, Clone, Args)]
pub struct StageArgs {
    /// The run directory
    pub run: PathBuf,
    /// Events as JSON lines on stdout
    #[arg(long)]
    pub json: bool,
    /// Install what is missing (lists it, asks)
    #[arg(long)]
    pub setup: bool,
    /// Never ask
    #[arg(long)]
    pub yes: bool,
}

/// `report`.
#[derive(Debug, Clone, Args)]
pub struct ReportArgs {
    /// The run directory
    pub run: PathBuf,
    /// Also draw the flown tracks over the planned path into this file
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
}

/// `upload`.
#[derive(Debug, Clone, Args)]
pub struct UploadArgs {
    /// A bundle or a run directory
    pub bundle: PathBuf,
    /// ssh://user@host[:port], or probe://CHIP[?probe=VID:PID[:SERIAL]&protocol=swd|jtag&speed_khz=N]
    #[arg(long, value_name = "URL")]
    pub to: String,
    /// Policy file that approves instead of a person
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// For a board: check everything and say what would be done, but touch no probe
    #[arg(long)]
    pub dry_run: bool,
    /// Go back to the version before
    #[arg(long)]
    pub rollback: bool,
    /// Link of the vehicle as the companion sees it [default: the vehicle file's]
    #[arg(long, value_name = "URL")]
    pub link: Option<String>,
    /// How ssh reaches it and what runs the program there
    #[command(flatten)]
    pub companion: CompanionArgs,
    /// Events as JSON lines on stdout
    #[arg(long)]
    pub json: bool,
    /// Never ask: uploads only by policy file
    #[arg(long)]
    pub yes: bool,
}

/// How to reach a companion computer, beyond what the user's ssh configuration says.
#[derive(Debug, Clone, Args)]
pub struct CompanionArgs {
    /// Another ssh configuration than ~/.ssh/config
    #[arg(long, value_name = "FILE")]
    pub ssh_config: Option<PathBuf>,
    /// Which systemd gets the unit
    #[arg(long, default_value = "auto", value_name = "auto|user|system|none")]
    pub unit: String,
    /// Words before the program where the machine cannot run it itself, for example "qemu-aarch64 -L /usr/aarch64-linux-gnu"
    #[arg(long, default_value = "", value_name = "COMMAND")]
    pub emulator: String,
    /// Public key file of another signer to trust (besides this user's own)
    #[arg(long, value_name = "FILE")]
    pub trust: Option<PathBuf>,
}

/// `start`.
#[derive(Debug, Clone, Args)]
pub struct StartArgs {
    /// The bundle or run directory whose mission waits there
    pub bundle: PathBuf,
    /// ssh://user@host[:port] of the companion computer where it waits
    #[arg(long, value_name = "URL")]
    pub to: String,
    /// Link of the vehicle as the companion sees it [default: the vehicle file's]
    #[arg(long, value_name = "URL")]
    pub link: Option<String>,
    /// Policy file that approves instead of a person
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Never ask: starts only by policy file
    #[arg(long)]
    pub yes: bool,
    /// How ssh reaches it and what runs the program there
    #[command(flatten)]
    pub companion: CompanionArgs,
}

/// `fly`.
#[derive(Debug, Clone, Args)]
pub struct FlyArgs {
    /// A verified run
    pub run: PathBuf,
    /// tcp://HOST:PORT, udpin://HOST:PORT, udpout://HOST:PORT, serial:///dev/..:BAUD
    #[arg(long, value_name = "URL")]
    pub link: String,
    /// Policy file that approves instead of a person
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Events as JSON lines on stdout
    #[arg(long)]
    pub json: bool,
    /// Never ask
    #[arg(long)]
    pub yes: bool,
}

/// `fix`.
#[derive(Debug, Clone, Args)]
pub struct FixArgs {
    /// The project's folder
    pub path: PathBuf,
    /// Show the diff, change nothing
    #[arg(long)]
    pub check: bool,
    /// Go on until the project's own tests pass
    #[arg(long)]
    pub test: bool,
    /// Also with uncommitted changes
    #[arg(long)]
    pub allow_dirty: bool,
    /// Also outside version control
    #[arg(long)]
    pub allow_no_vcs: bool,
    /// Model for what the compiler does not mend [default: offline]
    #[arg(long)]
    pub llm: Option<String>,
    /// The report as JSON on stdout
    #[arg(long)]
    pub json: bool,
    /// Run the project's code without a sandbox
    #[arg(long)]
    pub no_sandbox: bool,
}

/// `eval`.
#[derive(Debug, Subcommand)]
pub enum EvalVerb {
    /// Broken crates: how many the repair ladder mends, and how many of these rightly
    Repair(EvalRepairArgs),
    /// Judged queries: how well words, vectors and both find what answers them
    Retrieval(EvalRetrievalArgs),
}

/// `eval retrieval`.
#[derive(Debug, Clone, Args)]
pub struct EvalRetrievalArgs {
    /// Show only this half [default: both]
    #[arg(long, value_name = "dev|reported", value_parser = parse_query_half)]
    pub half: Option<flightsmith_kb::quality::Half>,
    /// Also with this embedding, beside the one that is built in and hashed letters; may be given several times
    #[arg(long, value_name = "endpoint|bert:DIR|static:DIR")]
    pub embed: Vec<String>,
    /// Everything as JSON on stdout
    #[arg(long)]
    pub json: bool,
}

fn parse_query_half(name: &str) -> Result<flightsmith_kb::quality::Half, String> {
    match name {
        "dev" => Ok(flightsmith_kb::quality::Half::Development),
        "reported" => Ok(flightsmith_kb::quality::Half::Reported),
        _ => Err("dev or reported".into()),
    }
}

/// `eval repair`.
#[derive(Debug, Clone, Args)]
pub struct EvalRepairArgs {
    /// One selection of rungs, instead of the rows that are compared: compiler,maybe,structural,learned,model
    #[arg(long, value_name = "RUNG,..", value_delimiter = ',', value_parser = parse_rung)]
    pub rungs: Vec<Rung>,
    /// Only these of the rows that are compared; `last` is the model as the last rung, `alone` the model alone
    #[arg(
        long,
        value_name = "sure|unsure|structural|learned|last|alone",
        value_delimiter = ',',
        value_parser = parse_row,
        conflicts_with = "rungs"
    )]
    pub rows: Vec<Row>,
    /// Cases begun at a time; more than the cores where a model is what one waits for
    #[arg(long, value_name = "N", default_value_t = crate::eval::repair::THREADS)]
    pub in_flight: usize,
    /// Only these sets
    #[arg(long, value_name = "index|missions|programs", value_delimiter = ',', value_parser = parse_set)]
    pub set: Vec<Set>,
    /// Only this half [default: both]
    #[arg(long, value_name = "dev|held-out", value_parser = parse_half)]
    pub half: Option<Half>,
    /// Model as the last rung, and alone [default: none]
    #[arg(long)]
    pub llm: Option<String>,
    /// At most N cases of each set and half, drawn by hash
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Also the table by error code
    #[arg(long)]
    pub codes: bool,
    /// The whole result as JSON on stdout, every case with every row
    #[arg(long)]
    pub json: bool,
    /// The learning curve instead: broken crates in random order, each learned from; with `--rungs` without the others
    #[arg(long)]
    pub stream: bool,
    /// Seed of the stream's order, and of the draw of `--limit`
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Draw the slips anew that missions and programs are broken by, write the list, measure nothing
    #[arg(long)]
    pub draw: bool,
}

fn parse_rung(name: &str) -> Result<Rung, String> {
    match name {
        "compiler" => Ok(Rung::Compiler),
        "maybe" => Ok(Rung::CompilerMaybe),
        "structural" => Ok(Rung::Structural),
        "learned" => Ok(Rung::Learned),
        "model" => Ok(Rung::Model),
        _ => Err("rungs are compiler, maybe, structural, learned, model".into()),
    }
}

fn parse_row(name: &str) -> Result<Row, String> {
    Row::named(name).ok_or_else(|| "rows are sure, unsure, structural, learned, last, alone".into())
}

fn parse_set(name: &str) -> Result<Set, String> {
    Set::named(name).ok_or_else(|| "sets are index, missions, programs".into())
}

fn parse_half(name: &str) -> Result<Half, String> {
    match name {
        "dev" => Ok(Half::Development),
        "held-out" => Ok(Half::HeldOut),
        _ => Err("halves are dev and held-out".into()),
    }
}

/// `ask`.
#[derive(Debug, Clone, Args)]
pub struct AskArgs {
    /// The question, in any words
    #[arg(required_unless_present_any = ["explain", "error"])]
    pub question: Option<String>,
    /// Explain a file's code, or one line of it
    #[arg(long, value_name = "FILE[:LINE]", conflicts_with = "question")]
    pub explain: Option<String>,
    /// Explain an error code of the compiler, with a wrong and a right example
    #[arg(long, value_name = "E0499", conflicts_with_all = ["question", "explain"])]
    pub error: Option<String>,
    /// Model that writes the answer from what is found [default: offline]
    #[arg(long)]
    pub llm: Option<String>,
    /// The answer as JSON on stdout
    #[arg(long)]
    pub json: bool,
    /// Compile and run code without a sandbox
    #[arg(long)]
    pub no_sandbox: bool,
}

/// `kb`.
#[derive(Debug, Subcommand)]
pub enum KbVerb {
    /// Build the knowledge base from SDK, MAVLink definitions and examples
    Build {
        /// What turns texts into vectors [default: builtin]
        #[arg(long, value_name = EMBEDDINGS)]
        embed: Option<String>,
    },
    /// Search it
    Search {
        /// What for
        query: String,
        /// How many hits
        #[arg(short, default_value_t = 5)]
        k: usize,
        /// What turns texts into vectors [default: builtin]
        #[arg(long, value_name = EMBEDDINGS)]
        embed: Option<String>,
        /// Hits as JSON
        #[arg(long)]
        json: bool,
        /// In a shared knowledge base, postgresql://USER@HOST/DATABASE or qdrant://HOST:6333 [default: this machine's own]
        #[arg(long = "kb", value_name = "URL")]
        shared: Option<String>,
    },
    /// Bring a shared knowledge base up to date: items, and what this machine has learned
    Push {
        /// Where it is [default: the setting kb]
        #[arg(long = "kb", value_name = "URL")]
        shared: Option<String>,
        /// Replace what can be searched there, where another embedding made its vectors
        #[arg(long)]
        rebuild: bool,
        /// Take out items that this machine's knowledge base does not have
        #[arg(long)]
        prune: bool,
    },
    /// Take in what others have learned and pushed
    Pull {
        /// Where it is [default: the setting kb]
        #[arg(long = "kb", value_name = "URL")]
        shared: Option<String>,
    },
    /// Write what was learned and added, as text that can be reviewed and shared
    Export {
        /// Where to [default: stdout]
        file: Option<PathBuf>,
    },
    /// Merge what another machine has exported; twice changes nothing
    Import {
        /// What to read
        file: PathBuf,
    },
    /// Teach it a correction: a wrong and a right file, or a unified diff
    Correct(CorrectArgs),
    /// What it has learned: list, accept, reject, undo
    Review {
        /// What to do [default: list]
        #[command(subcommand)]
        verb: Option<ReviewVerb>,
        /// The list as JSON
        #[arg(long)]
        json: bool,
    },
    /// How what it has learned fares, and which rung mended what
    Stats {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

/// `kb correct`.
#[derive(Debug, Clone, Args)]
pub struct CorrectArgs {
    /// A source that does not compile: a mission, or any Rust file
    #[arg(requires = "right", conflicts_with = "diff")]
    pub wrong: Option<PathBuf>,
    /// The same, edited so that it does
    pub right: Option<PathBuf>,
    /// A unified diff from wrong to right of the project below --root, which is on either side of it
    #[arg(long, value_name = "FILE", required_unless_present = "wrong")]
    pub diff: Option<PathBuf>,
    /// The project's folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// Compile without a sandbox
    #[arg(long)]
    pub no_sandbox: bool,
}

/// `kb review`.
#[derive(Debug, Clone, Subcommand)]
pub enum ReviewVerb {
    /// Use it before others of its signature
    Accept {
        /// The record
        id: String,
    },
    /// Never use it, nor learn it again
    Reject {
        /// The record
        id: String,
    },
    /// The latest changes with their numbers, oldest first
    Changes {
        /// How many
        #[arg(long, default_value_t = 30, value_name = "N")]
        last: usize,
    },
    /// Take a change back
    Undo {
        /// Its number
        change: u64,
    },
}

const EMBEDDINGS: &str = "builtin|endpoint|bert:DIR|static:DIR";

/// `sim`.
#[derive(Debug, Clone, Args)]
pub struct SimArgs {
    /// Flavour [default: ardupilot]
    #[arg(long, value_parser = parse_autopilot, value_name = "ardupilot|px4")]
    pub autopilot: Option<Autopilot>,
    /// Built-in vehicle or vehicle file [default: quad]
    #[arg(long, value_name = "NAME|FILE")]
    pub vehicle: Option<String>,
    /// Times real time, or max
    #[arg(long, default_value = "1", value_name = "X|max")]
    pub speed: String,
    /// Where the vehicle stands
    #[arg(long, value_name = "LAT,LON,ALT,HEADING", allow_hyphen_values = true)]
    pub home: Option<String>,
    /// Seed of noise and gusts
    #[arg(long)]
    pub seed: Option<u64>,
    /// Mean wind in m/s from the north
    #[arg(long, value_name = "M_S")]
    pub wind: Option<f64>,
    /// TCP port of the ArduPilot flavour [default: 5760 + 10 N]
    #[arg(long)]
    pub port: Option<u16>,
    /// Which of several vehicles: system id N + 1, and the ports that the real SITLs give to instance N
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=99))]
    pub instance: u8,
    /// Start ready to arm instead of booting as long as a real one
    #[arg(long)]
    pub warm: bool,
}
