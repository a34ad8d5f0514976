//! `ask`: questions, code and error codes, answered from the knowledge base.
use super::args::AskArgs;
use super::runs::{print, print_json, workshop};
use crate::answer::compiled::errors_in;
use crate::answer::explain::{self, Place};
use crate::answer::proof::Prover;
use crate::answer::{self, Answer, NoAnswer};
use crate::exit::{RunError, VERIFIED};
use crate::models;
use crate::retrieve::stage;
use crate::settings::{Layer, Settings};
use crate::workshop::Workshop;
use flightsmith_toolchain::diagnostics::Diagnostic;
use std::path::Path;

/// `ask`.
pub fn ask(args: &AskArgs) -> Result<u8, RunError> {
    let answer = answer(args);
    if let (true, Err(RunError::Refused { reason, hints })) = (args.json, &answer) {
        let question = args.question.clone().or_else(|| args.explain.clone()).unwrap_or_default();
        let (reason, hints) = (reason.clone(), hints.clone());
        print_json(&NoAnswer { question, answered: false, reason, hints });
    }
    let answer = answer?;
    if args.json {
        print_json(&answer);
    } else {
        print(&answer.to_text());
    }
    Ok(VERIFIED)
}

fn answer(args: &AskArgs) -> Result<Answer, RunError> {
    let question = args.question.as_deref().unwrap_or_default().trim();
    if question.is_empty() && args.explain.is_none() && args.error.is_none() {
        return Err(RunError::Usage("the question is empty".into()));
    }
    let place = args.explain.as_deref().map(Place::parse).transpose().map_err(RunError::Usage)?;
    // With `--json` stdout has the answer and nothing else.
    let shop = workshop(false, true, false)?;
    let kb = stage::open(&shop)?;
    if let Some(place) = place {
        return explain::code(&kb, &place, &mut |text| compiled(&shop, args, &place.file, text));
    }
    let mut prover = Prover::new(&shop, !args.no_sandbox)?;
    if let Some(code) = &args.error {
        return explain::error(&kb, code, &prover);
    }
    let settings = Settings::load(Layer { llm: args.llm.clone(), ..Layer::default() })?;
    match models::connect(&shop, &settings.llm, settings.llm_model, None)? {
        Some(model) => answer::by_model(&kb, question, &mut prover, &model),
        None => answer::from_finds(&kb, question, &mut prover),
    }
}

/// What the compiler has against a file; nothing, with a word about it, where it cannot be asked.
fn compiled(shop: &Workshop, args: &AskArgs, file: &Path, text: &str) -> Result<Vec<Diagnostic>, RunError> {
    let errors = Prover::new(shop, !args.no_sandbox).and_then(|mut prover| errors_in(file, text, &mut prover));
    match errors {
        Err(interrupted @ RunError::Interrupted { .. }) => Err(interrupted),
        Err(error) => {
            shop.events.note(format!("explained without the compiler: {error}"));
            Ok(Vec::new())
        }
        errors => errors,
    }
}
