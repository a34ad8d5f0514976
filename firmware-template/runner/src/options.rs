//! The arguments of a mission binary.
use std::path::PathBuf;

/// Where `flightsmith start` puts its permission unless `--start-file` says otherwise.
const START_FILE: &str = "/run/flightsmith/start";

/// What the program was started for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Errand {
    /// To fly.
    Mission,
    /// To say whether the vehicle is disarmed and healthy.
    Preflight,
    /// To say whether it runs on this machine.
    SelfCheck,
}

/// What the arguments ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Options {
    pub errand: Errand,
    pub link: String,
    /// An envelope that tightens the one aboard: a JSON file or the JSON itself.
    pub envelope: Option<String>,
    /// Wait, disarmed, for permission to start.
    pub wait: bool,
    pub start_file: PathBuf,
    pub supervisor: bool,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OptionsError {
    #[error(
        "unknown argument `{0}` (known: --link URL, --envelope JSON, --wait, --start-file FILE, --no-supervisor, --preflight, --self-check)"
    )]
    Unknown(String),
    #[error("argument `{0}` needs a value")]
    NoValue(String),
}

impl Options {
    pub(crate) fn from_arguments(mut arguments: impl Iterator<Item = String>) -> Result<Self, OptionsError> {
        let mut options = Self {
            errand: Errand::Mission,
            link: "stdio".to_owned(),
            envelope: None,
            wait: false,
            start_file: START_FILE.into(),
            supervisor: true,
        };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| OptionsError::NoValue(argument.clone()));
            match argument.as_str() {
                "--link" => options.link = value()?,
                "--envelope" => options.envelope = Some(value()?),
                "--start-file" => options.start_file = value()?.into(),
                "--wait" => options.wait = true,
                "--preflight" => options.errand = Errand::Preflight,
                "--self-check" => options.errand = Errand::SelfCheck,
                "--no-supervisor" => options.supervisor = false,
                _ => return Err(OptionsError::Unknown(argument)),
            }
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &str) -> Result<Options, OptionsError> {
        Options::from_arguments(arguments.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn reads_arguments() {
        let options = parse("--link tcp://127.0.0.1:5760 --wait --no-supervisor --envelope e.json").unwrap();
        let expected = Options {
            errand: Errand::Mission,
            link: "tcp://127.0.0.1:5760".to_owned(),
            envelope: Some("e.json".to_owned()),
            wait: true,
            start_file: START_FILE.into(),
            supervisor: false,
        };
        assert_eq!(options, expected);
        assert_eq!(parse("--preflight").map(|options| options.errand), Ok(Errand::Preflight));
        assert_eq!(parse("--self-check").map(|options| options.errand), Ok(Errand::SelfCheck));
        assert_eq!(parse("--lnik x"), Err(OptionsError::Unknown("--lnik".to_owned())));
        assert_eq!(parse("--link"), Err(OptionsError::NoValue("--link".to_owned())));
    }
}
