//! Code and diagnostics explained to learners, from the items about what is called and from the compiler's own explanations.
use super::proof::Prover;
use super::{Answer, Cited, Shown, cite};
use crate::exit::RunError;
use crate::{budget, given};
use flightsmith_kb::{Item, Kind, KnowledgeBase};
use flightsmith_toolchain::diagnostics::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;

/// A file, or one line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1; the whole file where none is named.
    pub line: Option<usize>,
}

impl Place {
    /// Reads `FILE[:LINE]`.
    ///
    /// # Errors
    /// A line that is 0.
    pub fn parse(text: &str) -> Result<Self, String> {
        let numbered = text.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse::<usize>().ok()?)));
        match numbered {
            Some((_, 0)) => Err("lines are counted from 1".into()),
            Some((file, line)) => Ok(Self { file: file.into(), line: Some(line) }),
            None => Ok(Self { file: text.into(), line: None }),
        }
    }
}

/// What in Rust's own syntax is worth a word to a learner, and the task that explains it.
const SYNTAX: [(&str, &str, &str); 8] = [
    (
        ".await",
        "waits until the call has ended; what it stands on does nothing before",
        "task:async/await-in-loops-and-closures",
    ),
    (
        "?",
        "hands an error to the caller and ends this function, else goes on with the value",
        "task:errors/question-mark-and-own-error",
    ),
    ("match ", "chooses by the shape of a value, and must name every shape", "task:patterns/nested-enums"),
    ("if let ", "goes on only where the value has this shape", "task:patterns/if-let-chains"),
    ("else {", "leaves early where the shape is another", "task:errors/let-else-and-early-return"),
    (
        "&mut ",
        "lends the value so that it may be changed; nobody else may use it meanwhile",
        "task:ownership/two-mutable-borrows",
    ),
    (".clone()", "makes a copy of its own", "task:ownership/copy-or-clone"),
    (
        "|",
        "a closure: a function written in place, which may use what is around it",
        "task:closures/what-a-closure-captures",
    ),
];

/// Explains a file's code, or one line's: each name that the knowledge base has, once, the syntax that learners ask about, and what the
/// compiler has against it.
///
/// # Errors
/// The file cannot be read, the line is not in it, or nothing in it is known.
pub fn code(kb: &KnowledgeBase, place: &Place, compiled: Compiled<'_>) -> Result<Answer, RunError> {
    let text = given::text(&place.file, budget::GIVEN_SOURCE_BYTES)?;
    let errors = compiled(&text)?;
    let lines: Vec<(usize, &str)> = text.lines().enumerate().map(|(number, line)| (number + 1, line)).collect();
    let wanted: Vec<(usize, &str)> = match place.line {
        Some(line) => lines.into_iter().filter(|(number, _)| *number == line).collect(),
        None => lines,
    };
    if wanted.is_empty() {
        let what = place.line.map_or_else(|| "is empty".to_owned(), |line| format!("has no line {line}"));
        return Err(RunError::Usage(format!("{} {what}", place.file.display())));
    }
    let names = by_name(kb);
    let (mut words, mut sources, mut told) = (String::new(), Vec::<Cited>::new(), BTreeSet::new());
    let elsewhere = lines_beside(&errors, &wanted);
    for (number, line) in wanted {
        let spoken = line.split("//").next().unwrap_or(line);
        let mut notes = Vec::new();
        for name in spoken.split(|c: char| !c.is_alphanumeric() && c != '_') {
            if let Some(item) = names.get(name)
                && told.insert(item.id.clone())
            {
                sources.push(cite(item));
                let first = item.text.lines().next().unwrap_or_default();
                notes.push(format!("`{name}`: {first} [{}]", sources.len()));
            }
        }
        for (mark, meaning, id) in SYNTAX {
            if has_mark(spoken, mark)
                && let Some(item) = kb.item(id)
                && told.insert(id.to_owned())
            {
                sources.push(cite(item));
                notes.push(format!("`{}` {meaning} [{}]", mark.trim(), sources.len()));
            }
        }
        for error in errors.iter().filter(|error| line_of(error) == Some(number)) {
            notes.extend(notes_on(kb, error, &mut sources, &mut told));
        }
        if !notes.is_empty() {
            let _ = write!(
                words,
                "{number:>4} | {}\n{}",
                line.trim_end(),
                notes.iter().fold(String::new(), |all, note| { format!("{all}       {note}\n") })
            );
        }
    }
    if !elsewhere.is_empty() {
        let _ = writeln!(words, "The compiler has something against other lines: {}", elsewhere.join(", "));
    }
    if words.is_empty() {
        return Err(RunError::Refused {
            reason: format!("nothing in {} is known to the knowledge base", place.file.display()),
            hints: vec!["ask in words what it should do: flightsmith ask \"..\"".into()],
        });
    }
    let question = format!("explain {}", place.file.display());
    Ok(Answer { question, answered: true, confidence: None, model: None, words, code: Vec::new(), sources })
}

/// Asks the compiler about a source.
pub type Compiled<'c> = &'c mut dyn FnMut(&str) -> Result<Vec<Diagnostic>, RunError>;

fn line_of(error: &Diagnostic) -> Option<usize> {
    error.primary().map(|place| place.line_start)
}

