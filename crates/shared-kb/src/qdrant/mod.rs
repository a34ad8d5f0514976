//! Qdrant: vectors with payloads, words as sparse vectors, filters by payload.
//!
//! Two collections: one for items, named after the embedding, and one for lines, which also holds a point that says of which version
//! and embedding all is. Qdrant has no transactions: each write is whole by itself, and no two writers write the same line.
mod http;
mod points;

use crate::error::SharedError;
use crate::server::{Address, Asked, Embedding, Key, Limits, Push, PushedItem, Ranked, Scored, Server, SharedLine};
use crate::wait::{Reactor, within};
use flightsmith_kb::Item;
use http::Endpoint;
use serde_json::{Value, json};

/// The version of the points that this program reads and writes.
const VERSION: u32 = 1;
/// Points of one page.
const PAGE: usize = 1_000;

pub(crate) struct Qdrant {
    endpoint: Endpoint,
    limits: Limits,
    reactor: Reactor,
}

impl Qdrant {
    pub(crate) fn new(address: &Address, limits: Limits) -> Result<Self, SharedError> {
        Ok(Self { endpoint: Endpoint::new(address, limits)?, limits, reactor: Reactor::new(&address.to_string())? })
    }

    fn lines_collection(&self) -> String {
        format!("{}_lines", self.endpoint.prefix)
    }

    fn items_collection(&self, embedding: &Embedding) -> String {
        points::items_collection(&self.endpoint.prefix, embedding)
    }

    fn points(&self, collection: &str, rest: &str) -> String {
        format!("/collections/{collection}/points{rest}")
    }

    /// What is held: version and embedding; nothing where nothing was pushed.
    async fn about(&self) -> Result<Option<(u32, Embedding)>, SharedError> {
        let ask = json!({ "ids": [points::about_id()], "with_payload": true, "with_vector": false });
        let found = match self.endpoint.post(&self.points(&self.lines_collection(), ""), &ask).await {
            Err(SharedError::Missing { .. }) => return Ok(None),
            found => found?,
        };
        let Some(about) = found.pointer("/0/payload") else { return Ok(None) };
        let number = |name: &str| about.get(name).and_then(Value::as_u64);
        let embedding = about.get("embedding").and_then(Value::as_str);
        match (number("version"), embedding, number("dims")) {
            (Some(version), Some(id), Some(dims)) => {
                let version = u32::try_from(version).unwrap_or(u32::MAX);
                Ok(Some((version, Embedding { id: id.to_owned(), dims: dims as usize })))
            }
            _ => Err(self.endpoint.damaged("what it says about itself")),
        }
    }

    async fn check(&self, ours: &Embedding) -> Result<(), SharedError> {
        let server = self.endpoint.name().to_owned();
        match self.about().await? {
            None => Err(SharedError::Missing { server }),
            Some((found, _)) if found != VERSION => {
                let hint = "update the older of both programs";
                Err(SharedError::OtherVersion { server, found, expected: VERSION, hint })
            }
            Some((_, found)) if found != *ours => {
                let said = |embedding: &Embedding| format!("{} ({} numbers)", embedding.id, embedding.dims);
                Err(SharedError::OtherEmbedding { server, found: said(&found), expected: said(ours) })
            }
            Some(_) => Ok(()),
        }
    }

    async fn rankings(&self, asked: &Asked<'_>) -> Result<Ranked, SharedError> {
        let searches = points::searches(asked.question);
        let wanted: Vec<&Value> = searches.iter().flatten().collect();
        let path = self.points(&self.items_collection(asked.embedding), "/query/batch");
        let body = json!({ "searches": wanted });
        let ask = async { if wanted.is_empty() { Ok(json!([])) } else { self.endpoint.post(&path, &body).await } };
        let (checked, found) = tokio::join!(self.check(asked.embedding), ask);
        // Of two errors this one says what to do.
        checked?;
        let found = found?;
        let mut found = found.as_array().into_iter().flatten();
        let mut next = |search: &Option<Value>| match search {
            Some(_) => self.ranking(found.next()),
            None => Ok(Vec::new()),
        };
        let [words, names, vectors] = &searches;
        let (words, names, vectors) = (next(words)?, next(names)?, next(vectors)?);
        Ok(Ranked { words, names, vectors })
    }

