//! The mistakes of `sdk/tests/mistakes`, measured: what the compiler says of each as a generated mission, whether its own suggestions
//! mend it, and that the right version keeps to the policy and compiles.
//!
//! `docs/mistakes.md` is written from this: `UPDATE_EXPECT=1 cargo test -p flightsmith --test mistakes` after a change of the SDK.
use expect_test::expect_file;
use flightsmith::check::policy;
use flightsmith_toolchain::diagnostics::{Applicability, Diagnostic, Edit, Level, apply_edits, edits_of};
use flightsmith_toolchain::host::Host;
use flightsmith_toolchain::prebuilt::{MissionCrate, Prebuilt};
use flightsmith_toolchain::sandbox::Sandbox;
use flightsmith_toolchain::targets::{self, Target};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// The compiler that the table is written with; others say the same a little differently.
const WORDS_OF: &str = "rustc 1.95.";

/// Rounds of suggestions: the compiler looks at borrows only when the types are right.
const ROUNDS: usize = 5;

/// A mission with one mistake.
struct Mistake {
    name: String,
    what: String,
    instead: String,
    /// Words that the compiler must say.
    says: Vec<String>,
    source: String,
    right: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

fn mistakes() -> Vec<Mistake> {
    let folder = root().join("sdk/tests/mistakes");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .filter_map(|entry| Some(entry.unwrap().file_name().to_str()?.strip_suffix(".fixed.rs")?.to_owned()))
        .collect();
    names.sort();
    let read = |name: String| fs::read_to_string(folder.join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let one = |name: String| {
        let (source, right) = (read(format!("{name}.rs")), read(format!("{name}.fixed.rs")));
        let said = |what: &str| -> Vec<String> {
            source.lines().filter_map(|line| Some(line.strip_prefix("//! ")?.strip_prefix(what)?.to_owned())).collect()
        };
        let [what, instead, says] = [said("The mistake: "), said("Instead: "), said("Says: ")];
        assert!(what.len() == 1 && instead.len() == 1 && !says.is_empty(), "{name}: what, instead, says");
        Mistake { what: what[0].clone(), instead: instead[0].clone(), says, name, source, right }
    };
    names.into_iter().map(one).collect()
}

/// The compiler as it judges generated missions.
struct Compiler {
    prebuilt: Prebuilt,
    sandbox: Sandbox,
    folder: tempfile::TempDir,
}

impl Compiler {
    fn new() -> Self {
        let path = std::env::var_os("PATH").expect("a PATH");
        let host = Host::new(std::env::split_paths(&path).collect(), std::env::var_os("HOME").expect("a home"));
        let toolchain = targets::find(Target::Host, &host).unwrap_or_else(|error| panic!("{error}"));
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mistakes/prebuilt");
        let prebuilt = Prebuilt::open(&host, &toolchain, &root(), &cache).unwrap_or_else(|error| panic!("{error}"));
        let sandbox = Sandbox::probe(&host).unwrap_or_else(|error| panic!("{error}"));
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("src")).unwrap();
        fs::create_dir(folder.path().join("out")).unwrap();
        for name in ["Cargo.toml", "src/main.rs", "src/lib.rs"] {
            fs::copy(root().join("firmware-template/companion").join(name), folder.path().join(name)).unwrap();
        }
        Self { prebuilt, sandbox, folder }
    }

    /// What it says of `source`; nothing if it compiles without a warning.
    fn says(&self, source: &str) -> Vec<Diagnostic> {
        fs::write(self.folder.path().join("src/mission.rs"), source).unwrap();
        let mission = MissionCrate::open(self.folder.path()).unwrap();
        let compilation = self.prebuilt.check(&self.sandbox, &mission, &self.folder.path().join("out")).unwrap();
        let refused = compilation.diagnostics.iter().any(Diagnostic::is_error);
        assert_eq!(compilation.success(), !refused, "{}", compilation.other_output);
        compilation.diagnostics
    }
}

fn errors(said: &[Diagnostic]) -> usize {
    said.iter().filter(|said| said.is_error()).count()
}

/// What is not as it should be with a mistake: it compiles, its words are missing, or its right version is none.
fn faults_of(compiler: &Compiler, mistake: &Mistake, said: &[Diagnostic]) -> Vec<String> {
    let name = &mistake.name;
    let rendered: String = said.iter().filter_map(|said| said.rendered.as_deref()).map(short).collect();
    let mut faults = Vec::new();
    if errors(said) == 0 {
        faults.push(format!("{name} compiles"));
    }
    for words in mistake.says.iter().filter(|words| !rendered.contains(words.as_str())) {
        faults.push(format!("{name} does not say {words:?}:\n{rendered}"));
    }
    let judgement = policy::judge(&mistake.right);
    if !judgement.is_judged || !judgement.breaches.is_empty() {
        faults.push(format!("{name}, the right version: {judgement:#?}"));
    }
    for said in compiler.says(&mistake.right) {
        faults.push(format!("{name}, the right version: {}", said.message));
    }
    faults
}

/// `text` without the long way of the SDK's paths.
fn short(text: &str) -> String {
    ["flightsmith_sdk::prelude::", "flightsmith_sdk::", "core::prelude::v1::"]
        .iter()
        .fold(text.to_owned(), |text, path| text.replace(path, ""))
}

/// Whether the compiler's own suggestions mend a mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mended {
    /// By what it is sure of.
    Surely,
    /// By what it thinks possible.
    Perhaps,
    /// It compiles then, is not what was meant, and the policy refuses it.
    AgainstThePolicy,
    /// It compiles then, and is not what was meant.
    Wrongly,
    No,
}

