//! Asking a person on the terminal, and what happens where nobody may be asked.
use std::fmt::Display;
use std::io::{BufRead, IsTerminal, Write};

/// Whether and how a person can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// On the terminal.
    Terminal,
    /// `--yes`: installs are agreed to, nothing else is.
    Never,
}

impl Asking {
    /// May this be installed?
    pub fn may_install(self, plan: &dyn Display) -> bool {
        let _ = writeln!(std::io::stderr(), "set-up will change this machine:\n{plan}");
        match self {
            Asking::Never => true,
            Asking::Terminal => self.agrees("go on?"),
        }
    }

    /// A yes to `question`; no where nobody can answer.
    pub fn agrees(self, question: &str) -> bool {
        if self == Asking::Never || !std::io::stdin().is_terminal() {
            return false;
        }
        let _ = write!(std::io::stderr(), "{question} [y/N] ");
        let _ = std::io::stderr().flush();
        let mut answer = String::new();
        let _ = std::io::stdin().lock().read_line(&mut answer);
        matches!(answer.trim(), "y" | "Y" | "yes")
    }
}
