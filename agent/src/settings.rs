//! What is in force: built-in defaults, then `flightsmith.toml` (user, then project), then the environment, then flags.
//!
//! The one place of the agent that reads the environment.
use crate::exit::RunError;
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::vehicle::Autopilot;
use flightsmith_toolchain::host::Host;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// One layer of settings; what it does not say, a lower layer says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Layer {
    /// A built-in vehicle's name or the path of a vehicle file.
    pub vehicle: Option<String>,
    /// `ardupilot` or `px4`.
    pub autopilot: Option<Autopilot>,
    /// `embedded`, `ardupilot`, `px4` or a MAVLink URL.
    pub sim: Option<String>,
    /// `host` or `aarch64`.
    pub target: Option<String>,
    /// `offline`, a URL, `cassette:DIR` ..
    pub llm: Option<String>,
    /// Model name.
    pub llm_model: Option<String>,
    /// Key of the model's endpoint; never written to a run.
    #[serde(skip_serializing)]
    pub llm_api_key: Option<String>,
    /// Seconds that one answer of the model is waited for.
    pub llm_timeout_s: Option<u64>,
    /// Address of a shared knowledge base; may hold a password, so it is never written to a run.
    #[serde(skip_serializing)]
    pub kb: Option<String>,
    /// `builtin`, `endpoint`, `bert:DIR` or `static:DIR`: what turns texts into vectors for the knowledge base.
    pub embed: Option<String>,
    /// Name of the embedding model at the model's endpoint.
    pub llm_embed_model: Option<String>,
    /// Host flights, the nominal one included.
    pub flights: Option<usize>,
    /// Seed of the varied flights.
    pub seed: Option<u64>,
    /// `LAT,LON,ALT,HEADING`.
    pub home: Option<String>,
    /// Envelope file.
    pub envelope: Option<PathBuf>,
}

impl Layer {
    /// This layer over `lower`.
    fn over(self, lower: Layer) -> Layer {
        Layer {
            vehicle: self.vehicle.or(lower.vehicle),
            autopilot: self.autopilot.or(lower.autopilot),
            sim: self.sim.or(lower.sim),
            target: self.target.or(lower.target),
            llm: self.llm.or(lower.llm),
            llm_model: self.llm_model.or(lower.llm_model),
            llm_api_key: self.llm_api_key.or(lower.llm_api_key),
            llm_timeout_s: self.llm_timeout_s.or(lower.llm_timeout_s),
            kb: self.kb.or(lower.kb),
            embed: self.embed.or(lower.embed),
            llm_embed_model: self.llm_embed_model.or(lower.llm_embed_model),
            flights: self.flights.or(lower.flights),
            seed: self.seed.or(lower.seed),
            home: self.home.or(lower.home),
            envelope: self.envelope.or(lower.envelope),
        }
    }
}

/// All layers merged.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// A built-in vehicle's name or the path of a vehicle file.
    pub vehicle: String,
    /// Autopilot of vehicle and simulator.
    pub autopilot: Autopilot,
    /// Where flights are flown.
    pub sim: String,
    /// What the artifact is built for; the vehicle file's companion target where not said.
    pub target: Option<String>,
    /// Which model.
    pub llm: String,
    /// Model name.
    pub llm_model: Option<String>,
    /// Key of the model's endpoint.
    pub llm_api_key: Option<String>,
    /// Seconds that one answer of the model is waited for; the budget's where not said.
    pub llm_timeout_s: Option<u64>,
    /// Address of a shared knowledge base; without one, this machine's own.
    pub kb: Option<String>,
    /// What turns texts into vectors for the knowledge base.
    pub embed: String,
    /// Name of the embedding model at the model's endpoint.
    pub llm_embed_model: Option<String>,
    /// Host flights.
    pub flights: usize,
    /// Seed.
    pub seed: u64,
    /// Where the simulated vehicle stands.
    pub home: Home,
    /// Envelope file.
    pub envelope: Option<PathBuf>,
    /// Where each layer came from, lowest first, for `doctor`.
    pub layers: Vec<(String, Layer)>,
}

