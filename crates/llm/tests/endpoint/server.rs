//! A server on a real socket that answers by script: one step for each connection. It never streams and never sleeps.
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What the server does with its next connection.
pub enum Step {
    /// Answers with this status and body.
    Answer(u16, String),
    /// Reads the request and keeps the connection open without a word, until the test ends.
    Silence,
}

/// What it was asked: the request line and the body.
pub type Seen = Arc<Mutex<Vec<(String, serde_json::Value)>>>;

/// A scripted server; gives its base URL and what it saw.
pub fn serve(steps: Vec<Step>) -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/v1", listener.local_addr().expect("bound"));
    let seen: Seen = Arc::default();
    let record = seen.clone();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for step in steps {
            let Ok((stream, _)) = listener.accept() else {
                return;
            };
            record.lock().expect("unpoisoned").push(read_request(&stream));
            match step {
                Step::Answer(status, body) => answer(stream, status, &body),
                Step::Silence => kept.push(stream),
            }
        }
        // Further connections are neither accepted nor refused; none is expected.
        std::thread::park();
    });
    (url, seen)
}

/// A server that keeps its connection open after an answer and closes it when told to, as servers do with one that has been idle for
/// some seconds; then it answers once more, to whoever connects.
pub fn serve_and_close_when_told(body: String) -> (String, impl FnOnce()) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/v1", listener.local_addr().expect("bound"));
    let (told, when_told) = std::sync::mpsc::channel::<()>();
    let (closed, when_closed) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a first client");
        read_request(&stream);
        let head = format!("HTTP/1.1 200 Kept\r\nContent-Length: {}\r\n\r\n", body.len());
        write!(stream, "{head}{body}").expect("sent");
        when_told.recv().expect("told");
        drop(stream);
        closed.send(()).expect("somebody waits");
        let (stream, _) = listener.accept().expect("a second client");
        read_request(&stream);
        answer(stream, 200, &body);
    });
    let close = move || {
        told.send(()).expect("the server waits");
        when_closed.recv().expect("closed");
    };
    (url, close)
}

/// A chat completion with this content.
pub fn completion(content: &str) -> String {
    serde_json::json!({
        "model": "test-model",
        "choices": [{ "message": { "role": "assistant", "content": content }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 11, "completion_tokens": 7 },
    })
    .to_string()
}

fn read_request(stream: &TcpStream) -> (String, serde_json::Value) {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    let mut length = 0;
    let mut line = String::new();
    reader.read_line(&mut first).expect("a request line");
    while reader.read_line(&mut line).is_ok() && line.trim() != "" {
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        if lower.starts_with("authorization:") {
            first = format!("{} {}", first.trim(), line.trim());
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("the body");
    (first.trim().to_owned(), serde_json::from_slice(&body).unwrap_or_default())
}

fn answer(mut stream: TcpStream, status: u16, body: &str) {
    // A client that has given up already is no concern of the server.
    let _ = write!(
        stream,
        "HTTP/1.1 {status} Scripted\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
}
