//! Embeddings against servers that work, take little at once, break, or talk nonsense.
use crate::server::{Step, serve};
use flightsmith_llm::LlmError;
use flightsmith_llm::embeddings::Embeddings;
use flightsmith_llm::endpoint::EndpointSettings;
use serde_json::json;
use std::time::Duration;

fn settings(url: &str) -> EndpointSettings {
    EndpointSettings { model: Some("nomic".into()), first_pause: Duration::ZERO, ..EndpointSettings::new(url) }
}

/// An answer with these vectors, the last first: the order is the index's, not the list's.
fn vectors(vectors: &[&[f32]]) -> Step {
    let data: Vec<_> = vectors
        .iter()
        .enumerate()
        .rev()
        .map(|(index, vector)| json!({ "object": "embedding", "index": index, "embedding": vector }))
        .collect();
    Step::Answer(200, json!({ "object": "list", "data": data, "model": "nomic" }).to_string())
}

fn texts(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("text {number}")).collect()
}

#[test]
fn the_dimension_is_found_by_asking_and_the_order_is_kept() {
    let (url, seen) = serve(vec![vectors(&[&[1.0, 0.0, 0.0]]), vectors(&[&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]])]);
    let model = Embeddings::connect(settings(&url)).expect("connected");
    assert_eq!((model.model(), model.dims()), ("nomic", 3));
    let got = model.embed(&texts(2)).expect("vectors");
    assert_eq!(got, [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let seen = seen.lock().expect("unpoisoned");
    assert_eq!(seen[1].0, "POST /v1/embeddings HTTP/1.1");
    assert_eq!(seen[1].1, json!({"model": "nomic", "input": ["text 0", "text 1"], "encoding_format": "float"}));
}

#[test]
fn without_a_name_the_first_model_of_the_server_is_asked() {
    let models = json!({ "data": [{ "id": "first" }, { "id": "second" }] }).to_string();
    let (url, seen) = serve(vec![Step::Answer(200, models), vectors(&[&[0.5]])]);
    let model = Embeddings::connect(EndpointSettings { model: None, ..settings(&url) }).expect("connected");
    assert_eq!((model.model(), model.dims()), ("first", 1));
    assert_eq!(seen.lock().expect("unpoisoned")[1].1["model"], "first");
}

#[test]
fn a_busy_server_is_asked_again_and_a_batch_that_is_too_much_in_halves() {
    let probe = || vectors(&[&[1.0]]);
    let busy = Step::Answer(429, "wait".into());
    let too_much = || Step::Answer(413, "too much".into());
    let (url, seen) =
        serve(vec![busy, probe(), too_much(), vectors(&[&[0.0]]), too_much(), vectors(&[&[1.0]]), vectors(&[&[2.0]])]);
    let model = Embeddings::connect(settings(&url)).expect("connected at the second attempt");
    assert_eq!(model.embed(&texts(3)).expect("vectors"), [[0.0], [1.0], [2.0]]);
    assert_eq!(seen.lock().expect("unpoisoned").len(), 7);
    // One text that the model does not read whole: as much of it as it does.
    let (url, seen) = serve(vec![probe(), too_much(), too_much(), vectors(&[&[7.0]])]);
    let long = "hö".repeat(500);
    let model = Embeddings::connect(settings(&url)).expect("connected");
    assert_eq!(model.embed(std::slice::from_ref(&long)).expect("a vector"), [[7.0]]);
    let asked = seen.lock().expect("unpoisoned")[3].1["input"][0].as_str().expect("a text").to_owned();
    assert!(asked.len() <= long.len() / 4 && long.starts_with(&asked), "{asked}");
    // More than one batch, in order.
    let all: Vec<Vec<f32>> = (0..64).map(|number| vec![number as f32]).collect();
    let rows: Vec<&[f32]> = all.iter().map(Vec::as_slice).collect();
    let (url, _) = serve(vec![probe(), vectors(&rows), vectors(&[&[64.0]])]);
    let got = Embeddings::connect(settings(&url)).expect("connected").embed(&texts(65)).expect("vectors");
    assert_eq!((got.len(), &got[64]), (65, &vec![64.0]));
}

#[test]
fn what_are_no_vectors_is_refused_in_words() {
    let check = |answer: Step, expect: &str| {
        let (url, _) = serve(vec![vectors(&[&[1.0, 0.0]]), answer]);
        let error = Embeddings::connect(settings(&url)).expect("connected").embed(&texts(2)).expect_err(expect);
        assert!(matches!(error, LlmError::Garbage { .. }), "{error}");
        assert!(error.to_string().contains(expect), "{error}");
    };
    check(Step::Answer(200, "<html>".into()), "no list of vectors");
    check(vectors(&[&[1.0, 0.0]]), "text 1 got 0 numbers, not 2");
    check(vectors(&[&[1.0, 0.0], &[1.0]]), "text 1 got 1 numbers, not 2");
    check(vectors(&[&[1.0, 0.0], &[1.0, 0.0], &[1.0, 0.0]]), "a vector for text 2 of 2");
    let (url, _) = serve(vec![Step::Answer(404, "no such model".into())]);
    let error = Embeddings::connect(settings(&url)).err().expect("no model").to_string();
    assert!(error.contains("HTTP 404") && error.contains("no such model"), "{error}");
    let (url, _) = serve(vec![Step::Silence]);
    let short = EndpointSettings { answer_limit: Duration::from_millis(50), attempts: 1, ..settings(&url) };
    let error = Embeddings::connect(short).err().expect("no answer");
    assert!(matches!(error, LlmError::Slow { .. }), "{error}");
    let error = Embeddings::connect(settings("http://127.0.0.1:1/v1")).err().expect("nobody");
    assert!(matches!(error, LlmError::Unreachable { .. }), "{error}");
}
