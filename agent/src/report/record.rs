//! The run directory, read: every piece that is there, and a sentence for every piece that is missing or corrupt.
use super::history::History;
use crate::cross::Footprint;
use crate::run_dir::names;
use flightsmith_mission::contract::Contract;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Largest file that is read whole; tlogs and binaries are never read.
const MAX_FILE_BYTES: u64 = 32 * 1024 * 1024;

/// What a run left behind.
#[derive(Debug, Default)]
pub struct RunRecord {
    /// `10-brief.md`: the words.
    pub words: Option<String>,
    /// `22-readback.txt`.
    pub readback: Option<String>,
    /// `20-plan.json`, for its name.
    pub plan: Option<Value>,
    /// `21-contract.json`.
    pub contract: Option<Contract>,
    /// `40-attempts/NN/attempt.json`, in order.
    pub attempts: Vec<Attempt>,
    /// `50-mission/src/mission.rs`: the code that passed; else that of the last attempt.
    pub code: Option<String>,
    /// `60-flights/NNNN`, in order.
    pub flights: Vec<Flight>,
    /// What firmware takes of its chip, from `artifact.json`.
    pub footprint: Option<Footprint>,
    /// `70-bundle/manifest.json`.
    pub manifest: Option<flightsmith_upload::manifest::Manifest>,
    /// `80-deployment.json`.
    pub deployment: Option<Value>,
    /// `events.jsonl`.
    pub history: History,
    /// What is missing though it should be there, or cannot be read.
    pub gaps: Vec<String>,
}

/// The part of `artifact.json` that a report tells.
#[derive(Debug, Deserialize)]
struct BuiltArtifact {
    #[serde(default)]
    footprint: Option<Footprint>,
}

/// One attempt at the code: who wrote it and what became of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Attempt {
    /// Who made this source: `generator`, `compiler suggestions`, `model` ..
    pub fixer: String,
    /// What failed; `None` for the attempt that passed.
    pub failed: Option<String>,
    /// Wall time, s.
    pub seconds: f64,
    /// Tokens of the model, asked and answered.
    pub tokens: u64,
}

/// One flight: its verdict and its true track.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Flight {
    /// The name of its folder.
    pub folder: String,
    /// `verdict.json`.
    pub verdict: Option<FlightVerdict>,
    /// `track.json`.
    pub track: Option<Track>,
}

impl Flight {
    /// Whether it held every clause; a flight without a verdict did not.
    pub fn passed(&self) -> bool {
        self.verdict.as_ref().is_some_and(|verdict| verdict.passed)
    }
}

/// What the judge said about a flight.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FlightVerdict {
    /// Seed of its scenario.
    pub seed: Value,
    /// What was varied.
    pub scenario: Value,
    /// What it flew in: `embedded`, `qemu-aarch64` ..
    pub backend: Value,
    /// `ardupilot` or `px4`.
    pub autopilot: Value,
    /// Whether every clause held.
    pub passed: bool,
    /// Every clause with its margin.
    pub clauses: Vec<Clause>,
    /// What was broken.
    pub violations: Vec<Violation>,
}

/// A clause of the contract, as measured in one flight.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Clause {
    /// Its name in the contract.
    pub id: String,
    /// The words of the brief that asked for it; empty for a rule of the envelope.
    pub words: String,
    /// What it demands, in words, and behind the last `: ` what came of it.
    pub says: String,
    /// By how much it held; negative when it was broken.
    pub margin: Option<f64>,
    /// Unit of the margin.
    pub unit: String,
    /// Whether it held.
    pub held: bool,
    /// When the margin was smallest, s of vehicle time.
    pub at_s: Option<f64>,
}

/// A broken clause with its evidence.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Violation {
    /// The clause.
    pub id: String,
    /// What happened, in words.
    pub says: String,
    /// When, s of vehicle time.
    pub at_s: Option<f64>,
    /// What was measured.
    pub measured: Value,
    /// What was allowed.
    pub limit: Value,
    /// Unit of both.
    pub unit: String,
}

/// The simulator's true state over one flight, about 5 times a second of vehicle time; all columns have one length.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Track {
    /// Vehicle time, s.
    pub t_s: Vec<f64>,
    /// Metres north of home.
    pub north_m: Vec<f64>,
    /// Metres east of home.
    pub east_m: Vec<f64>,
    /// Metres above home.
    pub altitude_m: Vec<f64>,
    /// Speed over ground, m/s.
    pub ground_speed_m_s: Vec<f64>,
    /// True heading of the nose, degrees.
    #[serde(default)]
    pub heading_deg: Vec<f64>,
}

impl Track {
    /// Number of points.
    pub fn len(&self) -> usize {
        self.t_s.len()
    }
    /// Whether it has no points.
    pub fn is_empty(&self) -> bool {
        self.t_s.is_empty()
    }
    /// What is wrong with it, if something is.
    fn fault(&self) -> Option<String> {
        let columns = [&self.north_m, &self.east_m, &self.altitude_m, &self.ground_speed_m_s];
        if columns.iter().any(|column| column.len() != self.len()) {
            return Some("its columns have different lengths".into());
        }
        // JSON has no NaN, but 1e999 parses; a map of such a track would swallow the others.
        let wild = |value: &f64| !value.is_finite() || value.abs() > 1e7;
        if columns.iter().any(|column| column.iter().any(wild)) || self.t_s.iter().any(wild) {
            return Some("it holds values beyond 10 000 km".into());
        }
        None
    }
    /// Index of the point at or just before `t_s`.
    pub fn index_at(&self, t_s: f64) -> Option<usize> {
        if self.is_empty() {
            return None;
        }
        Some(self.t_s.partition_point(|t| *t <= t_s).saturating_sub(1))
    }
}

