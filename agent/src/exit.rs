//! How a run ends: one error type for the pipeline, one exit code for each thing that a caller would do differently.
use std::path::PathBuf;

/// Everything was verified (and uploaded where asked).
pub const VERIFIED: u8 = 0;
/// A bug in flightsmith itself (a panic).
pub const BUG: u8 = 101;

/// What ends a run before it is verified. What the model can mend is feedback and never gets here.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Wrong use of the command line.
    #[error("{0}")]
    Usage(String),
    /// The words or the plan are refused: unsafe, contradictory, unclear.
    #[error("refused: {reason}")]
    Refused {
        /// Every fault, one a line.
        reason: String,
        /// What to say instead.
        hints: Vec<String>,
    },
    /// No attempt compiled within the budget.
    #[error("did not compile within {attempts} attempts (limit {limit}): {last}")]
    NotCompiled {
        /// How many were made.
        attempts: usize,
        /// How many were allowed.
        limit: usize,
        /// The last attempt's first error.
        last: String,
    },
    /// A project that `fix` is to mend cannot even be built.
    #[error("not mended: {reason}")]
    NotMended {
        /// What cargo said.
        reason: String,
    },
    /// It compiled but did not fly as promised.
    #[error("did not fly as promised: {reason}")]
    NotFlown {
        /// The worst violation.
        reason: String,
    },
    /// A tool or toolchain is missing.
    #[error("missing: {what}")]
    MissingTool {
        /// Which.
        what: String,
        /// Commands that install it.
        install: Vec<String>,
    },
    /// This program was built without something that is asked of it.
    #[error("this flightsmith was built without {what}")]
    NotBuiltIn {
        /// What.
        what: &'static str,
        /// The command that builds one with it.
        build: String,
    },
    /// The upload failed or was not approved; the vehicle is as it was, unless the reason says otherwise.
    #[error("not uploaded: {reason}")]
    NotUploaded {
        /// Why.
        reason: String,
        /// What to do next.
        hints: Vec<String>,
    },
    /// The model cannot be used.
    #[error("model: {reason}")]
    Model {
        /// Why.
        reason: String,
    },
    /// The shared knowledge base does not take what is pushed, or does not give what it holds.
    #[error("shared knowledge base: {reason}")]
    SharedKb {
        /// Why.
        reason: String,
    },
    /// A file or the disk.
    #[error("{path}: {reason}", path = path.display())]
    Files {
        /// Which file or folder.
        path: PathBuf,
        /// The system's reason.
        reason: String,
    },
    /// Ctrl-C, SIGTERM.
    #[error("interrupted{}", run.as_ref().map(|run| format!("; go on with: flightsmith resume {}", run.display())).unwrap_or_default())]
    Interrupted {
        /// The run to resume, where it was one.
        run: Option<PathBuf>,
    },
}

impl RunError {
    /// The documented exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            RunError::Usage(_) => 2,
            RunError::Refused { .. } => 3,
            RunError::NotCompiled { .. } | RunError::NotMended { .. } => 4,
            RunError::NotFlown { .. } => 5,
            RunError::MissingTool { .. } | RunError::NotBuiltIn { .. } => 6,
            RunError::NotUploaded { .. } => 7,
            RunError::Model { .. } | RunError::SharedKb { .. } => 8,
            RunError::Files { .. } => 9,
            RunError::Interrupted { .. } => 130,
        }
    }

    /// The `verdict` that `report.json` gives it.
    pub fn verdict(&self) -> &'static str {
        if matches!(self, RunError::Refused { .. }) { "refused" } else { "failed" }
    }

    /// What to do next, one line each.
    pub fn hints(&self) -> Vec<String> {
        match self {
            RunError::Refused { hints, .. } | RunError::NotUploaded { hints, .. } => hints.clone(),
            RunError::NotBuiltIn { build, .. } => vec![format!("build one with it: {build}")],
            RunError::MissingTool { install, .. } => {
                let mut hints: Vec<String> =
                    install.iter().map(|command| format!("install it with: {command}")).collect();
                if !install.is_empty() {
                    let itself = "or let flightsmith do it: flightsmith doctor --setup (with --yes to be asked nothing); a run takes both";
                    hints.push(itself.into());
                }
                hints
            }
            RunError::Model { .. } => {
                vec!["flightsmith doctor shows which model is set; --llm offline needs none".into()]
            }
            _ => Vec::new(),
        }
    }

    /// A file error with its path.
    pub fn files(path: impl Into<PathBuf>, reason: impl std::fmt::Display) -> Self {
        RunError::Files { path: path.into(), reason: reason.to_string() }
    }
}

/// An error with its sources, on one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let said = cause.to_string();
        // Some errors say what their sources say.
        if !text.ends_with(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        source = cause.source();
    }
    text
}
