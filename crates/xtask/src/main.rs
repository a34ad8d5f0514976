//! The repository's own commands: `cargo xtask VERB`.
#[expect(clippy::print_stdout, reason = "figures are what it is for")]
mod bench;
mod deadman;
mod local_llm;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask VERB

  bench [sim|compile|flight|run|kb [N ..]|fresh ..]
              the figures that the product promises, measured on this machine
  deadman [--each N] [--seed S] [--jobs J]
              kill and stop a mission's process at random instants of a flight, 100 of each in lockstep and 25 in real time
  train-embedding [--check]
              train the embedding that is built in from this source tree
  local-llm   fetch a small code model and serve it on this machine";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.split_first() {
        Some((verb, rest)) if verb == "bench" => bench::bench(rest).map_err(|error| error.to_string()),
        Some((verb, rest)) if verb == "deadman" => deadman::run(rest).map_err(|error| error.to_string()),
        Some((verb, rest)) if verb == "local-llm" => local_llm::run(rest).map_err(|error| error.to_string()),
        Some((verb, rest)) if verb == "train-embedding" => train_embedding(rest),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The knowledge base's own example does it.
fn train_embedding(arguments: &[String]) -> Result<(), String> {
    let mut training = std::process::Command::new("cargo");
    training
        .args(["run", "--quiet", "--package", "flightsmith-kb", "--example", "train_embedding", "--"])
        .args(arguments);
    let ended = training.status().map_err(|error| error.to_string())?;
    ended.success().then_some(()).ok_or_else(|| "training failed".to_owned())
}