impl RunRecord {
    /// Reads the run directory `run`.
    pub fn read(run: &Path) -> Self {
        let mut reader = Reader { run, gaps: Vec::new() };
        let history = reader.text(names::EVENTS).map(|text| History::read(&text)).unwrap_or_default();
        if history.bad_lines > 0 {
            reader.gaps.push(format!("{}: {} lines are not readable", names::EVENTS, history.bad_lines));
        }
        let attempts: Vec<(String, Option<Attempt>)> = reader
            .folders(names::ATTEMPTS)
            .into_iter()
            .map(|folder| (folder.clone(), reader.json(&format!("{folder}/attempt.json"))))
            .collect();
        let last_attempt = attempts.last().map(|(folder, _)| folder.clone());
        let code = reader.text(&format!("{}/src/mission.rs", names::MISSION)).or_else(|| {
            let folder = last_attempt?;
            reader.text(&format!("{folder}/mission.rs")).or_else(|| reader.text(&format!("{folder}/src/mission.rs")))
        });
        let flights = reader.folders(names::FLIGHTS).iter().map(|folder| reader.flight(folder)).collect();
        let mut record = Self {
            words: reader.text(names::BRIEF),
            readback: reader.text(names::READBACK),
            plan: reader.json(names::PLAN),
            contract: reader.json(names::CONTRACT),
            attempts: attempts.into_iter().filter_map(|(_, attempt)| attempt).collect(),
            code,
            flights,
            footprint: reader.json::<BuiltArtifact>(names::ARTIFACT).and_then(|artifact| artifact.footprint),
            manifest: reader.json(&format!("{}/manifest.json", names::BUNDLE)),
            deployment: reader.json(names::DEPLOYMENT),
            history,
            gaps: reader.gaps,
        };
        record.note_missing();
        record
    }

    /// Notes pieces that a run which came this far must have.
    fn note_missing(&mut self) {
        let planned = self.contract.is_some() || !self.attempts.is_empty() || !self.flights.is_empty();
        for (is_well, name) in [
            (self.words.is_some(), names::BRIEF),
            (!planned || self.readback.is_some(), names::READBACK),
            (self.flights.is_empty() || self.contract.is_some(), names::CONTRACT),
        ] {
            if !is_well && !self.mentions(name) {
                self.gaps.push(format!("{name} is missing"));
            }
        }
    }

    fn mentions(&self, name: &str) -> bool {
        self.gaps.iter().any(|gap| gap.starts_with(name))
    }

    /// The plan's short name, or `mission`.
    pub fn name(&self) -> &str {
        let name = self.plan.as_ref().and_then(|plan| plan.get("name")).and_then(Value::as_str);
        name.filter(|name| !name.trim().is_empty()).unwrap_or("mission")
    }
}

/// Reads pieces of a run directory and collects what is wrong with them.
struct Reader<'a> {
    run: &'a Path,
    gaps: Vec<String>,
}

impl Reader<'_> {
    /// The text of a file; `None` where it is absent or (then noted) unreadable.
    fn text(&mut self, name: &str) -> Option<String> {
        match read_limited(&self.run.join(name)) {
            Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
            Err(why) if why.kind() == io::ErrorKind::NotFound => None,
            Err(why) => {
                self.gaps.push(format!("{name} cannot be read: {why}"));
                None
            }
        }
    }

    fn json<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let text = self.text(name)?;
        serde_json::from_str(&text).map_err(|why| self.gaps.push(format!("{name} is not as expected: {why}"))).ok()
    }

    /// The folders in `name`, as paths from the run directory, in the order of their names.
    fn folders(&mut self, name: &str) -> Vec<String> {
        let entries = match fs::read_dir(self.run.join(name)) {
            Ok(entries) => entries,
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Vec::new(),
            Err(why) => {
                self.gaps.push(format!("{name} cannot be read: {why}"));
                return Vec::new();
            }
        };
        let mut folders: Vec<PathBuf> =
            entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()).collect();
        folders.sort();
        let names = folders.iter().filter_map(|path| path.file_name());
        names.map(|folder| format!("{name}/{}", folder.to_string_lossy())).collect()
    }

    fn flight(&mut self, folder: &str) -> Flight {
        let verdict_name = format!("{folder}/verdict.json");
        let track_name = format!("{folder}/track.json");
        let gaps_before = self.gaps.len();
        let verdict = self.json(&verdict_name);
        if verdict.is_none() && self.gaps.len() == gaps_before {
            self.gaps.push(format!("{verdict_name} is missing: the flight counts as failed"));
        }
        let track = self.json::<Track>(&track_name).filter(|track| match track.fault() {
            None => true,
            Some(fault) => {
                self.gaps.push(format!("{track_name} is left out: {fault}"));
                false
            }
        });
        let folder = folder.rsplit('/').next().unwrap_or(folder).to_owned();
        Flight { folder, verdict, track }
    }
}

fn read_limited(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::other("not a file"));
    }
    if metadata.len() > MAX_FILE_BYTES {
        return Err(io::Error::other(format!("{} bytes (limit {MAX_FILE_BYTES})", metadata.len())));
    }
    fs::read(path)
}
