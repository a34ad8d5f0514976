//! # Return errors and exit codes from main
//!
//! - main returns Result
//! - exit with a status code without process::exit
//! - implement Termination
//!
//! `fn main() -> Result<(), E>` prints the error with `Debug` and exits with 1. For a message of your own and other codes return
//! `ExitCode`. That way destructors run, which `process::exit` skips.
//!
//! Pitfalls:
//! - `Box<dyn Error>` from `main` is printed with `{:?}`, which may look raw: print it yourself and return a code.

use std::process::ExitCode;

#[derive(Debug, PartialEq)]
enum Failure {
    Usage(String),
    Refused { reason: &'static str },
}

impl Failure {
    /// Documented: scripts rely on these.
    fn code(&self) -> u8 {
        match self {
            Failure::Usage(_) => 2,
            Failure::Refused { .. } => 3,
        }
    }
}

fn run(arguments: &[&str]) -> Result<String, Failure> {
    match arguments {
        ["hold", seconds] => match seconds.parse::<u32>() {
            Ok(seconds) if seconds > 600 => Err(Failure::Refused { reason: "longer than the battery lasts" }),
            Ok(seconds) => Ok(format!("holding for {seconds} s")),
            Err(_) => Err(Failure::Usage(format!("{seconds:?} is no number of seconds"))),
        },
        _ => Err(Failure::Usage("say: hold SECONDS".into())),
    }
}

fn main() -> ExitCode {
    assert_eq!(run(&["hold", "9999"]).expect_err("too long").code(), 3);
    assert_eq!(run(&["jump"]), Err(Failure::Usage("say: hold SECONDS".into())));
    assert_eq!(Failure::Usage(String::new()).code(), 2);
    match run(&["hold", "5"]) {
        Ok(said) => {
            assert_eq!(said, "holding for 5 s");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("{failure:?}");
            ExitCode::from(failure.code())
        }
    }
}
