//! What happens during a run, as values: to `events.jsonl` in the run directory, to stdout with `--json`, else in words to stderr.
//!
//! The one place of the agent that prints progress.
use serde::Serialize;
use std::fs::File;
use std::io::Write;
use std::sync::{Arc, Mutex};

/// One thing that happened.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A run began.
    Run {
        /// Its folder.
        folder: String,
    },
    /// A stage began.
    Stage {
        /// Its name.
        stage: &'static str,
    },
    /// A stage ended well.
    Done {
        /// Its name.
        stage: &'static str,
        /// How long it took.
        seconds: f64,
        /// What came of it, in a few words.
        outcome: String,
    },
    /// The plan in plain words.
    Readback {
        /// The text.
        text: String,
    },
    /// A source was tried.
    Attempt {
        /// Counted from 1.
        number: usize,
        /// Who wrote it: `planner`, `model`, `compiler suggestion`.
        fixer: String,
        /// What failed; absent when it passed.
        #[serde(skip_serializing_if = "Option::is_none")]
        failed: Option<String>,
    },
    /// A flight ended.
    Flight {
        /// Folder number.
        number: usize,
        /// Its seed.
        seed: u64,
        /// `embedded`, `qemu-aarch64`, or the link.
        backend: String,
        /// Whether every clause held.
        passed: bool,
        /// Vehicle seconds.
        vehicle_s: f64,
        /// Seconds of wall time that it took.
        wall_s: f64,
        /// The worst violation, if any.
        #[serde(skip_serializing_if = "Option::is_none")]
        violation: Option<String>,
    },
    /// A model is asked in this run.
    Model {
        /// Its name, and where it answers.
        model: String,
    },
    /// A tolerance was widened or a draw narrowed.
    Loosened {
        /// What, in a sentence.
        widened: String,
    },
    /// Something worth knowing.
    Note {
        /// The text.
        text: String,
    },
    /// The run ended.
    End {
        /// `verified`, `refused`, `failed`.
        verdict: String,
        /// In which stage.
        stage: String,
        /// Why.
        reason: String,
        /// Exit code.
        exit_code: u8,
    },
}

/// How events are told, besides the run's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Voice {
    Json,
    Words,
    Silent,
}

/// Somebody else who is told each step in words.
pub type Listener = Arc<dyn Fn(&str) + Send + Sync>;

/// Where events go.
pub struct Events {
    voice: Voice,
    listener: Option<Listener>,
    file: Mutex<Option<File>>,
}

impl Events {
    /// Events in words to stderr, or as JSON lines to stdout.
    pub fn new(json: bool) -> Self {
        Self { voice: if json { Voice::Json } else { Voice::Words }, listener: None, file: Mutex::new(None) }
    }

    /// Events to the run's log only: stdout and stderr belong to somebody else.
    pub fn silent() -> Self {
        Self { voice: Voice::Silent, listener: None, file: Mutex::new(None) }
    }

    /// Events in words to a listener, and to the run's log: stdout and stderr belong to somebody else.
    pub fn to(listener: Listener) -> Self {
        Self { listener: Some(listener), ..Self::silent() }
    }

    /// From now on also to this file, one JSON object a line.
    pub fn also_to(&self, file: File) {
        if let Ok(mut slot) = self.file.lock() {
            *slot = Some(file);
        }
    }

    /// Tells of `event`. A reader that went away (a closed pipe, a full disk under the log) does not end the run.
    pub fn tell(&self, event: &Event) {
        self.log(event);
        match self.voice {
            Voice::Json => {
                let _ = writeln!(std::io::stdout(), "{}", line(event));
            }
            Voice::Words => to_stderr(event),
            Voice::Silent => {
                if let Some(listener) = &self.listener {
                    match event {
                        Event::Stage { stage } => listener(&format!("{stage} begins")),
                        Event::Flight { number, passed: true, .. } => listener(&format!("flight {number} held")),
                        _ => in_words(event).iter().for_each(|words| listener(words)),
                    }
                }
            }
        }
    }

    fn log(&self, event: &Event) {
        if let Ok(mut slot) = self.file.lock()
            && let Some(file) = slot.as_mut()
        {
            let _ = writeln!(file, "{}", line(event));
        }
    }

    /// A note that something long begins: for whoever waits, so to stderr where stdout has JSON.
    pub fn wait(&self, text: impl Into<String>) {
        let event = Event::Note { text: text.into() };
        if self.voice == Voice::Json {
            self.log(&event);
            to_stderr(&event);
        } else {
            self.tell(&event);
        }
    }

    /// A note.
    pub fn note(&self, text: impl Into<String>) {
        self.tell(&Event::Note { text: text.into() });
    }
}

fn line(event: &Event) -> String {
    serde_json::to_string(event).unwrap_or_default()
}

fn to_stderr(event: &Event) {
    if let Some(words) = in_words(event) {
        let _ = writeln!(std::io::stderr(), "{words}");
    }
}

fn in_words(event: &Event) -> Option<String> {
    Some(match event {
        Event::Run { folder } => format!("run       {folder}"),
        Event::Stage { .. } => return None,
        Event::Done { stage, seconds, outcome } => format!("{stage:<9} {outcome} ({seconds:.2} s)"),
        Event::Readback { text } => format!("readback\n{}", indent(text)),
        Event::Attempt { failed: None, .. } => return None,
        Event::Attempt { number, fixer, failed: Some(failed) } => format!("attempt   {number} by {fixer}: {failed}"),
        Event::Flight { passed: true, .. } => return None,
        Event::Flight { number, seed, backend, violation, .. } => {
            format!("flight    {number} (seed {seed}, {backend}): {}", violation.as_deref().unwrap_or("failed"))
        }
        Event::Model { model } => format!("model     {model}"),
        Event::Loosened { widened } => format!("loosened  {widened}"),
        Event::Note { text } => format!("note      {text}"),
        Event::End { verdict, reason, .. } => format!("{verdict:<9} {reason}"),
    })
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("          {line}\n")).collect::<String>().trim_end().to_string()
}
