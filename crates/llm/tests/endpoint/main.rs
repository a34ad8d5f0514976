//! The endpoint, the cassette and the command against what they meet in life: servers that work, are down, are slow, break, or
//! talk nonsense.
mod embeddings;
mod server;

use flightsmith_llm::cassette::{Cassette, Recording};
use flightsmith_llm::command::Command;
use flightsmith_llm::endpoint::{ApiKey, Endpoint, EndpointSettings};
use flightsmith_llm::structured::{find_json, schema_of};
use flightsmith_llm::{ChatAnswer, ChatRequest, LlmError, Message, Provider, Usage, ask};
use serde_json::json;
use server::{Step, completion, serve, serve_and_close_when_told};
use std::time::Duration;

fn settings(url: &str) -> EndpointSettings {
    EndpointSettings { model: Some("test-model".into()), first_pause: Duration::ZERO, ..EndpointSettings::new(url) }
}

fn question() -> ChatRequest {
    ChatRequest::new(vec![Message::user("How high?")])
}

fn chat(settings: EndpointSettings) -> Result<ChatAnswer, LlmError> {
    Endpoint::new(settings)?.chat(&question())
}

#[test]
fn a_working_server_gives_words_model_and_usage_and_is_not_asked_to_stream() {
    let (url, seen) = serve(vec![Step::Answer(200, completion("10 m"))]);
    let answer =
        chat(EndpointSettings { api_key: Some(ApiKey("secret".into())), ..settings(&url) }).expect("an answer");
    assert_eq!(
        answer,
        ChatAnswer {
            content: "10 m".into(),
            model: "test-model".into(),
            usage: Usage { prompt_tokens: 11, completion_tokens: 7 },
        }
    );
    let seen = seen.lock().expect("unpoisoned");
    let (line, body) = &seen[0];
    assert_eq!(line.to_ascii_lowercase(), "post /v1/chat/completions http/1.1 authorization: bearer secret");
    assert_eq!(
        *body,
        json!({
            "model": "test-model", "temperature": 0.0, "max_tokens": 2048, "seed": 1, "stream": false,
            "messages": [{ "role": "user", "content": "How high?" }],
        })
    );
}

#[test]
fn without_a_model_the_first_of_the_list_is_taken_once() {
    let (url, seen) = serve(vec![
        Step::Answer(200, json!({ "data": [{ "id": "first" }, { "id": "second" }] }).to_string()),
        Step::Answer(200, completion("one")),
        Step::Answer(200, completion("two")),
    ]);
    let endpoint = Endpoint::new(EndpointSettings { model: None, ..settings(&url) }).expect("a good URL");
    endpoint.chat(&question()).expect("an answer");
    endpoint.chat(&question()).expect("an answer");
    let models: Vec<_> = seen.lock().expect("unpoisoned")[1..].iter().map(|(_, body)| body["model"].clone()).collect();
    assert_eq!(models, ["first", "first"]);
    assert_eq!(endpoint.describe(), format!("first at {url}"));
}

#[test]
fn a_connection_that_the_server_has_closed_meanwhile_is_not_used_again() {
    let (url, close) = serve_and_close_when_told(completion("10 m"));
    let endpoint = Endpoint::new(settings(&url)).expect("a good URL");
    endpoint.chat(&question()).expect("an answer");
    close();
    endpoint.chat(&question()).expect("an answer over a new connection");
}

#[test]
fn nobody_there_is_unreachable() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port();
    let error = chat(settings(&format!("http://127.0.0.1:{port}/v1"))).expect_err("nobody there");
    assert_eq!(
        error.to_string(),
        format!(
            "model endpoint http://127.0.0.1:{port}/v1/chat/completions is unreachable: Connection refused (os error 111)"
        )
    );
}

#[test]
fn silence_is_slow() {
    let (url, _) = serve(vec![Step::Silence]);
    let error =
        chat(EndpointSettings { answer_limit: Duration::from_millis(100), ..settings(&url) }).expect_err("no answer");
    assert_eq!(error.to_string(), format!("model endpoint {url}/chat/completions gave no answer within 0.1 s"));
}

#[test]
fn who_gives_up_does_not_wait() {
    let (url, _) = serve(vec![Step::Silence]);
    let settings = settings(&url);
    settings.cancelled.store(true, std::sync::atomic::Ordering::Relaxed);
    assert!(matches!(chat(settings), Err(LlmError::Cancelled)));
}

