//! The real models' vectors agree with those of their reference implementations (`data/make_reference.py`) to 1e-4 a component, on 200
//! texts in several languages, of all lengths, with what tokenizers stumble over. `tests/setup` fetches the models.
use flightsmith_embed::{Family, open};
use flightsmith_kb::{EmbedError, Embedder};
use std::path::{Path, PathBuf};

const AGREE: f32 = 1e-4;

fn models() -> PathBuf {
    let home = || PathBuf::from(std::env::var_os("HOME").expect("HOME is set")).join(".cache");
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).unwrap_or_else(home);
    let models = cache.join("flightsmith/models");
    assert!(
        models.join("complete").is_file(),
        "{} is not complete: fetch the models with tests/setup",
        models.display()
    );
    models
}

fn texts() -> Vec<String> {
    let lines = include_str!("data/texts.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).expect("a JSON string")).collect()
}

fn agrees(model: &dyn Embedder, reference: &[u8]) {
    let texts = texts();
    let (numbers, _) = reference.as_chunks::<4>();
    let numbers: Vec<f32> = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    assert_eq!((texts.len(), numbers.len()), (200, 200 * model.dims()));
    let together = model.embed_all(&texts).expect("vectors");
    for (place, (text, expect)) in texts.iter().zip(numbers.chunks_exact(model.dims())).enumerate() {
        for vector in [&model.embed(text).expect("a vector"), &together[place]] {
            for (ours, theirs) in vector.iter().zip(expect) {
                let off = (ours - theirs).abs();
                assert!(off <= AGREE, "{ours} and {theirs} in text {place}: {text:?}");
            }
        }
    }
}

#[test]
fn a_sentence_model_agrees_with_sentence_transformers() {
    let model = open(Family::Bert, &models().join("minilm")).expect("loaded");
    assert_eq!(model.dims(), 384);
    agrees(model.as_ref(), include_bytes!("data/minilm.f32"));
}

#[test]
fn a_table_of_wordllama_agrees_with_wordllama() {
    let model = open(Family::Static, &models().join("wordllama")).expect("loaded");
    assert_eq!(model.dims(), 256);
    agrees(model.as_ref(), include_bytes!("data/wordllama.f32"));
}

#[test]
fn a_table_in_the_layout_of_model2vec_agrees_with_model2vec() {
    let model = open(Family::Static, &models().join("model2vec")).expect("loaded");
    agrees(model.as_ref(), include_bytes!("data/model2vec.f32"));
}

#[test]
fn another_model_has_another_name_and_damaged_files_are_named() {
    let models = models();
    let wordllama = open(Family::Static, &models.join("wordllama")).expect("loaded");
    let model2vec = open(Family::Static, &models.join("model2vec")).expect("loaded");
    assert_ne!(wordllama.id(), model2vec.id());
    assert!(wordllama.embed("").expect("a vector").iter().all(|x| *x == 0.0));

    let dir = tempfile::tempdir().expect("a folder");
    let check = |family: Family, file: &str, bytes: &[u8], expect: &str| {
        std::fs::write(dir.path().join(file), bytes).expect("written");
        match open(family, dir.path()).err().expect("no model") {
            EmbedError::Model { path, reason } => {
                assert!(path.starts_with(dir.path()), "{}", path.display());
                let told = format!("{}: {reason}", path.display());
                assert!(told.contains(expect), "{told}");
            }
            other => panic!("{other}"),
        }
    };
    check(Family::Static, "model.safetensors", b"\0\0", "tokenizer.json: No such file");
    let tokenizer = std::fs::read(models.join("wordllama/tokenizer.json")).expect("a file");
    check(Family::Static, "tokenizer.json", &tokenizer, "model.safetensors: ");
    let real = std::fs::read(models.join("wordllama/model.safetensors")).expect("a file");
    check(Family::Static, "model.safetensors", &real[..real.len() / 2], "model.safetensors: ");
    let renamed = String::from_utf8_lossy(&real[..60]).replace("embedding.weight", "embeddinX.weight");
    let renamed = [renamed.as_bytes(), &real[60..]].concat();
    check(Family::Static, "model.safetensors", &renamed, "a table is called embeddings or embedding.weight");
    check(Family::Bert, "config.json", b"{}", "config.json: missing field");
    assert!(open(Family::Bert, Path::new("/nowhere")).is_err());
}
