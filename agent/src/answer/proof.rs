//! Whether code does what showing it claims: compiled, and where it is a program of its own run, in the sandbox.
use crate::assembly;
use crate::check::{self, Feedback};
use crate::exit::{RunError, chain};
use crate::repair::mission;
use crate::repair::project::FixTools;
use crate::workshop::Workshop;
use flightsmith_toolchain::diagnostics::{self, Diagnostic};
use flightsmith_toolchain::prebuilt::Prebuilt;
use flightsmith_toolchain::process::{self, Limits, Output, ProcessError};
use flightsmith_toolchain::sandbox::{Confined, Sandbox};
use flightsmith_toolchain::targets::Target;
use serde::Serialize;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// What was found out about a piece of code just now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Proof {
    /// It compiled, and its program ran to a good end.
    CompiledAndRan,
    /// A mission: it keeps to the policy and compiled against the SDK. It was not flown.
    CompiledAsMission,
    /// It is meant not to compile, and does not, with this error code.
    FailsAsMeant {
        /// The code.
        code: String,
    },
    /// It compiled; it is no program of its own that could be run.
    Compiled,
    /// It is a piece of a program, which cannot be compiled by itself.
    Piece,
    /// It was compiled or run, and that failed.
    Failed {
        /// What was said, in a line.
        said: String,
        /// All of it, for who is to mend it.
        #[serde(skip)]
        whole: String,
    },
}

impl Proof {
    /// Whether the code may be shown as checked.
    pub fn holds(&self) -> bool {
        !matches!(self, Proof::Piece | Proof::Failed { .. })
    }

    /// In a few words, for the line above the code.
    pub fn in_words(&self) -> String {
        match self {
            Proof::CompiledAndRan => "compiled and run just now".into(),
            Proof::CompiledAsMission => "compiled as a mission just now; not flown".into(),
            Proof::FailsAsMeant { code } => format!("compiled just now: fails with {code}, as it should"),
            Proof::Compiled => "compiled just now".into(),
            Proof::Piece => "NOT CHECKED: a piece, which does not compile by itself".into(),
            Proof::Failed { said, .. } => format!("NOT CHECKED: {said}"),
        }
    }
}

/// This machine's compiler and sandbox; the SDK is prepared when a mission first needs it.
pub struct Prover<'a> {
    shop: &'a Workshop,
    sandbox: Sandbox,
    toolchain: flightsmith_toolchain::targets::Toolchain,
    prebuilt: Option<Prebuilt>,
}

/// Longest that a program of an answer may run.
const RUN: Duration = Duration::from_secs(20);
/// Longest that its compiling may take.
const COMPILE: Duration = Duration::from_secs(60);

impl<'a> Prover<'a> {
    /// # Errors
    /// The compiler or the sandbox is missing.
    pub fn new(shop: &'a Workshop, sandboxed: bool) -> Result<Self, RunError> {
        let (sandbox, toolchain) = (shop.sandbox(sandboxed)?, shop.toolchain(Target::Host)?);
        Ok(Self { shop, sandbox, toolchain, prebuilt: None })
    }

    /// Finds out about `code`: a mission by its `fly`, a program by its `main`, else a piece.
    ///
    /// # Errors
    /// The compiler cannot be run.
    pub fn prove(&mut self, code: &str) -> Result<Proof, RunError> {
        if is_mission(code) {
            self.prove_mission(code)
        } else if code.contains("fn main()") && !code.contains("flightsmith_sdk") {
            self.prove_program(code)
        } else {
            Ok(Proof::Piece)
        }
    }

    /// An example of the compiler's explanations: meant to fail with `code`, or to compile where there is none.
    ///
    /// # Errors
    /// As [`Self::prove`].
    pub fn prove_example(&self, source: &str, meant: Option<&str>) -> Result<Proof, RunError> {
        // As rustdoc has it: what has no `main` is the inside of one; what cannot stand there stands beside one.
        let wholes = match source.contains("fn main()") {
            true => vec![source.to_owned()],
            false => vec![format!("fn main() {{\n{source}\n}}\n"), format!("{source}\nfn main() {{}}\n")],
        };
        // The explanations are written for different editions: the first that keeps to what they say.
        let tries = ["2021", "2018", "2015"].into_iter().flat_map(|edition| wholes.iter().map(move |w| (edition, w)));
        let mut last = Proof::Piece;
        for (edition, whole) in tries {
            let folder = tempdir()?;
            let errors = self.compile(&folder, whole, edition, &["--emit=metadata"])?;
            let code = errors.iter().find_map(|error| error.code.clone());
            last = match (meant, errors.first()) {
                (Some(meant), Some(_)) if errors.iter().any(|error| error.code.as_deref() == Some(meant)) => {
                    return Ok(Proof::FailsAsMeant { code: meant.to_owned() });
                }
                (None, None) => return Ok(Proof::Compiled),
                (Some(meant), _) => {
                    failed(format!("gives {} here, not {meant}", code.as_deref().unwrap_or("no error")), String::new())
                }
                (None, Some(error)) => {
                    failed(format!("does not compile by itself here: {}", error.message), String::new())
                }
            };
        }
        Ok(last)
    }

    fn prove_program(&self, code: &str) -> Result<Proof, RunError> {
        let folder = tempdir()?;
        let errors = self.compile(&folder, code, "2024", &[])?;
        if let Some(error) = errors.first() {
            return Ok(failed(format!("does not compile: {}", error.message), in_full(&errors)));
        }
        let program = folder.path().join("out/program");
        let output = self.run(&Confined::program(&program, RUN), &program)?;
        if output.success() {
            return Ok(Proof::CompiledAndRan);
        }
        let stderr = output.stderr_text();
        let said = stderr.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let whole = stderr.lines().take(20).collect::<Vec<_>>().join("\n");
        Ok(failed(format!("compiles, but ended by {}: {said}", output.ending), whole))
    }