impl Mended {
    fn shown(self) -> &'static str {
        match self {
            Mended::Surely => "yes",
            Mended::Perhaps => "yes, marked unsure",
            Mended::AgainstThePolicy => "compiles, is wrong; the policy refuses it",
            Mended::Wrongly => "**compiles, and is wrong**",
            Mended::No => "no",
        }
    }
}

fn mended(compiler: &Compiler, mistake: &Mistake, said: &[Diagnostic]) -> Mended {
    let judged = |text: &str, right: Mended| match plain(text) == plain(&mistake.right) {
        true => right,
        false if policy::judge(text).breaches.is_empty() => Mended::Wrongly,
        false => Mended::AgainstThePolicy,
    };
    if let Some(text) =
        suggested(compiler, &mistake.source, said, |edit| edit.applicability == Applicability::MachineApplicable)
    {
        return judged(&text, Mended::Surely);
    }
    match suggested(compiler, &mistake.source, said, |edit| !has_a_hole(edit)) {
        Some(text) => judged(&text, Mended::Perhaps),
        None => Mended::No,
    }
}

/// `source` with suggestions applied until it compiles: in each round all that fit together, else each alone, and on with the best.
fn suggested(
    compiler: &Compiler,
    source: &str,
    said: &[Diagnostic],
    trusted: impl Fn(&Edit) -> bool,
) -> Option<String> {
    let (mut text, mut said) = (source.to_owned(), said.to_vec());
    for _ in 0..ROUNDS {
        let edits: Vec<Edit> = said.iter().flat_map(edits_of).filter(|edit| trusted(edit)).collect();
        let alone = edits.iter().map(std::slice::from_ref);
        let mut best: Option<(String, Vec<Diagnostic>)> = None;
        for edits in std::iter::once(edits.as_slice()).chain(alone) {
            let (new, applied) = apply_edits(Path::new("src/mission.rs"), &text, edits);
            if applied.is_empty() || new == text {
                continue;
            }
            let now = compiler.says(&new);
            if errors(&now) == 0 {
                return Some(new);
            }
            if best.as_ref().is_none_or(|(_, best)| errors(&now) < errors(best)) {
                best = Some((new, now));
            }
        }
        (text, said) = best?;
    }
    None
}

/// Whether something is left for a person to fill in. The compiler says so of every suggestion that could have one.
fn has_a_hole(edit: &Edit) -> bool {
    let holes = ["/*", "(_", ", _"];
    edit.applicability == Applicability::HasPlaceholders
        && edit.parts.iter().any(|part| holes.iter().any(|hole| part.text.contains(hole)))
}

/// `source` without what makes no difference: its head, spaces, and the long way of a path.
fn plain(source: &str) -> String {
    let code: String = source.lines().filter(|line| !line.starts_with("//!")).collect();
    let code = short(&code);
    code.replace(char::is_whitespace, "").replace(",)", ")")
}

/// The first error in one cell of the table: its line, what it says of the place, and what it advises.
fn in_a_cell(said: &[Diagnostic]) -> String {
    let first = said.iter().find(|said| said.is_error()).expect("an error");
    let code = first.code.as_ref().filter(|code| code.starts_with('E')).map(|code| format!("{code}: "));
    let mut lines = vec![code.unwrap_or_default() + &first.message];
    let labels = |primary: bool| {
        let spans = first.spans.iter().filter(move |span| span.is_primary == primary);
        spans.filter_map(|span| span.label.clone()).collect::<Vec<String>>()
    };
    let about_the_place = Some(labels(true)).filter(|labels| !labels.is_empty()).unwrap_or_else(|| labels(false));
    lines.extend(about_the_place.into_iter().filter(|label| !first.message.contains(label.as_str())));
    for child in first.children.iter().filter(|child| says_what_to_write(child)) {
        let written: Vec<&str> = child.spans.iter().filter_map(|span| span.suggested_replacement.as_deref()).collect();
        let message = child.message.lines().next().unwrap_or_default();
        lines.push(match written.as_slice() {
            [written] if !written.trim().is_empty() && !written.contains('\n') && !message.contains(written.trim()) => {
                format!("{message}: `{}`", written.trim())
            }
            _ => message.to_owned(),
        });
    }
    short(&lines.join("<br>")).replace('|', "\\|").replace('\n', " ")
}

