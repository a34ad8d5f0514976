//! The compiler's own error index as cases: the failing examples in the explanations that the installed compiler gives.
//!
//! The texts are asked of it at run time and not kept. Attributes of the examples are not in them, so what fails is found by compiling:
//! an example is a case if the code that it stands under is among its errors, and nothing in it needs a nightly compiler. Where that was
//! found is kept in a list for one compiler ([`write`]); any other compiler's index is searched anew.
use super::case::{Answer, Case, Set};
use super::compiler::{Bench, EvalError, Scratch, at};
use super::material::DATA;
use super::parallel;
use crate::repair::Sources;
use crate::retrieve::explanations;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

const FILE: &str = "index.json";

/// Editions in the order in which they are tried.
const EDITIONS: [&str; 3] = ["2021", "2018", "2015"];

/// What the index holds for one compiler.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Index {
    /// Which compiler.
    pub compiler: String,
    /// Codes that have an explanation.
    pub explained: usize,
    /// Codes whose only failing examples need a nightly compiler.
    pub nightly: usize,
    /// Codes with failing examples.
    codes: Vec<Examples>,
}

/// Where the examples of one code are, counted from 0 in its explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Examples {
    code: String,
    /// Blocks that fail as announced, with the edition in which they do.
    failing: Vec<(usize, String)>,
    /// Blocks that compile.
    right: Vec<usize>,
}

/// The committed list if it is of this compiler, else what a search finds.
pub fn open(bench: &Bench) -> Result<Index, EvalError> {
    let path = bench.source_root.join(DATA).join(FILE);
    let text = std::fs::read_to_string(&path).map_err(at(&path))?;
    let kept: Index = serde_json::from_str(&text).map_err(|error| EvalError::Data { path, what: error.to_string() })?;
    if kept.compiler == bench.prebuilt.toolchain().version { Ok(kept) } else { search(bench) }
}

/// Writes the list of this compiler.
pub fn write(root: &Path, index: &Index) -> Result<PathBuf, EvalError> {
    let path = root.join(DATA).join(FILE);
    let codes: Vec<String> = index.codes.iter().map(|one| serde_json::to_string(one).unwrap_or_default()).collect();
    let text = format!(
        "{{\"compiler\":{:?},\"explained\":{},\"nightly\":{},\"codes\":[\n{}\n]}}\n",
        index.compiler,
        index.explained,
        index.nightly,
        codes.join(",\n")
    );
    std::fs::write(&path, text).map_err(at(&path))?;
    Ok(path)
}

/// Asks the compiler for its explanations and tries their examples.
pub fn search(bench: &Bench) -> Result<Index, EvalError> {
    let codes: Vec<String> = explanations::codes().collect();
    let found = parallel::map(&codes, || Scratch::new(bench), |scratch, code| examples_of(bench, scratch, code))?;
    let mut index = Index { compiler: bench.prebuilt.toolchain().version.clone(), ..Index::default() };
    for (examples, nightly) in found.into_iter().flatten() {
        index.explained += 1;
        index.nightly += usize::from(nightly && examples.failing.is_empty());
        if !examples.failing.is_empty() {
            index.codes.push(examples);
        }
    }
    Ok(index)
}

/// The failing examples as cases.
pub fn cases(bench: &Bench, index: &Index) -> Result<Vec<Case>, EvalError> {
    let of_codes = parallel::map(&index.codes, || Ok(()), |(), examples| cases_of(bench, examples))?;
    Ok(of_codes.into_iter().flatten().collect())
}

fn cases_of(bench: &Bench, examples: &Examples) -> Result<Vec<Case>, EvalError> {
    let code = &examples.code;
    let blocks: Vec<String> = bench.explanation(code)?.iter().flat_map(|text| blocks(text)).map(with_main).collect();
    let block = |number: &usize| blocks.get(*number).cloned().unwrap_or_default();
    let corrections: Vec<String> = examples.right.iter().map(block).collect();
    let case = |(number, (place, edition)): (usize, &(usize, String))| Case {
        name: if number == 0 { format!("index/{code}") } else { format!("index/{code}-{}", number + 1) },
        set: Set::Index,
        edition: EDITIONS.into_iter().find(|known| known == edition).unwrap_or(EDITIONS[0]),
        sources: Sources::from([("main.rs".into(), block(place))]),
        answer: Answer::Corrections(corrections.clone()),
        kin: vec![format!("rustc:{code}")],
    };
    Ok(examples.failing.iter().enumerate().map(case).collect())
}

enum Found {
    Compiles,
    Fails(&'static str),
    NeedsNightly,
    Neither,
}

/// The examples of one code, and whether one of them needs a nightly compiler; `None` where there is no such code.
fn examples_of(bench: &Bench, scratch: &Scratch<'_>, code: &str) -> Result<Option<(Examples, bool)>, EvalError> {
    let Some(text) = bench.explanation(code)? else { return Ok(None) };
    let mut examples = Examples { code: code.to_owned(), failing: Vec::new(), right: Vec::new() };
    let mut nightly = false;
    for (number, example) in blocks(&text).into_iter().map(with_main).enumerate() {
        match tried(scratch, code, &example)? {
            Found::Compiles => examples.right.push(number),
            Found::Fails(edition) => examples.failing.push((number, edition.to_owned())),
            Found::NeedsNightly => nightly = true,
            Found::Neither => {}
        }
    }
    Ok(Some((examples, nightly)))
}

fn tried(scratch: &Scratch<'_>, code: &str, example: &str) -> Result<Found, EvalError> {
    let sources = Sources::from([("main.rs".into(), example.to_owned())]);
    let mut nightly = false;
    for edition in EDITIONS {
        let errors = match scratch.crate_errors(&sources, "main.rs", edition) {
            Err(EvalError::NoVerdict { .. }) => continue,
            errors => errors?,
        };
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
fn blocks(text: &str) -> Vec<String> {
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
        assert_eq!(blocks(text), ["let x = 1;\n", "fn main () {}\n"]);
        assert_eq!(with_main("x\n".into()), "x\n\nfn main() {}\n");
        assert_eq!(with_main("fn main () {}\n".into()), "fn main () {}\n");
    }
}
