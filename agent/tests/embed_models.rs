//! The program with embedding models built in, on the real ones that `tests/setup` fetches.
use std::path::PathBuf;
use std::process::Command;

/// The folder of a model.
fn model(name: &str) -> PathBuf {
    let home = || PathBuf::from(std::env::var_os("HOME").expect("HOME is set")).join(".cache");
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).unwrap_or_else(home);
    let folder = cache.join("flightsmith/models").join(name);
    assert!(folder.is_dir(), "{} is missing: fetch the models with tests/setup", folder.display());
    folder
}

/// What the program says on both streams, with a user's folders of its own.
fn flightsmith(args: &[&str], embed: &str) -> (i32, String) {
    let dir = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_flightsmith"));
    command
        .args(args)
        .env("FLIGHTSMITH_EMBED", embed)
        .env("XDG_DATA_HOME", dir.path())
        .env("XDG_CONFIG_HOME", dir.path());
    let output = command.output().expect("started");
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (output.status.code().expect("not killed"), said)
}

#[test]
fn a_users_own_table_searches_the_whole_knowledge_base() {
    let embed = format!("static:{}", model("wordllama").display());
    let (code, said) = flightsmith(&["kb", "search", "come back to where you started", "-k", "10"], &embed);
    assert!(code == 0 && said.to_lowercase().contains("return"), "{code}: {said}");
}

#[test]
fn a_sentence_model_is_loaded_and_one_that_is_none_is_named() {
    let (_, said) = flightsmith(&["doctor"], &format!("bert:{}", model("minilm").display()));
    assert!(said.contains("ok   embedding: bert-") && said.contains("(384 numbers a text)"), "{said}");
    let (_, said) = flightsmith(&["doctor"], "bert:/nowhere");
    assert!(said.contains("NO   embedding: ") && said.contains("/nowhere"), "{said}");
}