/// Not where something is defined, nor which trait is behind a message.
fn says_what_to_write(child: &Diagnostic) -> bool {
    const BEHIND: [&str; 9] = [
        "defined here",
        "required by a bound",
        "required for",
        "is not implemented for",
        "is implemented for",
        "requested on the command line",
        "private field",
        "expected struct",
        "the type constructed contains",
    ];
    let advises = child.level == Level::Help || child.spans.is_empty() || child.message.contains("consider");
    advises && !BEHIND.iter().any(|words| child.message.contains(words))
}

const HEAD: &str = "# Mistakes, and what the compiler says

Mistakes that code generators make with drone APIs, each in a mission of its own (`sdk/tests/mistakes`). Every one is refused, and the
right version beside it (`.fixed.rs`) keeps to the policy and compiles. The last column is measured: the compiler's own suggestions are
applied until the mission compiles, first only those that it is sure of, then those that it marks as perhaps wrong, all together and
each alone; *yes* is said only where the result is the right version. `flightsmith` itself applies without asking only what the
compiler is sure of.

Written by `UPDATE_EXPECT=1 cargo test -p flightsmith --test mistakes`; a test fails when it is stale.

";

const TAIL: &str = "
## What compiles, and who finds it

| mistake | found by |
|---|---|
| `.unwrap()`, `.expect(..)`, `let _ = vehicle.take_photo().await` | the policy, before the compiler |
| a height in the wrong sign, `AboveHome(-12.0)`, or `place.down_m += 5.0` to climb | the envelope: `FlightError::OutsideEnvelope` before anything moves, where it leads below home; else the judge |
| coordinates swapped as numbers, or in units of 1e-7 degrees | the envelope, before anything moves |
| an angle in radians as a bare number in `Degrees(..)`, a level as a share in `Percent(0.4)`, a wrong number | the judge, in the simulated flights |
| a place above mean sea level as `AboveHome(500.0)` | the envelope |
| a positive `down_m_s2` in an `AccelerationNed` to climb | the judge; it is still written as a struct |
";

#[test]
fn every_mistake_is_refused_and_the_table_of_them_is_up_to_date() {
    let compiler = Compiler::new();
    let (mut rows, mut faults, mut counts) = (String::new(), Vec::new(), [0; 5]);
    let mistakes = mistakes();
    for mistake in &mistakes {
        let name = &mistake.name;
        let said = compiler.says(&mistake.source);
        faults.extend(faults_of(&compiler, mistake, &said));
        if errors(&said) == 0 {
            continue;
        }
        let mended = mended(&compiler, mistake, &said);
        counts[mended as usize] += 1;
        let (number, title) = name.split_once('-').expect("NN-name");
        let (what, instead) = (&mistake.what, &mistake.instead);
        let mut cell = in_a_cell(&said);
        if let Some(breach) = policy::judge(&mistake.source).breaches.first() {
            let _ = write!(cell, "<br>The policy, before the compiler: {}", breach.message);
        }
        let _ = writeln!(rows, "| {number} | {title}: {what} Instead: {instead} | {cell} | {} |", mended.shown());
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    let [surely, perhaps, refused, wrongly, not] = counts;
    let table = format!(
        "{HEAD}Of {} mistakes the compiler's own suggestions mend {}: {surely} by suggestions that it is sure of, {perhaps} by such that it \
         marks as perhaps wrong. {} more compile then without being right, of which the policy refuses {refused}; {not} need a reader.\n\n\
         | | mistake | the compiler says | its own suggestion mends it |\n|---|---|---|---|\n{rows}{TAIL}",
        mistakes.len(),
        surely + perhaps,
        refused + wrongly,
    );
    if compiler.prebuilt.toolchain().version.starts_with(WORDS_OF) {
        expect_file![root().join("docs/mistakes.md")].assert_eq(&table);
    } else {
        eprintln!("the table is not compared: it holds the words of {WORDS_OF}x");
    }
}