#[test]
fn a_broken_moment_is_bridged_a_broken_server_is_not() {
    let (url, seen) = serve(vec![Step::Answer(500, "oops".into()), Step::Answer(200, completion("10 m"))]);
    assert_eq!(chat(settings(&url)).expect("an answer").content, "10 m");
    assert_eq!(seen.lock().expect("unpoisoned").len(), 2);

    let (url, seen) = serve((0..3).map(|_| Step::Answer(503, "busy".into())).collect());
    assert_eq!(
        chat(settings(&url)).expect_err("busy").to_string(),
        format!("model endpoint {url}/chat/completions answered HTTP 503 after 3 attempt(s): busy")
    );
    assert_eq!(seen.lock().expect("unpoisoned").len(), 3);

    let (url, seen) = serve(vec![Step::Answer(401, "who are you".into())]);
    assert!(matches!(chat(settings(&url)), Err(LlmError::Status { status: 401, attempts: 1, .. })));
    assert_eq!(seen.lock().expect("unpoisoned").len(), 1);
}

#[test]
fn nonsense_is_named() {
    let check = |body: String, expect: &str| {
        let (url, _) = serve(vec![Step::Answer(200, body)]);
        assert_eq!(chat(settings(&url)).expect_err("nonsense").to_string(), expect);
    };
    let says = |what: &str, excerpt: &str| format!("the model's answer is unusable: {what}; it begins: {excerpt}");
    check("<html>\n  welcome".into(), &says("not JSON", "<html> welcome"));
    check(String::new(), &says("not JSON", "(nothing)"));
    check("{}".into(), &says("field choices is missing or empty", "{}"));
    let no_content = json!({ "choices": [{ "message": {} }] }).to_string();
    check(no_content.clone(), &says("field choices[0].message.content is missing", &no_content));
    check(
        json!({ "choices": [{ "message": { "refusal": "no weapons" } }] }).to_string(),
        "the model refused: no weapons",
    );
    check(
        json!({ "choices": [{ "message": { "content": "x" }, "finish_reason": "length" }] }).to_string(),
        "the model's answer was cut off at its limit of 2048 tokens",
    );
    check(json!({ "error": { "message": "context too long" } }).to_string(), "the model refused: context too long");
    let (url, _) = serve(vec![Step::Answer(200, "x".repeat(5000))]);
    let error = chat(EndpointSettings { max_answer_bytes: 100, ..settings(&url) });
    assert!(matches!(error, Err(LlmError::Garbage { .. })));
}

#[test]
fn a_url_that_is_none_is_said_at_once() {
    for wrong in ["ftp://x/v1", "http://", "127.0.0.1:8080"] {
        assert!(matches!(Endpoint::new(EndpointSettings::new(wrong)), Err(LlmError::Settings { .. })), "{wrong}");
    }
}

#[derive(Debug, PartialEq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Height {
    metres: f64,
    format: Option<String>,
}

#[test]
fn the_schema_is_closed_and_complete() {
    assert_eq!(
        schema_of::<Height>().schema,
        json!({
            "type": "object", "additionalProperties": false, "required": ["format", "metres"],
            "properties": { "metres": { "type": "number" }, "format": { "type": ["string", "null"] } },
        })
    );
}