    fn ranking(&self, found: Option<&Value>) -> Result<Vec<Scored>, SharedError> {
        let points = found.and_then(|found| found.get("points")).and_then(Value::as_array);
        let points = points.ok_or_else(|| self.endpoint.damaged("a search without points"))?;
        let scored = points.iter().map(|point| {
            let kind = point.pointer("/payload/kind")?.as_str()?.to_owned();
            Some(Scored { key: key_of(point)?, kind, score: point.get("score")?.as_f64()? })
        });
        let scored: Option<Vec<Scored>> = scored.collect();
        let mut scored = scored.ok_or_else(|| self.endpoint.damaged("a point without id, kind or score"))?;
        // What is like nothing is no find.
        scored.retain(|found| found.score != 0.0);
        Ok(scored)
    }

    async fn make(&self, collection: &str, body: &Value) -> Result<(), SharedError> {
        let exists = self.endpoint.get(&format!("/collections/{collection}/exists")).await?;
        if exists.get("exists").and_then(Value::as_bool) == Some(true) {
            return Ok(());
        }
        match self.endpoint.put(&format!("/collections/{collection}"), body).await {
            // Another push has made it in the meantime.
            Err(SharedError::Refused { reason, .. }) if reason.contains("already exists") => Ok(()),
            made => made.map(|_| ()),
        }
    }

    async fn make_items(&self, embedding: &Embedding) -> Result<(), SharedError> {
        let items = self.items_collection(embedding);
        self.make(&items, &points::new_items(embedding)).await?;
        for field in points::FILTERED {
            let body = json!({ "field_name": field, "field_schema": "keyword" });
            self.endpoint.put(&format!("/collections/{items}/index?wait=true"), &body).await?;
        }
        let payload = json!({ "version": VERSION, "embedding": embedding.id, "dims": embedding.dims });
        let about = json!({ "points": [{ "id": points::about_id(), "vector": {}, "payload": payload }] });
        self.endpoint.put(&self.points(&self.lines_collection(), "?wait=true"), &about).await.map(|_| ())
    }

    /// Every point with these fields of its payload.
    async fn all(&self, collection: &str, fields: &[&str]) -> Result<Vec<Value>, SharedError> {
        let mut all = Vec::new();
        let mut from = Value::Null;
        loop {
            let mut body = json!({ "limit": PAGE, "with_payload": fields, "with_vector": false });
            if !from.is_null() {
                body["offset"] = from;
            }
            let page = self.endpoint.post(&self.points(collection, "/scroll"), &body).await?;
            let points = page.get("points").and_then(Value::as_array);
            all.extend(points.ok_or_else(|| self.endpoint.damaged("a page without points"))?.iter().cloned());
            from = page.get("next_page_offset").cloned().unwrap_or_default();
            if from.is_null() {
                return Ok(all);
            }
        }
    }

    fn push<T: Send>(&self, work: impl AsyncFnOnce() -> Result<T, SharedError> + Send) -> Result<T, SharedError> {
        self.reactor.wait(async || within(self.limits.push, self.endpoint.name(), "take a push", work()).await)
    }
}

impl Server for Qdrant {
    fn rank(&self, asked: &Asked<'_>) -> Result<Ranked, SharedError> {
        self.reactor.wait(async || {
            within(self.limits.search, self.endpoint.name(), "answer a search", self.rankings(asked)).await
        })
    }