/// Default number of host flights: the nominal one and 20 varied.
pub const DEFAULT_FLIGHTS: usize = 21;

impl Settings {
    /// Merges all layers; `flags` is the highest.
    pub fn load(flags: Layer) -> Result<Self, RunError> {
        let mut layers = Vec::new();
        for path in [config_home().join("flightsmith.toml"), PathBuf::from("flightsmith.toml")] {
            if let Some(layer) = read_layer(&path)? {
                layers.push((path.display().to_string(), layer));
            }
        }
        layers.push(("environment".into(), environment()?));
        layers.push(("flags".into(), flags));
        let merged = layers.iter().fold(Layer::default(), |lower, (_, layer)| layer.clone().over(lower));
        Ok(Self {
            vehicle: merged.vehicle.unwrap_or_else(|| "quad".into()),
            // Who names PX4's SITL flies PX4.
            autopilot: merged.autopilot.unwrap_or(match merged.sim.as_deref() {
                Some("px4") => Autopilot::Px4,
                _ => Autopilot::ArduPilot,
            }),
            sim: merged.sim.unwrap_or_else(|| "embedded".into()),
            target: merged.target,
            llm: merged.llm.unwrap_or_else(|| "offline".into()),
            llm_model: merged.llm_model,
            llm_api_key: merged.llm_api_key,
            llm_timeout_s: merged.llm_timeout_s,
            kb: merged.kb,
            embed: merged.embed.unwrap_or_else(|| "builtin".into()),
            llm_embed_model: merged.llm_embed_model,
            flights: merged.flights.unwrap_or(DEFAULT_FLIGHTS),
            seed: merged.seed.unwrap_or(1),
            home: merged.home.as_deref().map(parse_home).transpose()?.unwrap_or_default(),
            envelope: merged.envelope,
            layers,
        })
    }
}

fn read_layer(path: &Path) -> Result<Option<Layer>, RunError> {
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map(Some).map_err(|error| RunError::files(path, error)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(RunError::files(path, error)),
    }
}

fn environment() -> Result<Layer, RunError> {
    let get = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    fn parse<T: std::str::FromStr>(name: &str, value: Option<String>) -> Result<Option<T>, RunError> {
        let bad = |text: &str| RunError::Usage(format!("{name}={text}: not a whole number"));
        value.map(|text| text.parse().map_err(|_| bad(&text))).transpose()
    }
    let autopilot =
        get("FLIGHTSMITH_AUTOPILOT").map(|text| parse_autopilot(&text).map_err(RunError::Usage)).transpose()?;
    Ok(Layer {
        vehicle: get("FLIGHTSMITH_VEHICLE"),
        autopilot,
        sim: get("FLIGHTSMITH_SIM"),
        target: get("FLIGHTSMITH_TARGET"),
        llm: get("FLIGHTSMITH_LLM").or_else(|| get("LLM_API_BASE")),
        llm_model: get("LLM_MODEL"),
        llm_api_key: get("LLM_API_KEY"),
        llm_timeout_s: parse("LLM_TIMEOUT_S", get("LLM_TIMEOUT_S"))?,
        kb: get("FLIGHTSMITH_KB"),
        embed: get("FLIGHTSMITH_EMBED"),
        llm_embed_model: get("LLM_EMBED_MODEL"),
        flights: parse("FLIGHTSMITH_FLIGHTS", get("FLIGHTSMITH_FLIGHTS"))?,
        seed: parse("FLIGHTSMITH_SEED", get("FLIGHTSMITH_SEED"))?,
        home: get("FLIGHTSMITH_HOME_POSITION"),
        envelope: get("FLIGHTSMITH_ENVELOPE").map(PathBuf::from),
    })
}

/// `ardupilot` or `px4`.
pub fn parse_autopilot(text: &str) -> Result<Autopilot, String> {
    match text {
        "ardupilot" => Ok(Autopilot::ArduPilot),
        "px4" => Ok(Autopilot::Px4),
        _ => Err(format!("{text}: not an autopilot; ardupilot or px4")),
    }
}

