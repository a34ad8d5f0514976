//! `fix`: compile any Rust project and mend what does not compile.
use super::args::FixArgs;
use super::runs::{print, print_json, workshop};
use crate::budget;
use crate::exit::{RunError, chain};
use crate::models::{self, Model};
use crate::repair::foreign::ForeignMender;
use crate::repair::learned::stage::{self, Ended, remember};
use crate::repair::project::{FixError, FixOptions, FixReport, FixTools, fix_project};
use crate::repair::{Bounds, Proposer, Workbench};
use crate::retrieve::shared;
use crate::settings::{Layer, Settings};
use crate::workshop::Workshop;
use flightsmith_kb::Searchable;
use flightsmith_toolchain::process::ProcessError;
use flightsmith_toolchain::targets::Target;
use serde_json::json;
use std::fmt::Write;
use std::path::Path;

/// `fix`.
pub fn fix(args: &FixArgs) -> Result<u8, RunError> {
    // With `--json` stdout has the report and nothing else.
    let shop = workshop(false, true, false)?;
    let settings = Settings::load(Layer { llm: args.llm.clone(), ..Layer::default() })?;
    let model = models::connect(&shop, &settings.llm, settings.llm_model, None)?;
    let options = FixOptions {
        allow_dirty: args.allow_dirty,
        allow_no_vcs: args.allow_no_vcs,
        check_only: args.check,
        run_tests: args.test,
        bounds: Bounds { mender_calls: if model.is_some() { budget::ATTEMPTS } else { 0 }, ..bounds() },
    };
    let report = mend(&shop, &args.path, &options, !args.no_sandbox, model.as_ref())?;
    if args.json {
        print_json(&report);
    } else {
        print(&in_words(&report, args.check));
    }
    Ok(report.exit_code())
}

/// Limits of one project's repair without a model.
pub fn bounds() -> Bounds {
    Bounds { judged: budget::FIX_BUILDS, mender_calls: 0, wall: budget::REPAIR }
}

/// The same loop for every door.
pub fn mend(
    shop: &Workshop,
    path: &Path,
    options: &FixOptions,
    sandboxed: bool,
    model: Option<&Model>,
) -> Result<FixReport, RunError> {
    let (sandbox, toolchain) = (shop.sandbox(sandboxed)?, shop.toolchain(Target::Host)?);
    let tools = FixTools { host: &shop.host, sandbox: &sandbox, toolchain: &toolchain };
    let kb = model.map(|_| shared::open(shop)).transpose()?;
    let mut mender = model.map(|model| ForeignMender::new(model, kb.as_deref().map(|kb| kb as &dyn Searchable)));
    let mut memory = stage::remembered(shop);
    let model = mender.as_mut().map(|mender| mender as &mut dyn Proposer);
    let mut bench = Workbench { memory: Some(&memory), model };
    let fixed = fix_project(path, options, tools, &mut bench);
    // What was only shown has not been taken by anybody: it teaches nothing, so that `--check` says the same however often it is asked.
    if let (Ok(report), false) = (&fixed, options.check_only) {
        let FixReport { lessons, refuted, in_vain, .. } = report;
        let ended = Ended { lessons, refuted, in_vain, well: report.mended, compiles: report.builds };
        let evidence = json!({ "project": path.display().to_string(), "tests": options.run_tests });
        if let Err(error) = remember(&mut memory, ended, &evidence, &shop.data) {
            shop.events.note(format!("nothing was learned from this: {}", chain(&error)));
        }
    }
    fixed.map_err(|error| match error {
        FixError::Process(ProcessError::Interrupted) => RunError::Interrupted { run: None },
        FixError::Mender(reason) => RunError::Model { reason },
        // What a person has to agree to first is no fault of a file.
        FixError::NoVcs { .. } | FixError::Dirty { .. } => {
            let hints = vec!["--check shows what would be changed, and changes nothing".to_owned()];
            RunError::Refused { reason: error.to_string(), hints }
        }
        FixError::Cargo { .. } => RunError::NotMended { reason: error.to_string() },
        FixError::Files { path, source } => RunError::files(path, source),
        other => RunError::files(path, chain(&other)),
    })
}

fn in_words(report: &FixReport, check: bool) -> String {
    let mut text = String::new();
    if check {
        text.push_str(&report.diff());
    }
    for step in &report.steps {
        let places: Vec<String> =
            step.edits.iter().map(|edit| format!("{}:{}", edit.file.display(), edit.first_line)).collect();
        let rules = if step.rules.is_empty() { step.codes.join(", ") } else { step.rules.join("; ") };
        let _ = writeln!(text, "mended ({}) {}: {rules}", step.rung.name(), places.join(", "));
    }
    if let Some(left) = &report.left {
        let _ = writeln!(text, "{}", left.told.trim_end());
    }
    let changed = report.changes.len();
    let counted = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let (files, builds) = (counted(changed, "file"), counted(report.builds, "build"));
    let _ = match (report.mended, report.written) {
        (true, _) if changed == 0 => writeln!(text, "nothing to mend ({builds})"),
        (true, true) => writeln!(text, "mended {files} ({builds})"),
        (true, false) => writeln!(text, "would mend {files} ({builds}); nothing was written"),
        (false, _) => writeln!(text, "not mended ({builds}); nothing was written"),
    };
    text
}
