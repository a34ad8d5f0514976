//! Items, lines and questions as Qdrant has them: points with a vector, a sparse vector of words, and a payload.
use crate::server::{Embedding, Key, PushedItem, SharedLine, VECTORS_WIDER, WORDS_WIDER, digest, kinds, name_of};
use flightsmith_kb::{Filter, Question};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// As in the embedded ranking by words.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// The id of the point that says what is held.
pub(super) fn about_id() -> String {
    uuid(&["about"])
}

/// The collection of an embedding: those of two are never mixed.
pub(super) fn items_collection(prefix: &str, embedding: &Embedding) -> String {
    let id = digest(&[embedding.id.as_bytes(), &embedding.dims.to_le_bytes()]);
    format!("{prefix}_items_{}", &id[..12])
}

/// A collection for items. How rare a word is, Qdrant counts itself.
pub(super) fn new_items(embedding: &Embedding) -> Value {
    json!({
        "vectors": { "text": { "size": embedding.dims, "distance": "Cosine" } },
        "sparse_vectors": { "words": { "modifier": "idf" } },
    })
}

/// Payload fields that filters look at.
pub(super) const FILTERED: [&str; 4] = ["kind", "autopilot", "dialect", "sdk_version"];

pub(super) fn item_id(key: &Key) -> String {
    uuid(&["item", &key.id, &key.sdk_version])
}

pub(super) fn line_id(digest: &str) -> String {
    uuid(&["line", digest])
}

pub(super) fn item_point(pushed: &PushedItem, mean_length: f32) -> Value {
    let PushedItem { item, words, vector, digest } = pushed;
    let key = Key::of(item);
    let mut vectors = serde_json::Map::new();
    // Without a direction there is no vector.
    if vector.iter().any(|x| *x != 0.0) {
        vectors.insert("text".into(), json!(vector));
    }
    let length = words.length / mean_length.max(1.0);
    let worth = |count: f32| count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length));
    if let Some(words) = sparse(words.words.iter().map(|(word, count)| (word.as_str(), worth(*count)))) {
        vectors.insert("words".into(), words);
    }
    let mut payload = json!({
        "id": key.id,
        "sdk_version": key.sdk_version,
        "kind": name_of(&item.kind),
        "digest": digest,
        "body": serde_json::to_string(item).unwrap_or_default(),
    });
    if let Some(autopilot) = &item.autopilot {
        payload["autopilot"] = name_of(autopilot).into();
    }
    if let Some(dialect) = &item.dialect {
        payload["dialect"] = dialect.as_str().into();
    }
    json!({ "id": item_id(&key), "vector": vectors, "payload": payload })
}

pub(super) fn line_point(line: &SharedLine) -> Value {
    let payload = json!({ "digest": line.digest, "line": line.line });
    json!({ "id": line_id(&line.digest), "vector": {}, "payload": payload })
}

/// The searches of a question: by words, by names, by vector; nothing for one that is switched off.
pub(super) fn searches(question: &Question) -> [Option<Value>; 3] {
    let filter = filter(&question.filter);
    let search = |query: Value, using: &str, wider: usize| {
        json!({
            "query": query,
            "using": using,
            "limit": question.depth * wider,
            "filter": filter,
            "with_payload": ["id", "sdk_version", "kind"],
            "params": { "hnsw_ef": 320 },
        })
    };
    let by_words = |words: &[(String, f32)]| sparse(words.iter().map(|(word, weight)| (word.as_str(), *weight)));
    [
        by_words(&question.words).map(|words| search(words, "words", WORDS_WIDER)),
        by_words(&question.names).map(|names| search(names, "words", WORDS_WIDER)),
        question.vector.as_ref().map(|vector| search(json!(vector), "text", VECTORS_WIDER)),
    ]
}

fn filter(filter: &Filter) -> Value {
    let mut must = Vec::new();
    if !filter.kinds.is_empty() {
        must.push(json!({ "key": "kind", "match": { "any": kinds(filter) } }));
    }
    let autopilot = filter.autopilot.as_ref().map(name_of);
    for (key, wanted) in [("autopilot", &autopilot), ("dialect", &filter.dialect)] {
        if let Some(wanted) = wanted {
            let this = json!({ "key": key, "match": { "value": wanted } });
            must.push(json!({ "should": [{ "is_empty": { "key": key } }, this] }));
        }
    }
    if let Some(version) = &filter.sdk_version {
        must.push(json!({ "key": "sdk_version", "match": { "any": ["", version] } }));
    }
    json!({ "must": must })
}

/// A sparse vector has numbers for dimensions: a word's are 32 bits of its digest, so that everybody has the same without asking.
fn sparse<'w>(words: impl Iterator<Item = (&'w str, f32)>) -> Option<Value> {
    let mut dimensions: BTreeMap<u32, f32> = BTreeMap::new();
    for (word, value) in words {
        let id = digest(&[word.as_bytes()]);
        let dimension = u32::from_str_radix(&id[..8], 16).unwrap_or_default();
        *dimensions.entry(dimension).or_default() += value;
    }
    let (indices, values): (Vec<u32>, Vec<f32>) = dimensions.into_iter().unzip();
    (!indices.is_empty()).then(|| json!({ "indices": indices, "values": values }))
}

fn uuid(parts: &[&str]) -> String {
    let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
    let id = digest(&parts);
    format!("{}-{}-{}-{}-{}", &id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..32])
}
