//! `train_embedding [--check]`: trains the embedding that is built in from this source tree and writes `sdk-kb/data/builtin.embedding`.
//! With `--check` nothing is written: it says whether training gives the very bytes that are there.
#![expect(clippy::print_stdout, reason = "a command says what it has done")]
use flightsmith_kb::Sources;
use flightsmith_kb::trained::{Table, train};
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.parent().ok_or("sdk-kb lies in the workspace")?;
    let path = here.join("data/builtin.embedding");
    let items = Sources::of_tree(root).read()?;
    let glossary = std::fs::read_to_string(root.join("docs/glossary.md"))?;
    let said = std::fs::read_to_string(here.join("data/glossary.txt"))?;
    let synonyms = std::fs::read_to_string(here.join("data/synonyms.txt"))?;
    let corpus = train::Corpus::new(&items, &[glossary, said], &synonyms);
    let there = std::fs::read(&path)?;
    if std::env::args().any(|word| word == "--check") {
        let known = Table::of_bytes(there.clone().into()).ok_or("data/builtin.embedding is damaged")?;
        if known.corpus() != corpus.digest() {
            return Err("the texts have changed since it was trained: run cargo xtask train-embedding".into());
        }
    }
    let started = Instant::now();
    let bytes = train::train(&corpus);
    let table = Table::of_bytes(bytes.clone().into()).ok_or("what was trained is damaged")?;
    println!(
        "{}: {} items, {} words of {} numbers, {:.1} MB, {:.1} s",
        table.id(),
        items.len(),
        table.words(),
        table.dims(),
        bytes.len() as f64 / 1e6,
        started.elapsed().as_secs_f64()
    );
    if std::env::args().any(|word| word == "--check") {
        if bytes != there {
            return Err("training gave other bytes than those in data/builtin.embedding".into());
        }
        println!("the same bytes as in {}", path.display());
    } else {
        std::fs::write(&path, bytes)?;
    }
    Ok(())
}
