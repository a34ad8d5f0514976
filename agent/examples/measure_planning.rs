//! How a model plans sentences: `cargo run --example measure_planning -- URL SENTENCES [CASSETTE_DIR]`. Sentences stand one a line. Each is
//! planned by the model alone and, where the grammar reads it too, compared with the grammar's plan. With a folder the answers are
//! recorded there, so that a test can replay them.
#![expect(clippy::print_stdout, reason = "a table is its output")]
use flightsmith::plan::{from_words, model::rephrased};
use flightsmith_llm::cassette::Recording;
use flightsmith_llm::endpoint::{Endpoint, EndpointSettings};
use flightsmith_llm::{Choice, Provider, cassette::Cassette};
use flightsmith_mission::envelope::Envelope;
use flightsmith_mission::geodesy::Home;
use std::error::Error;
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [choice, sentences, record @ ..] = arguments.as_slice() else {
        return Err("give an endpoint's URL or cassette:DIR, a file of sentences, and a folder to record into".into());
    };
    let provider: Box<dyn Provider> = match choice.parse()? {
        Choice::Cassette(dir) => Box::new(Cassette::open(dir)?),
        Choice::Url(url) => {
            let answer_limit = Duration::from_secs(900);
            let endpoint = Endpoint::new(EndpointSettings { answer_limit, ..EndpointSettings::new(url) })?;
            match record.first() {
                Some(dir) => Box::new(Recording::into_dir(endpoint, dir)?),
                None => Box::new(endpoint),
            }
        }
        other => return Err(format!("{other} cannot be measured").into()),
    };
    let vehicle = toml::from_str(include_str!("../vehicles/quad-payload.toml"))?;
    let (envelope, home) = (Envelope::default(), Home::default());
    for words in std::fs::read_to_string(sentences)?.lines().filter(|line| !line.is_empty()) {
        let started = Instant::now();
        let by_model = rephrased(words, &vehicle, &envelope, &home, &*provider, 3);
        let by_grammar = from_words(words, &vehicle, &envelope, &home);
        println!("## {words}\n{:.0} s, {}", started.elapsed().as_secs_f64(), {
            match (by_model, by_grammar) {
                (Ok(model), Ok(grammar)) => {
                    let steps = |draft: &flightsmith_mission::plan::PlanDraft| {
                        let actions: Vec<_> = draft.steps.iter().map(|step| &step.action).collect();
                        serde_json::to_string(&(actions, draft.speed_m_s)).unwrap_or_default()
                    };
                    let questions = model.by.map_or(0, |by| by.questions);
                    let (model, grammar) = (steps(&model.planned.draft), steps(&grammar.draft));
                    if model == grammar {
                        format!("{questions} questions: as the grammar")
                    } else {
                        format!("{questions} questions: DIFFERS\nmodel   {model}\ngrammar {grammar}")
                    }
                }
                (Ok(model), Err(_)) => {
                    let questions = model.by.map_or(0, |by| by.questions);
                    format!(
                        "{questions} questions, grammar alone does not read it:\n{}",
                        model.planned.assumptions.join("\n")
                    )
                }
                (Err(error), grammar) => format!(
                    "refused (the grammar alone: {}): {error}",
                    if grammar.is_ok() { "planned" } else { "refused" }
                ),
            }
        });
    }
    Ok(())
}
