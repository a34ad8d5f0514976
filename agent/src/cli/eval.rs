//! `eval`: benchmarks.
use super::args::{EvalRepairArgs, EvalRetrievalArgs, EvalVerb};
use super::runs::{print, print_json, workshop};
use crate::eval::repair::{self, Bench, Half, Options, Row, Set};
use crate::eval::{bar, retrieval};
use crate::exit::{RunError, VERIFIED};
use crate::models;
use crate::repair::Rung;
use crate::retrieve::embedding::{self, Choice};
use crate::retrieve::stage;
use crate::settings::{Layer, Settings};
use flightsmith_kb::{Embedder, HashedNgrams, Searchable, builtin};
use flightsmith_toolchain::targets::Target;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// `eval`.
pub fn eval(verb: &EvalVerb) -> Result<u8, RunError> {
    match verb {
        EvalVerb::Repair(args) => repair(args),
        EvalVerb::Retrieval(args) => retrieval(args),
    }
}

fn repair(args: &EvalRepairArgs) -> Result<u8, RunError> {
    // Progress goes to stderr in words: stdout has one document.
    let shop = workshop(false, true, false)?;
    let bench = Bench {
        host: shop.host.clone(),
        sandbox: shop.sandbox(true)?,
        prebuilt: shop.prebuilt(Target::Host)?,
        source_root: shop.source_root.clone(),
    };
    if args.draw {
        for path in repair::draw(&bench)? {
            print(&format!("{}\n", path.display()));
        }
        return Ok(VERIFIED);
    }
    let done = AtomicUsize::new(0);
    let tell = |_: &str| {
        let count = done.fetch_add(1, Ordering::SeqCst) + 1;
        if count.is_multiple_of(25) {
            shop.events.note(format!("{count} cases done"));
        }
    };
    if args.stream {
        let chosen: Vec<Rung> = args.rungs.iter().copied().filter(|rung| *rung != Rung::Model).collect();
        let rungs = if chosen.is_empty() { Rung::WITHOUT_MODEL.to_vec() } else { chosen };
        let parts = repair::learn(&bench, &rungs, args.seed, &tell)?;
        if args.json {
            print_json(&parts)
        } else {
            print(&repair::stream_text(&parts))
        }
        return Ok(VERIFIED);
    }
    let settings = Settings::load(Layer { llm: args.llm.clone(), ..Layer::default() })?;
    let model = match models::connect(&shop, &settings.llm, settings.llm_model, None)? {
        None => None,
        Some(model) => {
            let kb: Arc<dyn Searchable> = Arc::new(stage::open(&shop)?);
            Some((Arc::new(model), kb))
        }
    };
    let wants_model = |row: &Row| row.rungs.contains(&Rung::Model);
    let options = Options {
        sets: if args.set.is_empty() { Set::ALL.to_vec() } else { args.set.clone() },
        halves: args.half.map_or_else(|| Half::ALL.to_vec(), |half| vec![half]),
        rows: if !args.rungs.is_empty() {
            vec![Row { name: "chosen".into(), rungs: args.rungs.clone() }]
        } else if !args.rows.is_empty() {
            args.rows.clone()
        } else {
            Row::compared(model.is_some())
        },
        limit: args.limit,
        seed: args.seed,
        in_flight: args.in_flight,
        model,
    };
    if options.model.is_none() && options.rows.iter().any(wants_model) {
        return Err(RunError::Usage("these rows have a model: which one? say --llm URL".into()));
    }
    let report = repair::run(&bench, &options, &tell)?;
    if args.json {
        print_json(&report);
    } else {
        print(&report.to_text());
        if let (true, Some(row)) = (args.codes, options.rows.last()) {
            print(&format!("\n{}", report.codes_text(&row.name)));
        }
    }
    Ok(VERIFIED)
}

fn retrieval(args: &EvalRetrievalArgs) -> Result<u8, RunError> {
    let kb = stage::open(&workshop(false, true, false)?)?;
    let items: Vec<_> = kb.items().cloned().collect();
    let scratch = tempfile::tempdir().map_err(|error| RunError::files(std::env::temp_dir(), error))?;
    let mut embeddings: Vec<Arc<dyn Embedder>> = vec![Arc::from(builtin()), Arc::new(HashedNgrams)];
    for embed in &args.embed {
        let settings = Settings::load(Layer { embed: Some(embed.clone()), ..Layer::default() })?;
        embeddings.push(embedding::connect(&Choice::of_settings(&settings))?);
    }
    let queries = retrieval::queries()?;
    let mut report = retrieval::measure(&items, &embeddings, &queries, scratch.path())?;
    report.bars = bar::measure(&kb, &queries)?;
    if args.json {
        print_json(&report);
    } else {
        print(&report.to_text(args.half));
    }
    Ok(VERIFIED)
}