    fn prove_mission(&mut self, code: &str) -> Result<Proof, RunError> {
        let import = "use flightsmith_sdk::prelude::*;\n";
        let source = if code.contains("flightsmith_sdk") { code.to_owned() } else { format!("{import}{code}") };
        Ok(match self.verdict_of_mission(&source)? {
            Ok(()) => Proof::CompiledAsMission,
            Err(feedback) => failed(format!("does not pass as a mission: {}", first(&feedback)), feedback.to_string()),
        })
    }

    /// What compiler and, for a mission, policy have against a source that stands alone; lines as in `code`.
    ///
    /// # Errors
    /// As [`Self::prove`].
    pub fn errors_of(&mut self, code: &str) -> Result<Vec<Diagnostic>, RunError> {
        if is_mission(code) {
            let verdict = self.verdict_of_mission(code)?;
            return Ok(verdict.err().map_or_else(Vec::new, |feedback| mission::errors(feedback, code)));
        }
        let kind: &[&str] =
            if code.contains("fn main(") { &["--emit=metadata"] } else { &["--emit=metadata", "--crate-type=lib"] };
        self.compile(&tempdir()?, code, "2024", kind)
    }

    /// The sandbox and the compiler, for a whole project.
    #[must_use]
    pub fn tools(&self) -> FixTools<'_> {
        FixTools { host: &self.shop.host, sandbox: &self.sandbox, toolchain: &self.toolchain }
    }

    fn verdict_of_mission(&mut self, source: &str) -> Result<Result<(), Feedback>, RunError> {
        let prebuilt = match self.prebuilt.take() {
            Some(prebuilt) => prebuilt,
            None => self.shop.prebuilt(Target::Host)?,
        };
        let prebuilt = &*self.prebuilt.insert(prebuilt);
        let folder = tempdir()?;
        let (mission, out) = (folder.path().join("mission"), folder.path().join("out"));
        assembly::bare(&self.shop.source_root, &mission).map_err(|error| RunError::files(&error.path, error.source))?;
        let path = mission.join("src/mission.rs");
        fs::write(&path, source).map_err(|error| RunError::files(&path, error))?;
        let workshop = check::Workshop { sandbox: &self.sandbox, prebuilt };
        check::verdict(&mission, &out, workshop).map_err(|error| RunError::files(&mission, chain(&error)))
    }

    /// The errors of a program, compiled in `folder`.
    fn compile(
        &self,
        folder: &tempfile::TempDir,
        code: &str,
        edition: &str,
        more: &[&str],
    ) -> Result<Vec<Diagnostic>, RunError> {
        let source = folder.path().join("source");
        fs::create_dir_all(&source).map_err(|error| RunError::files(&source, error))?;
        let path = source.join("main.rs");
        fs::write(&path, code).map_err(|error| RunError::files(&path, error))?;
        let out = folder.path().join("out");
        self.sandbox.hand_over(&out).map_err(|error| RunError::files(&out, error))?;
        let (source, out) = (self.sandbox.shown(&source, "/source"), self.sandbox.shown(&out, "/out"));
        let confined = Confined::rustc(&self.toolchain, edition, Limits::compiler(COMPILE))
            .args(["main.rs", "-Awarnings", "--crate-name=program", "--out-dir"])
            .args([&out.inside])
            .args(more.iter().copied())
            .cwd(&source.inside)
            .read(source)
            .write(out);
        let output = self.run(&confined, &path)?;
        let mut errors = diagnostics::from_rustc(&output.stderr_text());
        errors.retain(Diagnostic::is_error);
        if errors.is_empty() && !output.success() {
            return Err(RunError::files(&path, format!("the compiler gave no verdict: {}", output.ending)));
        }
        Ok(errors)
    }

    fn run(&self, confined: &Confined, path: &Path) -> Result<Output, RunError> {
        let invocation = self.sandbox.invocation(confined).map_err(|error| RunError::files(path, error))?;
        process::run(&invocation).map_err(|error| match error {
            ProcessError::Interrupted => RunError::Interrupted { run: None },
            other => RunError::files(path, chain(&other)),
        })
    }
}

/// Whether code is a mission's.
pub(super) fn is_mission(code: &str) -> bool {
    code.contains("async fn fly(")
}

/// A folder with a place for the compiler's output, which the sandbox may write to.
fn tempdir() -> Result<tempfile::TempDir, RunError> {
    let failed = |error| RunError::files(std::env::temp_dir(), error);
    let folder = tempfile::tempdir().map_err(failed)?;
    fs::create_dir(folder.path().join("out")).map_err(failed)?;
    Ok(folder)
}

fn failed(said: String, whole: String) -> Proof {
    Proof::Failed { said, whole }
}

/// The first errors as the compiler shows them.
fn in_full(errors: &[Diagnostic]) -> String {
    const TOLD: usize = 4;
    let texts = errors.iter().take(TOLD).map(|error| error.rendered.as_deref().unwrap_or(&error.message));
    texts.collect::<Vec<_>>().join("\n")
}

fn first(feedback: &Feedback) -> String {
    feedback.to_string().lines().find(|line| !line.trim().is_empty()).unwrap_or_default().to_owned()
}