/// How settings and reports spell an autopilot.
pub fn autopilot_name(autopilot: Autopilot) -> &'static str {
    match autopilot {
        Autopilot::ArduPilot => "ardupilot",
        Autopilot::Px4 => "px4",
    }
}

/// `LAT,LON,ALT,HEADING`: degrees, degrees, metres above mean sea level, degrees.
pub fn parse_home(text: &str) -> Result<Home, RunError> {
    let bad = |why: &str| {
        RunError::Usage(format!("--home {text}: {why}; expected LAT,LON,ALT,HEADING in degrees and metres"))
    };
    let numbers: Vec<f64> = text
        .split(',')
        .map(|part| part.trim().parse::<f64>().ok().filter(|number| number.is_finite()))
        .collect::<Option<_>>()
        .ok_or_else(|| bad("not four numbers"))?;
    let [lat_deg, lon_deg, altitude_amsl_m, heading_deg] = numbers[..] else { return Err(bad("not four numbers")) };
    if !(-89.0..=89.0).contains(&lat_deg) || !(-180.0..=180.0).contains(&lon_deg) {
        return Err(bad("latitude or longitude out of range"));
    }
    if !(-500.0..=6_000.0).contains(&altitude_amsl_m) || !(0.0..=360.0).contains(&heading_deg) {
        return Err(bad("altitude or heading out of range"));
    }
    Ok(Home { lat_deg, lon_deg, altitude_amsl_m, heading_deg })
}

/// The user's folder for settings and keys: `$XDG_CONFIG_HOME/flightsmith` or `~/.config/flightsmith`.
pub fn config_home() -> PathBuf {
    xdg("XDG_CONFIG_HOME", ".config")
}

/// The user's folder for what can be made again: `$XDG_CACHE_HOME/flightsmith` or `~/.cache/flightsmith`.
pub fn cache_home() -> PathBuf {
    xdg("XDG_CACHE_HOME", ".cache")
}

/// The user's folder for what cannot be made again, learned fixes above all: `$XDG_DATA_HOME/flightsmith` or
/// `~/.local/share/flightsmith`.
pub fn data_home() -> PathBuf {
    xdg("XDG_DATA_HOME", ".local/share")
}

fn xdg(name: &str, below_home: &str) -> PathBuf {
    let base = std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || std::env::var_os("HOME").map(PathBuf::from).unwrap_or_else(std::env::temp_dir);
    base.unwrap_or_else(|| home().join(below_home)).join("flightsmith")
}

/// The sources of SDK, runner and template: `$FLIGHTSMITH_SOURCE`, else where this program was built from.
pub fn source_root() -> PathBuf {
    let built_from = || Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("/")).to_path_buf();
    std::env::var_os("FLIGHTSMITH_SOURCE").map(PathBuf::from).unwrap_or_else(built_from)
}

/// This machine as the environment shows it.
pub fn host() -> Host {
    let path = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_else(std::env::temp_dir);
    let mut host = Host::new(path, home);
    if let Some(folder) = std::env::var_os("CARGO_HOME") {
        host.cargo_home = folder.into();
    }
    if let Some(folder) = std::env::var_os("RUSTUP_HOME") {
        host.rustup_home = folder.into();
    }
    const NETWORK: [&str; 8] = [
        "http_proxy",
        "https_proxy",
        "HTTPS_PROXY",
        "no_proxy",
        "SSL_CERT_FILE",
        "CARGO_HTTP_CAINFO",
        "CARGO_HTTP_PROXY",
        "CARGO_NET_OFFLINE",
    ];
    host.network_env = NETWORK.iter().filter_map(|name| Some((name.into(), std::env::var_os(name)?))).collect();
    host
}

/// What ssh needs of the environment beyond its configuration: the user's agent.
pub fn ssh_environment() -> Vec<(OsString, OsString)> {
    ["SSH_AUTH_SOCK"].iter().filter_map(|name| Some((name.into(), std::env::var_os(name)?))).collect()
}
