//! The command line: a door. It turns arguments into requests, hands them to the pipeline, and turns ends into exit codes.
mod approval;
pub mod args;
mod board;
mod deploy;
mod eval;
mod kb;
mod learn;
pub mod mend;
mod questions;
pub mod runs;
mod shows;
mod stand_alone;
mod steps;

use crate::exit::{self, RunError};
use crate::stage::Stage;
use args::{Cli, Verb};
use clap::Parser;
use std::io::Write;
use std::process::ExitCode;

/// Runs the program on this process's arguments.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers on stdout and exit 0; the rest is wrong usage.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    listen_for_interrupts();
    match std::panic::catch_unwind(|| dispatch(cli.verb)) {
        Ok(Ok(code)) => ExitCode::from(code),
        Ok(Err(error)) => {
            tell(&error);
            ExitCode::from(error.exit_code())
        }
        Err(_) => {
            let _ = writeln!(
                std::io::stderr(),
                "error: this is a bug in flightsmith; please report it with the run directory"
            );
            ExitCode::from(exit::BUG)
        }
    }
}

fn dispatch(verb: Verb) -> Result<u8, RunError> {
    match verb {
        Verb::Run(args) => runs::run(&args),
        Verb::Plan(args) => runs::plan(&args),
        Verb::Check(args) => runs::advance(&args, Stage::Check),
        Verb::Simulate(args) => runs::simulate(&args),
        Verb::Cross(args) => runs::advance(&args, Stage::Cross),
        Verb::Bundle(args) => runs::advance(&args, Stage::Bundle),
        Verb::Report(args) => runs::report(&args),
        Verb::Resume(args) => runs::resume(&args),
        Verb::Upload(args) => deploy::upload(&args),
        Verb::Start(args) => deploy::start(&args),
        Verb::Fly(args) => deploy::fly(&args),
        Verb::Fix(args) => mend::fix(&args),
        Verb::Eval(verb) => eval::eval(&verb),
        Verb::Ask(args) => questions::ask(&args),
        Verb::Kb(verb) => kb::kb(&verb),
        Verb::Sim(args) => stand_alone::sim(&args),
        Verb::Mcp(args) => stand_alone::mcp(&args),
        Verb::Doctor(args) => shows::doctor(&args),
        Verb::Vehicles => shows::vehicles(),
        Verb::Schema => shows::schema(),
    }
}

/// The error and what to do about it, on stderr.
fn tell(error: &RunError) {
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(stderr, "error: {error}");
    for hint in error.hints() {
        let _ = writeln!(stderr, "hint: {hint}");
    }
}

/// Ctrl-C and SIGTERM end all children, and with them the stage; a second one ends this program at once.
///
/// A file that may grow no further (`ulimit -f`) ends no process: the write fails, and its error is told. Children are ended as before.
fn listen_for_interrupts() {
    let (listening, listens) = std::sync::mpsc::channel::<()>();
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async {
            use tokio::signal::unix::{SignalKind, signal};
            let _too_large = signal(SignalKind::from_raw(libc::SIGXFSZ));
            drop(listening);
            let (Ok(mut interrupt), Ok(mut terminate)) =
                (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
            else {
                return;
            };
            for _ in 0..2 {
                tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
                flightsmith_toolchain::process::interrupt();
            }
            std::process::exit(130);
        });
    });
    // Until the signal is caught.
    let _ = listens.recv();
}
