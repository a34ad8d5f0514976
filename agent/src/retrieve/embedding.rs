//! What turns texts into vectors for the knowledge base: the table that is built in, a model that the user has, or an endpoint.
use crate::budget;
use crate::exit::{RunError, chain};
use crate::settings::Settings;
use flightsmith_kb::{EmbedError, Embedder};
use flightsmith_llm::LlmError;
use flightsmith_llm::embeddings::Embeddings;
use flightsmith_llm::endpoint::{ApiKey, EndpointSettings};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// What `--embed` may say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Embedding {
    /// The trained table that is built in.
    Builtin,
    /// `LLM_EMBED_MODEL` at the model's endpoint.
    Endpoint,
    /// A folder with a BERT-style sentence model.
    Bert(PathBuf),
    /// A folder with a static token table of model2vec or wordllama.
    Static(PathBuf),
}

impl std::str::FromStr for Embedding {
    type Err = RunError;
    fn from_str(text: &str) -> Result<Self, RunError> {
        match text.split_once(':') {
            None if text == "builtin" => Ok(Self::Builtin),
            None if text == "endpoint" => Ok(Self::Endpoint),
            Some(("bert", folder)) if !folder.is_empty() => Ok(Self::Bert(folder.into())),
            Some(("static", folder)) if !folder.is_empty() => Ok(Self::Static(folder.into())),
            _ => Err(RunError::Usage(format!(
                "--embed {text}: not an embedding; builtin, endpoint, bert:DIR or static:DIR"
            ))),
        }
    }
}

/// Which embedding, with all that it needs to be reached. In memory only: it holds the endpoint's key.
#[derive(Clone)]
pub struct Choice {
    embed: String,
    endpoint: String,
    model: Option<String>,
    api_key: Option<String>,
}

impl Choice {
    /// As the settings have it.
    pub fn of_settings(settings: &Settings) -> Self {
        Self {
            embed: settings.embed.clone(),
            endpoint: settings.llm.clone(),
            model: settings.llm_embed_model.clone(),
            api_key: settings.llm_api_key.clone(),
        }
    }

    /// The table that is built in.
    pub fn builtin() -> Self {
        Self { embed: "builtin".into(), endpoint: "offline".into(), model: None, api_key: None }
    }
}

/// The embedding that was chosen, ready: a model is loaded, an endpoint asked.
pub fn connect(choice: &Choice) -> Result<Arc<dyn Embedder>, RunError> {
    Ok(match choice.embed.parse()? {
        Embedding::Builtin => Arc::from(flightsmith_kb::builtin()),
        Embedding::Endpoint => Arc::new(AtEndpoint::connect(choice)?),
        Embedding::Bert(folder) => local("bert", &folder)?,
        Embedding::Static(folder) => local("static", &folder)?,
    })
}

#[cfg(feature = "embed-models")]
fn local(family: &str, folder: &Path) -> Result<Arc<dyn Embedder>, RunError> {
    let opened = family.parse::<flightsmith_embed::Family>().and_then(|family| flightsmith_embed::open(family, folder));
    opened.map(Arc::from).map_err(|error| RunError::files(folder, chain(&error)))
}

#[cfg(not(feature = "embed-models"))]
fn local(_family: &str, _folder: &Path) -> Result<Arc<dyn Embedder>, RunError> {
    Err(RunError::NotBuiltIn { what: "embedding models", build: BUILD.into() })
}

/// The command that builds a flightsmith with embedding models.
pub const BUILD: &str = "cargo build --package flightsmith --features embed-models";

/// Whether models of the user's can be loaded, for `doctor`.
pub fn local_models() -> String {
    if cfg!(feature = "embed-models") { "built in".into() } else { format!("not built in; to load some: {BUILD}") }
}

/// Vectors of an endpoint, scaled to length 1.
struct AtEndpoint {
    embeddings: Embeddings,
    id: String,
    /// Why it is not asked again: who has waited once for a server that is gone need not wait at each search.
    failed: OnceLock<String>,
}

impl AtEndpoint {
    fn connect(choice: &Choice) -> Result<Self, RunError> {
        if !choice.endpoint.starts_with("http") {
            return Err(RunError::Usage(
                "--embed endpoint: set LLM_API_BASE (or --llm) to the endpoint's URL, which includes /v1".into(),
            ));
        }
        let endpoint = EndpointSettings {
            model: choice.model.clone(),
            api_key: choice.api_key.clone().map(ApiKey),
            // A search waits for it: where it is that slow, words alone are the better answer.
            answer_limit: budget::EMBEDDING_ANSWER,
            attempts: 2,
            // 64 vectors of 4,096 numbers, as text.
            max_answer_bytes: 16 << 20,
            ..EndpointSettings::new(&choice.endpoint)
        };
        let embeddings = Embeddings::connect(endpoint).map_err(|error| RunError::Model { reason: chain(&error) })?;
        let id = format!("endpoint-{}-{}", embeddings.model(), embeddings.dims());
        Ok(Self { embeddings, id, failed: OnceLock::new() })
    }
}

impl Embedder for AtEndpoint {
    fn id(&self) -> &str {
        &self.id
    }

    fn dims(&self) -> usize {
        self.embeddings.dims()
    }

    fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
        let mut vectors = self.embed_all(&[text.to_owned()])?;
        Ok(vectors.pop().unwrap_or_default())
    }

    fn embed_all(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        // Servers refuse an empty text; it has no words, so that its vector is nothing.
        let is_empty = |text: &String| text.trim().is_empty();
        let asked: Vec<String> = texts.iter().filter(|text| !is_empty(text)).cloned().collect();
        let failure = |reason: String| EmbedError::Endpoint { model: self.embeddings.model().to_owned(), reason };
        if let Some(reason) = self.failed.get() {
            return Err(failure(reason.clone()));
        }
        let answered = self.embeddings.embed(&asked).map_err(|error| {
            if matches!(error, LlmError::Unreachable { .. } | LlmError::Slow { .. }) {
                let _ = self.failed.set(chain(&error));
            }
            failure(chain(&error))
        })?;
        let mut answered = answered.into_iter();
        let vector = |text: &String| {
            let found = if is_empty(text) { None } else { answered.next() };
            let mut vector = found.unwrap_or_else(|| vec![0.0; self.dims()]);
            let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
            if length > 0.0 {
                vector.iter_mut().for_each(|x| *x /= length);
            }
            vector
        };
        Ok(texts.iter().map(vector).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightsmith_kb::{Filter, HashedNgrams, KnowledgeBase, Sources, Tuning, build, snapshot_path};
    use serde_json::{Value, json};
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// A server on a real socket with an embedding model that sees spelling; it answers `answers` questions and is then gone.
    fn serve(answers: usize) -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/v1", listener.local_addr().expect("bound"));
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().take(answers).flatten() {
                count.fetch_add(1, Ordering::Relaxed);
                answer(&stream);
            }
        });
        (url, asked)
    }

    fn answer(mut stream: &TcpStream) {
        let mut reader = BufReader::new(stream);
        let (mut line, mut length) = (String::new(), 0);
        while reader.read_line(&mut line).is_ok() && line.trim() != "" {
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            line.clear();
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("the body");
        let question: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(question["model"], "spelling");
        let vector = |text: &Value| {
            let vector = HashedNgrams.embed(text.as_str().expect("a text")).expect("a vector");
            // As some servers do, not of length 1.
            vector.into_iter().map(|x| x * 7.0).collect::<Vec<f32>>()
        };
        let texts = question["input"].as_array().expect("texts").iter().enumerate();
        let data: Vec<Value> =
            texts.map(|(index, text)| json!({ "index": index, "embedding": vector(text) })).collect();
        let body = json!({ "object": "list", "data": data }).to_string();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).expect("sent");
    }

    fn at(endpoint: &str) -> Choice {
        Choice { embed: "endpoint".into(), endpoint: endpoint.into(), model: Some("spelling".into()), api_key: None }
    }

    #[test]
    fn an_endpoint_embeds_and_when_it_is_gone_words_alone_are_searched() {
        let sources = Sources::mavlink_only();
        // One question tells the size, the items take one for 64 of them, and one search is answered.
        let questions = 2 + sources.read().expect("readable").len().div_ceil(64);
        let (url, asked) = serve(questions);
        let embedder = connect(&at(&url)).expect("connected");
        assert_eq!((embedder.id(), embedder.dims()), ("endpoint-spelling-256", HashedNgrams.dims()));
        let dir = tempfile::tempdir().expect("a folder");
        build(&sources, dir.path(), embedder.as_ref()).expect("built");
        let path = snapshot_path(dir.path());
        let kb = KnowledgeBase::open_snapshot_with(&path, Box::new(embedder)).expect("its own embedding");
        let find = || kb.find("setpositiontarget localned", 1, &Filter::default(), &Tuning::default());
        let found = find();
        assert!(found.without_vectors.is_none() && found.hits[0].vectors_rank.is_some());
        assert_eq!(asked.load(Ordering::Relaxed), questions);

        for _ in 0..2 {
            let found = find();
            let why = chain(&found.without_vectors.expect("the server is gone"));
            assert!(why.starts_with("embedding spelling: model endpoint http://127.0.0.1:"), "{why}");
            assert!(!found.hits.is_empty() && found.hits[0].vectors_rank.is_none());
        }
        let error = connect(&at(&url)).err().expect("nobody is there");
        assert!(matches!(error, RunError::Model { .. }) && error.to_string().contains("unreachable"), "{error}");
        // What it built is refused to any other embedding, and is never mixed with its vectors.
        assert!(KnowledgeBase::open_snapshot(&path).is_err());
    }

    #[test]
    fn an_endpoint_without_an_address_is_wrong_usage() {
        let error = connect(&at("offline")).err().expect("no address");
        assert!(matches!(error, RunError::Usage(_)) && error.to_string().contains("LLM_API_BASE"), "{error}");
    }

    #[test]
    fn embeddings_have_names() {
        let check =
            |text: &str, expect: Option<Embedding>| assert_eq!(text.parse::<Embedding>().ok(), expect, "{text}");
        check("builtin", Some(Embedding::Builtin));
        check("endpoint", Some(Embedding::Endpoint));
        check("bert:a/b", Some(Embedding::Bert("a/b".into())));
        check("static:c:/d", Some(Embedding::Static("c:/d".into())));
        for wrong in ["", "bert", "bert:", "gguf:x", "Builtin"] {
            check(wrong, None);
        }
    }
}