/// What the compiler says, and what its explanation of the code begins with.
fn notes_on(
    kb: &KnowledgeBase,
    error: &Diagnostic,
    sources: &mut Vec<Cited>,
    told: &mut BTreeSet<String>,
) -> Vec<String> {
    let code = error.code.as_deref();
    let mut notes = vec![match code {
        Some(code) => format!("the compiler says: error[{code}]: {}", error.message),
        None => format!("the compiler says: error: {}", error.message),
    }];
    if let Some(label) = error.primary().and_then(|place| place.label.as_ref()) {
        notes.push(format!("  {label}"));
    }
    let helps = error.children.iter().map(|child| format!("  {}", child.message));
    notes.extend(helps);
    if let Some(code) = code
        && let Some(item) = kb.item(&format!("compiler:{code}"))
        && told.insert(item.id.clone())
    {
        sources.push(cite(item));
        // What comes first are the compiler's messages of this code, for searches.
        let mut parts = item.text.trim().split("\n\n").filter(|part| !part.starts_with("error"));
        let first = parts.next().unwrap_or_default().replace('\n', " ");
        notes.push(format!("  {code}: {first} [{}] (flightsmith ask --error {code} shows examples)", sources.len()));
    }
    notes
}

/// The lines with errors that were not asked for.
fn lines_beside(errors: &[Diagnostic], wanted: &[(usize, &str)]) -> Vec<String> {
    let asked = |line: &usize| wanted.iter().any(|(number, _)| number == line);
    let lines: BTreeSet<usize> = errors.iter().filter_map(line_of).filter(|line| !asked(line)).collect();
    lines.iter().map(usize::to_string).collect()
}

/// A closure's bars are not those of `||`, and a question mark stands behind something.
fn has_mark(line: &str, mark: &str) -> bool {
    match mark {
        "|" => line.replace("||", "").matches('|').count() == 2 && line.contains("(|"),
        "?" => line.contains(")?") || line.contains(".await?"),
        "else {" => line.contains("let ") && line.contains("else {"),
        _ => line.contains(mark),
    }
}

/// What can be called or named in code, by its last name; what a mission may use before the rest.
fn by_name(kb: &KnowledgeBase) -> BTreeMap<&str, &Item> {
    let mut names: BTreeMap<&str, &Item> = BTreeMap::new();
    let rank = |item: &Item| match item.id.as_str() {
        id if id.starts_with("rust:flightsmith_sdk::vehicle::") => 0,
        id if id.starts_with("rust:flightsmith_mission::") => 1,
        _ => 2,
    };
    let named = |item: &&Item| matches!(item.kind, Kind::Type | Kind::Trait | Kind::Function);
    for item in kb.items().filter(named) {
        let Some(name) = item.title.rsplit("::").next().filter(|name| name.len() > 2) else { continue };
        let known = names.entry(name).or_insert(item);
        if rank(item) < rank(known) {
            *known = item;
        }
    }
    names
}

/// Explains an error code of the compiler, with its wrong and right examples, each compiled first.
///
/// # Errors
/// [`RunError::Usage`] for a code that this compiler does not explain.
pub fn error(kb: &KnowledgeBase, code: &str, prover: &Prover<'_>) -> Result<Answer, RunError> {
    let code = code.to_uppercase();
    let item = kb.item(&format!("compiler:{code}")).ok_or_else(|| {
        RunError::Usage(format!("`{code}` is no error code that this compiler explains; they look like E0382"))
    })?;
    let mut shown = Vec::new();
    for (mark, meant) in [("Wrong", Some(code.as_str())), ("Right", None)] {
        if let Some(example) = examples(&item.code, mark).into_iter().next() {
            let proof = prover.prove_example(&example, meant)?;
            shown.push(Shown { title: mark.to_owned(), code: example, cited: Some(1), proof });
        }
    }
    // What else the knowledge base has on it: tasks and mistakes that name the code.
    let also = kb.items().filter(|other| {
        matches!(other.kind, Kind::RustTask | Kind::Mistake)
            && (other.text.contains(&code) || other.code.contains(&code))
    });
    let sources = std::iter::once(cite(item)).chain(also.take(4).map(cite)).collect();
    let words = item.text.trim().to_owned();
    Ok(Answer { question: code, answered: true, confidence: None, model: None, words, code: shown, sources })
}

/// The examples of an explanation that are marked so.
fn examples(code: &str, mark: &str) -> Vec<String> {
    let marks = ["// Wrong:\n", "// Right:\n"];
    let mut examples = Vec::new();
    let mut rest = code;
    while let Some(start) = marks.iter().filter_map(|mark| rest.find(mark)).min() {
        let (head, tail) = rest[start..].split_at(marks[0].len());
        let end = marks.iter().filter_map(|mark| tail.find(mark)).min().unwrap_or(tail.len());
        if head.contains(mark) {
            examples.push(tail[..end].trim().to_owned());
        }
        rest = &tail[end..];
    }
    examples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_a_file_and_perhaps_a_line() {
        let place = |text: &str| Place::parse(text);
        assert_eq!(place("src/mission.rs:9"), Ok(Place { file: "src/mission.rs".into(), line: Some(9) }));
        assert_eq!(place("src/mission.rs"), Ok(Place { file: "src/mission.rs".into(), line: None }));
        assert_eq!(place("odd:name"), Ok(Place { file: "odd:name".into(), line: None }));
        assert!(place("x.rs:0").is_err());
    }

    #[test]
    fn examples_are_told_apart_by_their_marks() {
        let code = "// Wrong:\na\n\n// Right:\nb\n\n// Wrong:\nc";
        assert_eq!(
            (examples(code, "Wrong"), examples(code, "Right")),
            (vec!["a".into(), "c".into()], vec!["b".into()])
        );
        assert_eq!(examples("", "Right"), [""; 0]);
    }

    #[test]
    fn marks_of_syntax_are_not_found_in_others() {
        assert!(has_mark("vehicle.land().await?;", "?") && !has_mark("let a = b;", "?"));
        assert!(has_mark("list.map(|x| x + 1)", "|") && !has_mark("if a || b {", "|"));
    }
}
