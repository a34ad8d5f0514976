//! `doctor`, `vehicles`, `schema`: what is in force and what there is.
use super::args::CommonArgs;
use super::runs::{print, print_json, workshop};
use crate::exit::{RunError, VERIFIED};
use crate::settings::{self, Settings};
use crate::workshop::Workshop;
use crate::{plan, vehicles};
use flightsmith_toolchain::targets::Target;
use serde::Serialize;
use std::fmt::Write;
use std::path::Path;

/// One line of `doctor`.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Finding {
    what: String,
    ok: bool,
    found: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    install: Vec<String>,
}

/// `doctor`: settings in force with where each comes from, then what of the machine is there and how to get the rest.
pub fn doctor(args: &CommonArgs) -> Result<u8, RunError> {
    let settings = Settings::load(args.layer())?;
    let shop = workshop(args.json, args.yes, args.setup)?;
    if args.setup {
        shop.prepare(Target::Aarch64, !args.no_sandbox)?;
    }
    let findings = findings(&shop, &settings);
    if args.json {
        print_json(&findings);
    } else {
        print(&in_words(&settings, &findings));
    }
    let missing = findings.iter().find(|finding| !finding.ok);
    missing.map_or(Ok(VERIFIED), |finding| {
        Err(RunError::MissingTool { what: finding.what.clone(), install: finding.install.clone() })
    })
}

fn findings(shop: &Workshop, settings: &Settings) -> Vec<Finding> {
    let entry = |what: &str, result: Result<String, RunError>| match result {
        Ok(found) => Finding { what: what.into(), ok: true, found, install: Vec::new() },
        Err(RunError::MissingTool { what: missing, install }) => {
            Finding { what: what.into(), ok: false, found: missing, install }
        }
        Err(error) => Finding { what: what.into(), ok: false, found: error.to_string(), install: error.hints() },
    };
    let compiler = |target| shop.toolchain(target).map(|toolchain| toolchain.rustc.display().to_string());
    let source = shop.source_root.join("sdk/Cargo.toml");
    let sources = if source.is_file() {
        Ok(shop.source_root.display().to_string())
    } else {
        Err(RunError::files(&source, "is missing; set FLIGHTSMITH_SOURCE to a clone of flightsmith"))
    };
    vec![
        entry("sandbox", shop.sandbox(true).map(|_| "bubblewrap works".into())),
        entry("compiler for this machine", compiler(Target::Host)),
        entry("compiler for aarch64", compiler(Target::Aarch64)),
        entry("firmware for thumbv7em", firmware(shop)),
        entry("sources of SDK and template", sources),
        entry("embedding", embedding(settings)),
        entry("embedding models", Ok(crate::retrieve::embedding::local_models())),
        entry("debug probes", Ok(probes(shop))),
        entry("vehicle", vehicles::load(&settings.vehicle).map(|vehicle| vehicle.description)),
    ]
}

/// What the knowledge base is searched with; a model is loaded and an endpoint asked.
fn embedding(settings: &Settings) -> Result<String, RunError> {
    use crate::retrieve::embedding::{self, Choice};
    let embedder = embedding::connect(&Choice::of_settings(settings))?;
    Ok(format!("{} ({} numbers a text)", embedder.id(), embedder.dims()))
}

/// Whether boards can be flashed. Without it nothing else is missing: most vehicles have a companion computer.
fn probes(shop: &Workshop) -> String {
    match crate::upload::board::flasher() {
        Some(_) => "built in".into(),
        None => format!("not built in; to flash boards: {}", super::board::build_command(shop)),
    }
}

/// What makes and flies firmware. Only who wants some needs it, so what is missing is told and is no fault.
fn firmware(shop: &Workshop) -> Result<String, RunError> {
    match shop.toolchain(Target::Thumbv7em) {
        Ok(toolchain) => {
            let emulator = toolchain.emulator.as_deref().unwrap_or(Path::new("no emulator"));
            Ok(format!("{}, flown in {}", toolchain.rustc.display(), emulator.display()))
        }
        Err(RunError::MissingTool { what, install }) => {
            Ok(format!("not set up: {what} (--target thumbv7em --setup installs it: {})", install.join("; ")))
        }
        Err(error) => Err(error),
    }
}

fn in_words(settings: &Settings, findings: &[Finding]) -> String {
    let mut text = String::from("settings in force\n");
    let home = &settings.home;
    let mut line = |name: &str, value: String| {
        let from = settings
            .layers
            .iter()
            .rev()
            .find(|(_, layer)| {
                let layer = serde_json::to_value(layer).unwrap_or_default();
                layer.get(name).is_some_and(|value| !value.is_null())
            })
            .map_or("default", |(from, _)| from.as_str());
        let _ = writeln!(text, "  {name:<10} {value}   ({from})");
    };
    line("vehicle", settings.vehicle.clone());
    line("autopilot", format!("{:?}", settings.autopilot).to_lowercase());
    line("sim", settings.sim.clone());
    line("target", settings.target.clone().unwrap_or_else(|| "the vehicle's companion".into()));
    line("llm", settings.llm.clone());
    line("llm_model", settings.llm_model.clone().unwrap_or_else(|| "the endpoint's first".into()));
    line("embed", settings.embed.clone());
    line("flights", settings.flights.to_string());
    line("seed", settings.seed.to_string());
    line("home", format!("{},{},{},{}", home.lat_deg, home.lon_deg, home.altitude_amsl_m, home.heading_deg));
    let _ = writeln!(text, "  cache      {}", settings::cache_home().display());
    let _ = writeln!(text, "  knowledge  {}", crate::retrieve::stage::folder(&settings::data_home()).display());
    let _ = writeln!(text, "this machine");
    for finding in findings {
        let _ = writeln!(text, "  {:<4} {}: {}", if finding.ok { "ok" } else { "NO" }, finding.what, finding.found);
        for command in &finding.install {
            let _ = writeln!(text, "       hint: {command}");
        }
    }
    text
}

/// `vehicles`.
pub fn vehicles() -> Result<u8, RunError> {
    let mut text = String::new();
    for vehicle in vehicles::built_in()? {
        let _ = writeln!(text, "{:<14} {}", vehicle.name, vehicle.description);
    }
    print(&text);
    Ok(VERIFIED)
}

/// `schema`.
pub fn schema() -> Result<u8, RunError> {
    print_json(&plan::schema());
    Ok(VERIFIED)
}