#[test]
fn a_structured_answer_is_asked_for_with_its_schema_and_again_where_it_does_not_fit() {
    let (url, seen) = serve(vec![
        Step::Answer(200, completion(r#"{"metres": "ten"}"#)),
        Step::Answer(200, completion("Sure:\n```json\n{\"metres\": 10.0}\n```")),
    ]);
    let endpoint = Endpoint::new(settings(&url)).expect("a good URL");
    let answer = ask::<Height>(&endpoint, question(), 2).expect("an answer");
    assert_eq!(answer.value, Height { metres: 10.0, format: None });
    assert_eq!((answer.attempts, answer.usage.prompt_tokens), (2, 22));
    let seen = seen.lock().expect("unpoisoned");
    assert_eq!(seen[0].1["response_format"]["json_schema"]["name"], "Height");
    assert_eq!(
        seen[1].1["messages"][2]["content"],
        "That is not the JSON that was asked for: invalid type: string \"ten\", expected f64 at line 1 column 16. Answer again, with the corrected JSON only."
    );
}

#[test]
fn a_server_that_refuses_schemas_is_asked_in_words() {
    let (url, seen) = serve(vec![
        Step::Answer(400, "unknown field response_format".into()),
        Step::Answer(200, completion("{\"metres\": 3}")),
        Step::Answer(200, completion("{\"metres\": 4}")),
    ]);
    let endpoint = Endpoint::new(settings(&url)).expect("a good URL");
    for metres in [3.0, 4.0] {
        let answer = ask::<Height>(&endpoint, question(), 1).expect("an answer");
        assert_eq!(answer.value.metres, metres);
    }
    let seen = seen.lock().expect("unpoisoned");
    let enforced: Vec<_> = seen.iter().map(|(_, body)| body.get("response_format").is_some()).collect();
    assert_eq!(enforced, [true, false, false]);
    let rule = seen[1].1["messages"][0]["content"].as_str().expect("text");
    assert!(rule.contains("\"metres\""), "{rule}");
}

#[test]
fn json_is_found_in_talk() {
    let check = |answer: &str, expect: Option<&str>| assert_eq!(find_json(answer), expect);
    check("{\"a\": 1}", Some("{\"a\": 1}"));
    check("Here: [1, 2] and so on {", Some("[1, 2]"));
    check("```json\n{\"a\": {}}\n```\nDone.", Some("{\"a\": {}}"));
    check("<think>{not this}</think>{\"a\": 2}", Some("{\"a\": 2}"));
    check("```\n{\"a\": \n```", Some("{\"a\":"));
    check("no", None);
}

#[test]
fn what_was_recorded_is_replayed_and_nothing_else() {
    let dir = tempfile::tempdir().expect("a folder");
    let (url, _) = serve(vec![Step::Answer(200, completion("10 m"))]);
    let endpoint = Endpoint::new(settings(&url)).expect("a good URL");
    let recording = Recording::into_dir(endpoint, dir.path().join("tape")).expect("a folder");
    let answer = recording.chat(&question()).expect("an answer");

    let cassette = Cassette::open(dir.path().join("tape")).expect("a folder");
    assert_eq!(cassette.chat(&question()).expect("recorded"), answer);
    let other = ChatRequest::new(vec![Message::user("How low?")]);
    let error = cassette.chat(&other).expect_err("not recorded");
    assert!(error.to_string().contains(&other.hash()), "{error}");

    let file = dir.path().join("tape").join(format!("{}.json", question().hash()));
    std::fs::write(&file, "{\"request\"").expect("written");
    assert!(matches!(cassette.chat(&question()), Err(LlmError::Cassette { .. })));
    assert!(matches!(Cassette::open(dir.path().join("none")), Err(LlmError::Cassette { .. })));
}

#[test]
fn a_hash_says_messages_and_schema() {
    // Pinned: a changed hash makes every recording unfindable.
    assert_eq!(question().hash(), "0948a70603af5e78");
    let mut with_schema = question();
    with_schema.schema = Some(schema_of::<Height>());
    assert_ne!(with_schema.hash(), question().hash());
    assert_eq!(question().with_max_tokens(5).hash(), question().hash());
}

#[test]
fn a_command_answers_in_full_or_in_short() {
    let check = |output: Result<&'static str, &'static str>| {
        Command::new(
            "model.sh --fast",
            Duration::from_secs(1),
            Box::new(move |line, input, limit| {
                assert_eq!((line, limit), ("model.sh --fast", Duration::from_secs(1)));
                let body: serde_json::Value = serde_json::from_slice(input).expect("JSON");
                assert_eq!(body["messages"][0]["content"], "How high?");
                output.map(|text| text.as_bytes().to_vec()).map_err(str::to_owned)
            }),
        )
        .chat(&question())
        .map(|answer| answer.content)
        .map_err(|error| error.to_string())
    };
    assert_eq!(check(Ok("{\"content\": \"10 m\"}")), Ok("10 m".into()));
    assert_eq!(check(Ok("{\"choices\": [{\"message\": {\"content\": \"10 m\"}}]}")), Ok("10 m".into()));
    assert_eq!(check(Ok("ten metres")), Err("the model's answer is unusable: not JSON; it begins: ten metres".into()));
    assert_eq!(check(Err("exit code 1")), Err("model command `model.sh --fast` failed: exit code 1".into()));
}

#[test]
fn providers_are_named_as_the_command_line_names_them() {
    use flightsmith_llm::Choice;
    for name in
        ["offline", "http://127.0.0.1:8080/v1", "gguf:/models/a.gguf", "cmd:python model.py", "cassette:tests/data"]
    {
        assert_eq!(name.parse::<Choice>().expect("a choice").to_string(), name);
    }
    for wrong in ["", "gguf:", "ollama", "openai:gpt"] {
        assert!(wrong.parse::<Choice>().is_err(), "{wrong}");
    }
}
