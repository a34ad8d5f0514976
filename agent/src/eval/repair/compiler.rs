//! The compiler as the benchmark uses it: crates of a few files and missions, checked in the sandbox; programs tested there.
use super::case::{Case, Set};
use crate::assembly::{self, TemplateError};
use crate::check::{self, CheckError};
use crate::exit::{RunError, chain};
use crate::repair::mission::{MISSION, errors as mission_errors};
use crate::repair::{Compiler, Sources};
use crate::retrieve::explanations;
use flightsmith_toolchain::diagnostics::{self, Diagnostic};
use flightsmith_toolchain::host::Host;
use flightsmith_toolchain::prebuilt::{CompileError, Prebuilt};
use flightsmith_toolchain::process::{self, Ending, Limits, Output, ProcessError};
use flightsmith_toolchain::sandbox::{Bind, Confined, Sandbox};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why the benchmark cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// A file or folder failed.
    #[error("could not use {path}")]
    Files {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file of the benchmark is not as it must be.
    #[error("{path}: {what}")]
    Data {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// The template of missions could not be copied.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A mission could not be judged.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// A mission could not be linked.
    #[error(transparent)]
    Link(#[from] CompileError),
    /// A program could not be run.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// The compiler ended without a verdict.
    #[error("{case}: the compiler gave no verdict ({ending}): {said}")]
    NoVerdict {
        /// The file that it began with.
        case: String,
        /// How it ended.
        ending: Ending,
        /// The end of what it said.
        said: String,
    },
    /// A model could not be asked.
    #[error("{0}")]
    Model(String),
    /// The flight's log or stream failed.
    #[error("{0}")]
    Flight(String),
}

impl From<EvalError> for RunError {
    fn from(error: EvalError) -> Self {
        match error {
            EvalError::Process(ProcessError::Interrupted) => RunError::Interrupted { run: None },
            EvalError::Model(reason) => RunError::Model { reason },
            other => RunError::files("eval", chain(&other)),
        }
    }
}

/// What can be at `path`.
pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> EvalError + use<> {
    let path = path.to_owned();
    move |source| EvalError::Files { path, source }
}

/// This machine's compiler, sandbox and prebuilt SDK.
pub struct Bench {
    /// Programs of this machine.
    pub host: Host,
    /// Where foreign code is compiled and run.
    pub sandbox: Sandbox,
    /// The SDK and its compiler.
    pub prebuilt: Prebuilt,
    /// The sources of flightsmith: examples, mistakes, programs.
    pub source_root: PathBuf,
}

impl Bench {
    /// What the compiler says of an error code, if it knows it.
    pub fn explanation(&self, code: &str) -> Result<Option<String>, EvalError> {
        Ok(explanations::ask(&self.host, &self.prebuilt.toolchain().rustc, code)?)
    }

    /// A compiler that sees the files of `read` as `/case`, writes to `out`.
    fn rustc(&self, read: &Path, out: &Path, edition: &str, args: Vec<String>) -> Result<Output, EvalError> {
        let limits = Limits::compiler(Duration::from_secs(30));
        let confined = Confined::rustc(self.prebuilt.toolchain(), edition, limits)
            .args(args)
            .read(Bind::at(read, "/case"))
            .write(Bind::at(out, "/out"))
            .cwd("/case");
        let invocation = self.sandbox.invocation(&confined).map_err(at(out))?;
        Ok(process::run(&invocation)?)
    }
}

/// A folder to compile in; one for each thread.
pub struct Scratch<'a> {
    pub(super) bench: &'a Bench,
    folder: tempfile::TempDir,
}

impl<'a> Scratch<'a> {
    /// A new one.
    pub fn new(bench: &'a Bench) -> Result<Self, EvalError> {
        let folder = tempfile::tempdir().map_err(at(&std::env::temp_dir()))?;
        let scratch = Self { bench, folder };
        for name in ["crate", "out", "mission-out"] {
            fs::create_dir_all(scratch.path(name)).map_err(at(&scratch.path(name)))?;
        }
        // The folder above is closed to others; what is bound into the sandbox is opened by this program, before it is another user.
        bench.sandbox.hand_over(&scratch.path("out")).map_err(at(&scratch.path("out")))?;
        assembly::bare(&bench.source_root, &scratch.path("mission"))?;
        Ok(scratch)
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The errors of a case's crate with these sources; for a mission the policy's as well.
    pub fn errors(&self, case: &Case, sources: &Sources) -> Result<Vec<Diagnostic>, EvalError> {
        match case.set {
            Set::Index => self.crate_errors(sources, "main.rs", case.edition),
            Set::Programs => self.crate_errors(sources, "lib.rs", case.edition),
            Set::Missions => {
                let source = self.write_mission(sources)?;
                let workshop = check::Workshop { sandbox: &self.bench.sandbox, prebuilt: &self.bench.prebuilt };
                let verdict = check::verdict(&self.path("mission"), &self.path("mission-out"), workshop)?;
                Ok(verdict.err().map_or_else(Vec::new, |feedback| mission_errors(feedback, source)))
            }
        }
    }

    pub(super) fn write_mission<'s>(&self, sources: &'s Sources) -> Result<&'s str, EvalError> {
        let path = self.path("mission").join(MISSION);
        let source = sources.get(Path::new(MISSION)).map_or("", String::as_str);
        fs::write(&path, source).map_err(at(&path))?;
        Ok(source)
    }

    /// The errors of a crate that begins with the file `root`: a program if that is `main.rs`, else a library.
    pub fn crate_errors(&self, sources: &Sources, root: &str, edition: &str) -> Result<Vec<Diagnostic>, EvalError> {
        self.write(sources)?;
        let kind = if root == "main.rs" { "bin" } else { "lib" };
        let mut args = crate_args(root);
        args.extend([format!("--crate-type={kind}"), "--emit=metadata".into()]);
        let output = self.bench.rustc(&self.path("crate"), &self.path("out"), edition, args)?;
        let stderr = output.stderr_text();
        let mut errors = diagnostics::from_rustc(&stderr);
        errors.retain(Diagnostic::is_error);
        if errors.is_empty() && !output.success() {
            let said: Vec<&str> = stderr.lines().rev().take(8).collect();
            return Err(EvalError::NoVerdict { case: root.into(), ending: output.ending, said: said.join(" / ") });
        }
        Ok(errors)
    }

    fn write(&self, sources: &Sources) -> Result<(), EvalError> {
        let folder = self.path("crate");
        fs::remove_dir_all(&folder).map_err(at(&folder))?;
        fs::create_dir(&folder).map_err(at(&folder))?;
        for (name, text) in sources {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap_or(&folder)).map_err(at(&path))?;
            fs::write(&path, text).map_err(at(&path))?;
        }
        Ok(())
    }

    /// Compiles a library with its tests and runs them; what failed, or nothing if all passed.
    pub fn test(&self, sources: &Sources, tests: &str, edition: &str) -> Result<Option<String>, EvalError> {
        let mut sources = sources.clone();
        sources.insert("tests.rs".into(), tests.to_owned());
        self.write(&sources)?;
        let mut args = crate_args("lib.rs");
        args.extend(["--test", "-Copt-level=0", "-Cdebuginfo=0", "-o", "/out/tests"].map(String::from));
        let output = self.bench.rustc(&self.path("crate"), &self.path("out"), edition, args)?;
        if !output.success() {
            let first = diagnostics::from_rustc(&output.stderr_text()).into_iter().find(Diagnostic::is_error);
            let said = first.map_or_else(|| output.ending.to_string(), |error| error.message);
            return Ok(Some(format!("the tests do not compile: {said}")));
        }
        let output = self.run(&self.path("out/tests"))?;
        let text = output.stdout_text();
        if output.success() && text.contains("test result: ok.") {
            return Ok(None);
        }
        let failed: Vec<&str> = text.lines().filter(|line| line.ends_with("FAILED")).collect();
        Ok(Some(format!("the tests failed ({}): {}", output.ending, failed.join("; "))))
    }

    fn run(&self, program: &Path) -> Result<Output, EvalError> {
        let confined = Confined::program(program, Duration::from_secs(20)).args(["--test-threads=2"]);
        let invocation = self.bench.sandbox.invocation(&confined).map_err(at(program))?;
        Ok(process::run(&invocation)?)
    }
}

fn crate_args(root: &str) -> Vec<String> {
    ["--crate-name=case", "--cap-lints=warn", "-Awarnings", "--out-dir=/out", root].map(String::from).into()
}

/// A case on the ladder: how it is compiled.
pub struct CaseCompiler<'a> {
    /// Where.
    pub scratch: &'a Scratch<'a>,
    /// Which.
    pub case: &'a Case,
}

impl Compiler for CaseCompiler<'_> {
    type Error = EvalError;

    fn compile(&mut self, sources: &Sources) -> Result<Vec<Diagnostic>, EvalError> {
        match self.scratch.errors(self.case, sources) {
            // A text on which the compiler ends without a verdict (it crashes, or takes too long) is no better than one with errors.
            Err(EvalError::NoVerdict { said, .. }) => Ok(vec![Diagnostic {
                message: format!("the compiler gave no verdict: {said}"),
                code: None,
                level: diagnostics::Level::Error,
                spans: Vec::new(),
                children: Vec::new(),
                rendered: None,
            }]),
            other => other,
        }
    }
}
