//! `ask` through its own program: answers, explanations and diagnostics, with code that was compiled and run in the sandbox.
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

fn ask(arguments: &[&str]) -> Output {
    // A home of these tests: nothing that this machine's user has learned or set.
    static HOME: LazyLock<PathBuf> = LazyLock::new(|| {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ask");
        let _ = fs::remove_dir_all(&home);
        home
    });
    let mut command = Command::new(env!("CARGO_BIN_EXE_flightsmith"));
    for setting in ["LLM_API_BASE", "FLIGHTSMITH_LLM", "FLIGHTSMITH_KB", "FLIGHTSMITH_EMBED"] {
        command.env_remove(setting);
    }
    command.env("XDG_DATA_HOME", &*HOME).env("XDG_CONFIG_HOME", &*HOME);
    command.arg("ask").args(arguments).output().expect("started")
}

fn json(arguments: &[&str]) -> Value {
    let output = ask(&[arguments, &["--json"]].concat());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {stderr}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {stderr}"))
}

fn proofs(answer: &Value) -> Vec<&str> {
    let code = answer["code"].as_array().expect("code");
    code.iter().map(|shown| shown["proof"]["result"].as_str().expect("a proof")).collect()
}

#[test]
fn a_rust_question_is_answered_with_a_program_that_ran() {
    let answer = json(&["how do I convert a number between bases?"]);
    assert_eq!(answer["sources"][0]["id"], "task:numbers/convert-between-bases");
    assert!(answer["words"].as_str().is_some_and(|words| words.contains("from_str_radix")), "{answer}");
    assert_eq!(proofs(&answer).first(), Some(&"compiled_and_ran"), "{answer}");
    assert!(answer["sources"].as_array().is_some_and(|sources| sources.iter().all(|cited| cited["licence"] != "")));
}

#[test]
fn a_question_about_flying_is_answered_with_a_mission_that_compiles() {
    let answer = json(&["fly a lawnmower pattern over a field"]);
    assert!(proofs(&answer).contains(&"compiled_as_mission"), "{answer}");
    let battery = json(&["how do I read the battery?"]);
    assert_eq!(proofs(&battery).first(), Some(&"compiled_as_mission"), "{battery}");
    assert!(battery["code"][0]["code"].as_str().is_some_and(|code| code.contains("vehicle.battery()?")), "{battery}");
    let cited = battery["sources"].as_array().expect("sources").iter().map(|cited| cited["id"].as_str().unwrap_or(""));
    assert!(cited.into_iter().any(|id| id.ends_with("Vehicle<S>::battery")), "{battery}");
}

#[test]
fn an_error_code_is_explained_with_examples_that_do_as_they_are_said_to() {
    let answer = json(&["--error", "e0499"]);
    assert_eq!(answer["question"], "E0499");
    assert_eq!(answer["code"][0]["proof"]["code"], "E0499");
    assert_eq!(proofs(&answer), ["fails_as_meant", "compiled"], "{answer}");
    let text = String::from_utf8_lossy(&ask(&["--error", "E0499"]).stdout).into_owned();
    assert!(text.contains("fails with E0499, as it should") && text.contains("Sources:"), "{text}");
}

#[test]
fn a_line_of_code_is_explained_by_what_it_calls() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("mission.rs");
    let code = "pub async fn fly(vehicle: Vehicle<Grounded>) {\n    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;\n}\n";
    std::fs::write(&file, code).expect("written");
    let answer = json(&["--explain", &format!("{}:2", file.display())]);
    let words = answer["words"].as_str().expect("words");
    assert!(
        words.contains("`arm_and_take_off`") && words.contains("`AboveHome`") && words.contains("`.await`"),
        "{words}"
    );
    assert!(!words.contains("Grounded"), "{words}");
    let whole = json(&["--explain", &file.display().to_string()]);
    assert!(whole["words"].as_str().is_some_and(|words| words.contains("`Grounded`")), "{whole}");
}

#[test]
fn what_cannot_be_answered_ends_with_its_documented_code() {
    for (arguments, code, said) in [
        (&["--error", "E9999"][..], 2, "`E9999` is no error code"),
        (&["--explain", "/does/not/exist.rs"], 9, "/does/not/exist.rs"),
        (&["--explain", "x.rs:0"], 2, "lines are counted from 1"),
        (&[], 2, "required"),
        (&["☃"], 3, "has nothing on it"),
    ] {
        let output = ask(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
        assert!(stderr.contains(said), "{arguments:?}: {stderr}");
    }
}

#[test]
fn what_is_only_nearest_is_no_answer() {
    for question in [
        "Wie bekomme ich die Drohne wieder nach Hause?",
        "Comment lire le niveau de la batterie ?",
        "how tall is the Eiffel tower in Paris",
        "xyzzy plugh",
    ] {
        let output = ask(&[question]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(3), true), "{question}: {stderr}");
        assert!(stderr.contains("the knowledge base has no") && stderr.contains("in English"), "{question}: {stderr}");
        let output = ask(&[question, "--json"]);
        let said: Value = serde_json::from_slice(&output.stdout).expect("one document");
        assert_eq!((output.status.code(), &said["answered"]), (Some(3), &Value::from(false)), "{question}: {said}");
        assert!(said["reason"].as_str().is_some_and(|reason| reason.contains("the knowledge base has no")), "{said}");
    }
    let answer = json(&["how do I get the drone back home?"]);
    assert_eq!(answer["answered"], true);
    assert!(answer["confidence"].as_f64().is_some_and(|confidence| confidence > 0.35), "{answer}");
}

/// Answers with code that does not compile until it has been told, and then with `mended`.
fn model_that_mends(folder: &std::path::Path, mended: &str) -> String {
    let said = |code: &str| {
        let content = format!("It adds [1].\n```rust\n{code}\n```");
        serde_json::json!({ "model": "scripted", "choices": [{ "message": { "role": "assistant", "content": content } }] })
    };
    let script = folder.join("model.sh");
    let (first, then) = (said("fn main() { let x: u8 = \"a\"; }"), said(mended));
    let text = format!("if grep -q '\"assistant\"'; then cat <<'E'\n{then}\nE\nelse cat <<'E'\n{first}\nE\nfi\n");
    std::fs::write(&script, text).expect("written");
    format!("cmd:sh {}", script.display())
}

#[test]
fn a_models_code_is_compiled_and_shown_only_where_it_holds() {
    let dir = tempfile::tempdir().expect("a folder");
    let question = "how do I add two numbers?";
    let mends = json(&[question, "--llm", &model_that_mends(dir.path(), "fn main() { assert_eq!(1 + 1, 2); }")]);
    assert_eq!((&mends["model"], proofs(&mends)), (&Value::from("scripted"), vec!["compiled_and_ran"]), "{mends}");
    assert_eq!(mends["words"], "It adds [1].");
    // What does not hold gives way to what the knowledge base has solved, and the words say so.
    for (code, said) in [
        ("fn main() { panic!(\"no\") }", "The model's code compiles, but ended by"),
        ("fn main() { let x: u8 = \"b\"; }", "The model's code does not compile: mismatched types"),
        ("fn nothing() {}", "The model's code is a piece"),
    ] {
        let answer = json(&[question, "--llm", &model_that_mends(dir.path(), code)]);
        assert!(answer["words"].as_str().is_some_and(|words| words.contains(said)), "{answer}");
        assert!(!answer.to_string().contains(code) && answer.get("model").is_none(), "{answer}");
        let proofs = proofs(&answer);
        assert!(!proofs.is_empty() && proofs.iter().all(|proof| proof.starts_with("compiled")), "{answer}");
    }
}
