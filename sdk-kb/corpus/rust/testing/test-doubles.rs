//! # Replace a device by a double in tests
//!
//! - mock a trait without a crate
//! - test code that talks to hardware or a network
//! - dependency injection in Rust
//!
//! Put what is outside behind a trait, and make the code generic over it. A scripted double answers from a list and records what was
//! asked. Give it a name that says so (`Fake`, `Scripted`), and let it fail loudly when the script does not fit.
//!
//! Pitfalls:
//! - A double that answers everything proves nothing: check what was sent as well.

trait Modem {
    fn exchange(&mut self, command: &str) -> Result<String, Timeout>;
}

#[derive(Debug, PartialEq)]
struct Timeout;

/// Signal quality from 0 to 31; asks a second time if nothing comes.
fn signal(modem: &mut impl Modem) -> Result<u8, String> {
    let answer = modem
        .exchange("AT+CSQ")
        .or_else(|Timeout| modem.exchange("AT+CSQ"))
        .map_err(|Timeout| "the modem does not answer".to_owned())?;
    let number = answer.strip_prefix("+CSQ: ").and_then(|rest| rest.split(',').next());
    number.and_then(|number| number.parse().ok()).ok_or_else(|| format!("strange answer {answer:?}"))
}

struct ScriptedModem {
    answers: Vec<Result<&'static str, Timeout>>,
    asked: Vec<String>,
}

impl ScriptedModem {
    fn new<const N: usize>(answers: [Result<&'static str, Timeout>; N]) -> Self {
        Self { answers: answers.into_iter().rev().collect(), asked: Vec::new() }
    }
}

impl Modem for ScriptedModem {
    fn exchange(&mut self, command: &str) -> Result<String, Timeout> {
        self.asked.push(command.to_owned());
        self.answers.pop().expect("the script has an answer").map(str::to_owned)
    }
}

fn main() {
    let mut modem = ScriptedModem::new([Err(Timeout), Ok("+CSQ: 17,99")]);
    assert_eq!(signal(&mut modem), Ok(17));
    assert_eq!(modem.asked, ["AT+CSQ", "AT+CSQ"]);

    let mut dead = ScriptedModem::new([Err(Timeout), Err(Timeout)]);
    assert_eq!(signal(&mut dead), Err("the modem does not answer".into()));
    let mut odd = ScriptedModem::new([Ok("OK")]);
    assert_eq!(signal(&mut odd), Err("strange answer \"OK\"".into()));
}
