//! What stands behind the doors on this machine: the same pipeline, fix loop and knowledge base that the command line calls.
use super::{
    Call, Doors, Failure, FixInput, FixOutput, FixedFile, GenerateInput, GenerateOutput, Refused, SearchInput,
    SearchOutput, SimulateInput, SimulateOutput, Verdict, search_sdk,
};
use crate::asking::Asking;
use crate::cli::runs::{new_run, proceed};
use crate::events::Events;
use crate::exit::RunError;
use crate::repair::project::FixOptions;
use crate::request::{Brief, Request};
use crate::retrieve;
use crate::retrieve::embedding::Choice;
use crate::run_dir::{RunDir, names};
use crate::settings::{Layer, Settings, parse_autopilot};
use crate::stage::Stage;
use crate::workshop::Workshop;
use std::path::Path;

/// This machine, with the settings that the server was started with.
pub struct Here {
    flags: Layer,
    sandbox: bool,
}

impl Here {
    /// `flags` are the server's own; a call's inputs win over them.
    pub fn new(flags: Layer, sandbox: bool) -> Self {
        Self { flags, sandbox }
    }

    fn shop(&self, call: &Call<'_>) -> Result<Workshop, Refused> {
        let settings = Settings::load(self.flags.clone()).map_err(refused)?;
        call.progress("looking at this machine");
        let embedding = Choice::of_settings(&settings);
        let shop = Workshop::open(Events::to(call.listener()), Asking::Never, false, settings.llm_api_key);
        Ok(Workshop { kb: settings.kb, embedding, ..shop })
    }
}

fn refused(error: RunError) -> Refused {
    Refused { message: error.to_string(), hint: error.hints().join("; ") }
}

impl Doors for Here {
    fn generate(&self, input: GenerateInput, call: &Call<'_>) -> Result<GenerateOutput, Refused> {
        let autopilot = input.autopilot.as_deref().map(parse_autopilot).transpose();
        let flags = Layer {
            vehicle: input.vehicle.or(self.flags.vehicle.clone()),
            autopilot: autopilot.map_err(|error| refused(RunError::Usage(error)))?.or(self.flags.autopilot),
            target: input.target.or(self.flags.target.clone()).or(Some("host".into())),
            flights: input.flights.map(|flights| flights as usize).or(self.flags.flights),
            ..self.flags.clone()
        };
        let settings = Settings::load(flags).map_err(refused)?;
        let request = Request::new(Brief::Words(input.words), &settings, self.sandbox).map_err(refused)?;
        let shop = self.shop(call)?;
        let run = new_run(None, &request.brief).map_err(refused)?;
        run.write_json(names::REQUEST, &request).map_err(refused)?;
        call.progress("planning, writing, compiling, flying");
        let end = proceed(&shop, &run, &request, Stage::Bundle);
        if let Err(error) = &end
            && !matches!(error, RunError::Refused { .. } | RunError::NotCompiled { .. } | RunError::NotFlown { .. })
        {
            return Err(Refused { message: error.to_string(), hint: error.hints().join("; ") });
        }
        let report = crate::report::record::RunRecord::read(run.root());
        let text = |name: &str| run.read_text(name).unwrap_or_default();
        let verdict = match &end {
            Ok(()) => Verdict::Verified,
            Err(RunError::Refused { .. }) => Verdict::Refused,
            Err(_) => Verdict::Failed,
        };
        let reason = end.err().map_or(String::new(), |error| {
            let hints = error.hints();
            if hints.is_empty() { error.to_string() } else { format!("{error}; hint: {}", hints.join("; ")) }
        });
        Ok(GenerateOutput {
            verdict,
            reason,
            run: run.root().display().to_string(),
            readback: text(names::READBACK),
            source: report.code.clone().unwrap_or_default(),
            flown: report.flights.len() as u32,
            passed: report.flights.iter().filter(|flight| flight.passed()).count() as u32,
        })
    }

    fn compile_and_fix(&self, input: FixInput, call: &Call<'_>) -> Result<FixOutput, Refused> {
        let shop = self.shop(call)?;
        call.progress("compiling in the sandbox");
        let options = FixOptions {
            allow_dirty: false,
            allow_no_vcs: true,
            check_only: !input.write,
            run_tests: false,
            bounds: crate::cli::mend::bounds(),
        };
        let report =
            crate::cli::mend::mend(&shop, Path::new(&input.path), &options, self.sandbox, None).map_err(refused)?;
        let files = report.changes.into_iter();
        Ok(FixOutput {
            mended: report.mended,
            attempts: report.builds as u32,
            files: files.map(|file| FixedFile { path: file.path.display().to_string(), text: file.after }).collect(),
            remaining: report.left.map(|left| left.told).unwrap_or_default(),
        })
    }

    fn search_sdk(&self, input: SearchInput, call: &Call<'_>) -> Result<SearchOutput, Refused> {
        call.progress("opening the knowledge base");
        let shop = self.shop(call)?;
        let kb = retrieve::shared::open(&shop).map_err(refused)?;
        Ok(search_sdk(kb.as_ref(), &input))
    }

    fn simulate(&self, input: SimulateInput, call: &Call<'_>) -> Result<SimulateOutput, Refused> {
        let shop = self.shop(call)?;
        let run = RunDir::open(Path::new(&input.run)).map_err(refused)?;
        let mut request: Request = run.read_json(names::REQUEST).map_err(refused)?;
        request.flights = input.flights.map_or(request.flights, |flights| flights as usize);
        request.seed = input.seed.unwrap_or(request.seed);
        call.progress("flying");
        let flights = run.path(names::FLIGHTS);
        if flights.exists() {
            std::fs::remove_dir_all(&flights).map_err(|error| refused(RunError::files(&flights, error)))?;
        }
        match proceed(&shop, &run, &request, Stage::Simulate) {
            Ok(()) | Err(RunError::NotFlown { .. }) => {}
            Err(error) => return Err(refused(error)),
        }
        let record = crate::report::record::RunRecord::read(run.root());
        let verdicts: Vec<_> = record.flights.iter().filter_map(|flight| flight.verdict.as_ref()).collect();
        let failures = verdicts.iter().filter(|verdict| !verdict.passed).map(|verdict| Failure {
            seed: verdict.seed.as_u64().unwrap_or_default(),
            violation: verdict.violations.first().map(|violation| violation.says.clone()).unwrap_or_default(),
        });
        let passed = verdicts.iter().filter(|verdict| verdict.passed).count();
        Ok(SimulateOutput {
            held: passed == verdicts.len() && passed > 0,
            flown: verdicts.len() as u32,
            passed: passed as u32,
            failures: failures.collect(),
        })
    }
}
