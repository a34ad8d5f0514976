//! The upload's programs run by the toolchain's one place that starts processes.
use flightsmith_toolchain::host::Host;
use flightsmith_toolchain::process::{self, Ending, Limits, ProcessError};
use flightsmith_upload::shell::{Command, Output, Shell, ShellError};
use std::ffi::OsString;

/// This machine's programs.
pub struct LocalPrograms<'a> {
    /// Where they are.
    pub host: &'a Host,
    /// Further variables for them: `SSH_AUTH_SOCK` for the user's agent.
    pub env: Vec<(OsString, OsString)>,
}

impl Shell for LocalPrograms<'_> {
    fn run(&self, command: &Command<'_>) -> Result<Output, ShellError> {
        let program = self.host.find(command.program).ok_or(ShellError::Missing(command.program))?;
        let mut invocation = self.host.invocation(&program, Limits::wall(command.limit));
        invocation.env.extend(self.env.iter().cloned());
        let invocation = invocation.args(&command.args).stdin(command.stdin);
        let failed = |says: String| ShellError::System { program: command.program, says };
        let output = process::run(&invocation).map_err(|error| match error {
            ProcessError::Interrupted => ShellError::Interrupted,
            ProcessError::NotFound { .. } => ShellError::Missing(command.program),
            other => failed(other.to_string()),
        })?;
        let code = match output.ending {
            Ending::Exited(code) => Some(code),
            Ending::Signalled(_) => None,
            Ending::WallLimit => {
                return Err(ShellError::TimeLimit { program: command.program, limit_s: command.limit.as_secs() });
            }
            other @ (Ending::OutputLimit | Ending::DiskLimit) => return Err(failed(format!("it {other}"))),
        };
        Ok(Output { code, stdout: output.stdout, stderr: output.stderr })
    }
}
