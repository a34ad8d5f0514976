//! What the stages need of this machine, found once: programs, sandbox, compilers with the prebuilt SDK, and where to tell of progress.
use crate::asking::Asking;
use crate::budget;
use crate::events::Events;
use crate::exit::{RunError, chain};
use crate::retrieve::embedding::Choice;
use crate::settings;
use flightsmith_toolchain::host::Host;
use flightsmith_toolchain::prebuilt::{Prebuilt, PrebuiltError};
use flightsmith_toolchain::process::ProcessError;
use flightsmith_toolchain::sandbox::{NoSandbox, Sandbox};
use flightsmith_toolchain::setup::{self, SetupError, SetupPlan, Surroundings};
use flightsmith_toolchain::targets::{self, Target, TargetError, Toolchain};
use std::path::PathBuf;
use std::time::Duration;

/// This machine.
pub struct Workshop {
    /// Programs.
    pub host: Host,
    /// Where SDK, runner and template are.
    pub source_root: PathBuf,
    /// Where what can be made again is kept.
    pub cache: PathBuf,
    /// Where what cannot be made again is kept.
    pub data: PathBuf,
    /// Progress.
    pub events: Events,
    /// Whether and how to ask a person.
    pub asking: Asking,
    /// Whether `--setup` was given.
    pub may_set_up: bool,
    /// Key of the model's endpoint; in memory only.
    pub llm_api_key: Option<String>,
    /// How long one answer of the model is waited for.
    pub llm_answer: Duration,
    /// Address of the shared knowledge base; in memory only, as it may hold a password.
    pub kb: Option<String>,
    /// What this machine's knowledge base is searched with.
    pub embedding: Choice,
}

impl Workshop {
    /// This machine as the environment shows it.
    pub fn open(events: Events, asking: Asking, may_set_up: bool, llm_api_key: Option<String>) -> Self {
        let cache = settings::cache_home();
        Self {
            host: settings::host(),
            source_root: settings::source_root(),
            cache,
            data: settings::data_home(),
            events,
            asking,
            may_set_up,
            llm_api_key,
            llm_answer: budget::MODEL_ANSWER,
            kb: None,
            embedding: Choice::builtin(),
        }
    }

    /// Installs what `target` needs and is missing, if `--setup` allows it; else names it.
    pub fn prepare(&self, target: Target, wants_sandbox: bool) -> Result<(), RunError> {
        let look = || Surroundings::look(&self.host);
        let plan = setup::plan(&self.host, &[Target::Host, target], !wants_sandbox, look).map_err(setup_error)?;
        self.carry_out(&plan)?;
        // What is to be downloaded shows only to the compiler that was installed just now.
        let toolchain = self.toolchain(target)?;
        let fetch = setup::fetch(&self.host, &toolchain, &self.source_root).map_err(setup_error)?;
        self.carry_out(&SetupPlan { steps: fetch })
    }

    fn carry_out(&self, plan: &SetupPlan) -> Result<(), RunError> {
        if plan.steps.is_empty() {
            return Ok(());
        }
        if !self.may_set_up {
            let what = plan.steps.iter().map(|step| step.what.as_str()).collect::<Vec<_>>().join(", ");
            let install = plan.steps.iter().map(|step| step.command.join(" ")).collect();
            return Err(RunError::MissingTool { what, install });
        }
        setup::carry_out(&self.host, plan, |plan| self.asking.may_install(plan)).map_err(setup_error)
    }

    /// The sandbox, or none where the user wished so.
    pub fn sandbox(&self, wanted: bool) -> Result<Sandbox, RunError> {
        if !wanted {
            self.events.note("no sandbox: generated code runs with your rights (--no-sandbox)");
            return Ok(Sandbox::none());
        }
        Sandbox::probe(&self.host).map_err(no_sandbox)
    }

    /// The compiler for `target` with the SDK built for it; says so where that has to be built first.
    pub fn prebuilt(&self, target: Target) -> Result<Prebuilt, RunError> {
        let toolchain = self.toolchain(target)?;
        if let Some(found) = Prebuilt::find(&toolchain, &self.source_root, &self.cache).map_err(prebuilt_error)? {
            return Ok(found);
        }
        let machine = if target == Target::Host { "this machine" } else { target.name() };
        self.events.wait(format!("building the SDK for {machine}, once for this version: a minute or two"));
        Prebuilt::open(&self.host, &toolchain, &self.source_root, &self.cache).map_err(prebuilt_error)
    }

    /// The compiler for `target`.
    pub fn toolchain(&self, target: Target) -> Result<Toolchain, RunError> {
        targets::find(target, &self.host).map_err(target_error)
    }
}

fn no_sandbox(error: NoSandbox) -> RunError {
    let why = error.to_string();
    let why = why.strip_prefix("no sandbox: ").unwrap_or(&why);
    RunError::MissingTool { install: error.commands(), what: format!("a sandbox: {why}") }
}

/// A compiler that is missing or broken.
pub fn target_error(error: TargetError) -> RunError {
    match error {
        TargetError::Missing { target, missing } => {
            let what = missing.iter().map(|tool| tool.what.as_str()).collect::<Vec<_>>().join(", ");
            let install = missing.iter().flat_map(|tool| tool.install.clone()).collect();
            RunError::MissingTool { what: format!("for {target}: {what}"), install }
        }
        other => RunError::MissingTool { what: format!("a Rust toolchain that works: {other}"), install: Vec::new() },
    }
}

fn prebuilt_error(error: PrebuiltError) -> RunError {
    if matches!(error, PrebuiltError::Process(ProcessError::Interrupted)) {
        return RunError::Interrupted { run: None };
    }
    if matches!(error, PrebuiltError::NotFetched { .. }) {
        return RunError::MissingTool { what: chain(&error), install: vec!["cargo fetch --locked".into()] };
    }
    RunError::files(settings::cache_home(), chain(&error))
}

fn setup_error(error: SetupError) -> RunError {
    match error {
        SetupError::Sandbox(error) => no_sandbox(error),
        SetupError::Target(error) => target_error(error),
        SetupError::Process(ProcessError::Interrupted) => RunError::Interrupted { run: None },
        SetupError::Unknown { missing } => RunError::MissingTool {
            what: missing.iter().map(|tool| tool.what.as_str()).collect::<Vec<_>>().join(", "),
            install: missing.iter().flat_map(|tool| tool.install.clone()).collect(),
        },
        other => RunError::MissingTool { what: chain(&other), install: Vec::new() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[test]
    fn who_waits_for_the_sdk_is_told_and_who_does_not_is_not() {
        let cache = tempfile::tempdir().unwrap();
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let listener = Arc::clone(&heard);
        let events = Events::to(Arc::new(move |words: &str| listener.lock().unwrap().push(words.to_owned())));
        let shop = Workshop {
            source_root: concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/toolchain/tests/data/workspace").into(),
            cache: cache.path().to_owned(),
            ..Workshop::open(events, Asking::Never, false, None)
        };
        let built = shop.prebuilt(Target::Host).unwrap_or_else(|error| panic!("{error}"));
        let expect = ["note      building the SDK for this machine, once for this version: a minute or two"];
        assert_eq!(*heard.lock().unwrap(), expect);
        assert_eq!(shop.prebuilt(Target::Host).unwrap().folder(), built.folder());
        assert_eq!(heard.lock().unwrap().len(), 1);
    }
}
