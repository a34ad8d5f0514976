//! The compiler's own error index as cases: the failing examples in the explanations that the installed compiler gives.
//!
//! The texts are asked of it at run time and not kept. Attributes of the examples are not in them, so what fails is found by compiling:
//! an example is a case if the code that it stands under is among its errors, and nothing in it needs a nightly compiler.
use super::case::{Answer, Case, Set};
use super::compiler::{Bench, EvalError, Scratch};
use super::parallel;
use crate::repair::Sources;
use std::collections::BTreeMap;

/// Codes are looked for below this number.
const CODES: u32 = 900;

/// Editions in the order in which they are tried.
const EDITIONS: [&str; 3] = ["2021", "2018", "2015"];

/// What the index holds.
#[derive(Debug, Default)]
pub struct Index {
    /// Its failing examples.
    pub cases: Vec<Case>,
    /// Codes that have an explanation.
    pub explained: usize,
    /// Codes that are named by their own example, which needs a nightly compiler.
    pub nightly: usize,
}

enum Found {
    Compiles,
    Fails(&'static str),
    NeedsNightly,
    Neither,
}

/// Asks the compiler for its explanations and tries their examples.
pub fn read(bench: &Bench) -> Result<Index, EvalError> {
    let codes: Vec<String> = (1..CODES).map(|number| format!("E{number:04}")).collect();
    let read = parallel::map(&codes, || Scratch::new(bench), |scratch, code| of_code(bench, scratch, code))?;
    let mut index = Index::default();
    for (cases, nightly) in read.into_iter().flatten() {
        index.explained += 1;
        index.nightly += usize::from(nightly && cases.is_empty());
        index.cases.extend(cases);
    }
    Ok(index)
}

/// The cases of one code, and whether one of its examples needs a nightly compiler; `None` where there is no such code.
fn of_code(bench: &Bench, scratch: &Scratch<'_>, code: &str) -> Result<Option<(Vec<Case>, bool)>, EvalError> {
    let Some(text) = bench.explanation(code)? else { return Ok(None) };
    let examples: Vec<String> = examples(&text).into_iter().map(with_main).collect();
    let mut failing: Vec<(&String, &'static str)> = Vec::new();
    let (mut corrections, mut nightly) = (Vec::new(), false);
    for example in &examples {
        match tried(scratch, code, example)? {
            Found::Compiles => corrections.push(example.clone()),
            Found::Fails(edition) => failing.push((example, edition)),
            Found::NeedsNightly => nightly = true,
            Found::Neither => {}
        }
    }
    let named = |number: usize| if number == 0 { code.to_owned() } else { format!("{code}-{}", number + 1) };
    let case = |(number, (example, edition)): (usize, (&String, &'static str))| Case {
        name: format!("index/{}", named(number)),
        set: Set::Index,
        edition,
        sources: Sources::from([("main.rs".into(), example.clone())]),
        answer: Answer::Corrections(corrections.clone()),
        kin: vec![format!("explain:{code}")],
    };
    Ok(Some((failing.into_iter().enumerate().map(case).collect(), nightly)))
}

fn tried(scratch: &Scratch<'_>, code: &str, example: &str) -> Result<Found, EvalError> {
    let mut nightly = false;
    for edition in EDITIONS {
        let sources = BTreeMap::from([("main.rs".into(), example.to_owned())]);
        let errors = scratch.crate_errors(&sources, "main.rs", edition)?;
        if errors.is_empty() {
            return Ok(Found::Compiles);
        }
        let has = |wanted: &str| errors.iter().any(|error| error.code.as_deref() == Some(wanted));
        let unstable = ["E0554", "E0658"].iter().any(|gate| *gate != code && has(gate));
        nightly |= unstable && has(code);
        if has(code) && !unstable {
            return Ok(Found::Fails(edition));
        }
    }
    Ok(if nightly { Found::NeedsNightly } else { Found::Neither })
}

/// The blocks of code of an explanation. A line that is only `#` stands for one that is hidden.
fn examples(text: &str) -> Vec<String> {
    let (mut found, mut open) = (Vec::new(), None::<String>);
    for line in text.lines() {
        if line.starts_with("```") {
            match open.take() {
                Some(block) => found.push(block),
                None => open = Some(String::new()),
            }
        } else if let Some(block) = &mut open
            && line != "#"
        {
            block.push_str(line);
            block.push('\n');
        }
    }
    found
}

fn with_main(example: String) -> String {
    let words: Vec<&str> = example.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let has_main = words.windows(2).any(|pair| pair == ["fn", "main"]);
    if has_main { example } else { format!("{example}\nfn main() {{}}\n") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_taken_and_get_a_main() {
        let text = "Words.\n\n```\n#\nlet x = 1;\n```\nMore `code`.\n```\nfn main () {}\n```\n";
        assert_eq!(examples(text), ["let x = 1;\n", "fn main () {}\n"]);
        assert_eq!(with_main("x\n".into()), "x\n\nfn main() {}\n");
        assert_eq!(with_main("fn main () {}\n".into()), "fn main () {}\n");
    }
}