    fn items(&self, keys: &[Key], embedding: &Embedding) -> Result<Vec<(Item, Vec<f32>)>, SharedError> {
        let ids: Vec<String> = keys.iter().map(points::item_id).collect();
        let body = json!({ "ids": ids, "with_payload": ["body"], "with_vector": ["text"] });
        let path = self.points(&self.items_collection(embedding), "");
        let found = self.reactor.wait(async || {
            let ask = self.endpoint.post(&path, &body);
            within(self.limits.search, self.endpoint.name(), "give what was found", ask).await
        })?;
        let read = |point: &Value| {
            let body = point.pointer("/payload/body")?.as_str()?;
            let vector = point.pointer("/vector/text").and_then(Value::as_array).into_iter().flatten();
            let vector = vector.filter_map(Value::as_f64).map(|x| x as f32).collect();
            Some((serde_json::from_str(body).ok()?, vector))
        };
        let items = found.as_array().into_iter().flatten().map(read).collect::<Option<_>>();
        items.ok_or_else(|| self.endpoint.damaged("an item is none"))
    }

    fn prepare(&self, push: &Push<'_>) -> Result<Vec<(Key, String)>, SharedError> {
        self.push(async || {
            self.make(&self.lines_collection(), &json!({ "vectors": {} })).await?;
            match self.check(push.embedding).await {
                Ok(()) => {}
                Err(SharedError::Missing { .. }) => self.make_items(push.embedding).await?,
                Err(SharedError::OtherEmbedding { .. }) if push.rebuild => {
                    let before = self.about().await?;
                    self.make_items(push.embedding).await?;
                    if let Some((_, before)) = before {
                        self.endpoint.delete(&format!("/collections/{}", self.items_collection(&before))).await?;
                    }
                }
                Err(error) => return Err(error),
            }
            let fields = ["id", "sdk_version", "digest"];
            let there = self.all(&self.items_collection(push.embedding), &fields).await?;
            let read = |point: &Value| Some((key_of(point)?, point.pointer("/payload/digest")?.as_str()?.to_owned()));
            let there = there.iter().map(read).collect::<Option<_>>();
            there.ok_or_else(|| self.endpoint.damaged("an item without id or digest"))
        })
    }

    fn put(&self, items: &[PushedItem], embedding: &Embedding, mean_length: f32) -> Result<(), SharedError> {
        let points: Vec<Value> = items.iter().map(|item| points::item_point(item, mean_length)).collect();
        let path = self.points(&self.items_collection(embedding), "?wait=true");
        self.push(async || self.endpoint.put(&path, &json!({ "points": points })).await.map(|_| ()))
    }

    fn remove(&self, keys: &[Key], embedding: &Embedding) -> Result<(), SharedError> {
        let ids: Vec<String> = keys.iter().map(points::item_id).collect();
        let path = self.points(&self.items_collection(embedding), "/delete?wait=true");
        self.push(async || self.endpoint.post(&path, &json!({ "points": ids })).await.map(|_| ()))
    }

    fn lines(&self) -> Result<Vec<SharedLine>, SharedError> {
        let points = self.push(async || self.all(&self.lines_collection(), &["digest", "line"]).await)?;
        let text = |point: &Value, field: &str| point.pointer(field).and_then(Value::as_str).map(str::to_owned);
        // The point that says what is held has neither.
        let lines = points.iter().filter_map(|point| {
            Some(SharedLine { digest: text(point, "/payload/digest")?, line: text(point, "/payload/line")? })
        });
        Ok(lines.collect())
    }

    fn put_lines(&self, lines: &[SharedLine], covered: &[String]) -> Result<(), SharedError> {
        let new: Vec<Value> = lines.iter().map(points::line_point).collect();
        let gone: Vec<String> = covered.iter().map(|digest| points::line_id(digest)).collect();
        let collection = self.lines_collection();
        self.push(async || {
            self.endpoint.put(&self.points(&collection, "?wait=true"), &json!({ "points": new })).await?;
            if gone.is_empty() {
                return Ok(());
            }
            let delete = self.points(&collection, "/delete?wait=true");
            self.endpoint.post(&delete, &json!({ "points": gone })).await.map(|_| ())
        })
    }
}

fn key_of(point: &Value) -> Option<Key> {
    let text = |field: &str| Some(point.pointer(field)?.as_str()?.to_owned());
    Some(Key { id: text("/payload/id")?, sdk_version: text("/payload/sdk_version")? })
}
