//! PostgreSQL with pgvector: full text search over our own tokens, vectors with an HNSW index, filters in SQL.
mod schema;
mod search;
mod tls;

use crate::error::SharedError;
use crate::server::{Address, Asked, Embedding, Key, Limits, Push, PushedItem, Ranked, Server, SharedLine, name_of};
use crate::wait::{Reactor, within};
use flightsmith_kb::Item;
use search::{Statements, as_vector, lexeme, read_vector};
use serde_json::json;
use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config};

/// Lexemes of one item take at most this many bytes; PostgreSQL's limit is a mebibyte.
const WORDS_BYTES: usize = 900_000;

pub(crate) struct Postgres {
    name: String,
    config: Config,
    tls: tokio_postgres_rustls::MakeRustlsConnect,
    limits: Limits,
    reactor: Reactor,
    /// For searches; one that failed or was given up is not used again.
    session: Mutex<Option<Arc<Session>>>,
}

/// A connection that is ready to search.
struct Session {
    name: String,
    client: Client,
    statements: Statements,
}

impl Postgres {
    pub(crate) fn new(address: &Address, limits: Limits) -> Result<Self, SharedError> {
        let (text, authorities) = tls::read(address.secret());
        let mut config = Config::from_str(&text).map_err(|error| address.wrong(chain(&error)))?;
        config.connect_timeout(limits.connect).application_name("flightsmith");
        let tls = tls::connector(authorities.as_deref()).map_err(|reason| address.wrong(reason))?;
        let name = address.to_string();
        Ok(Self { reactor: Reactor::new(&name)?, name, config, tls, limits, session: Mutex::default() })
    }

    async fn connect(&self) -> Result<Client, SharedError> {
        let (client, connection) =
            self.config.connect(self.tls.clone()).await.map_err(|error| failed(&self.name, &error))?;
        // Its errors reach whoever waits for an answer on it.
        tokio::spawn(connection);
        Ok(client)
    }

    /// The session of this process, opened where there is none that lives.
    async fn session(&self) -> Result<Arc<Session>, SharedError> {
        let mut held = self.session.lock().await;
        if let Some(session) = held.as_ref().filter(|session| !session.client.is_closed()) {
            return Ok(session.clone());
        }
        // A server far away is reached in a few round trips; what it is then asked for takes some more.
        let client = within(self.limits.connect, &self.name, "connect", self.connect()).await?;
        let open = async {
            let failed = |error| failed(&self.name, &error);
            let there = "SELECT to_regclass('flightsmith_kb.about') IS NOT NULL, \
                coalesce((SELECT extversion FROM pg_extension WHERE extname = 'vector'), '')";
            let row = client.query_one(there, &[]).await.map_err(failed)?;
            let is_there: bool = row.try_get(0).map_err(failed)?;
            if !is_there {
                return Err(SharedError::Missing { server: self.name.clone() });
            }
            let version: String = row.try_get(1).map_err(failed)?;
            let looks_past = at_least(&version, (0, 8));
            check_version(&client, &self.name).await?;
            // Without the index a filter is worked out for every item and word, which small tables would tempt the planner to.
            let mut settings = "SET enable_seqscan = off; SET hnsw.ef_search = 320;".to_owned();
            if looks_past {
                settings.push_str("SET hnsw.iterative_scan = strict_order;");
            }
            // The settings of an extension are known once its library is loaded.
            client.batch_execute("SELECT '[1]'::vector").await.map_err(failed)?;
            client.batch_execute(&settings).await.map_err(failed)?;
            let statements = Statements::prepare(&client, looks_past).await.map_err(failed)?;
            Ok(Arc::new(Session { name: self.name.clone(), client, statements }))
        };
        let session = within(self.limits.search, &self.name, "make ready for searches", open).await?;
        *held = Some(session.clone());
        Ok(session)
    }

    /// Forgets the session where `done` says that it is of no use.
    async fn judge<T>(&self, done: Result<T, SharedError>) -> Result<T, SharedError> {
        if let Err(SharedError::Unreachable { .. } | SharedError::TooSlow { .. }) = &done {
            *self.session.lock().await = None;
        }
        done
    }
}

impl Server for Postgres {
    fn rank(&self, asked: &Asked<'_>) -> Result<Ranked, SharedError> {
        self.reactor.wait(async || {
            let session = self.session().await?;
            let done = within(self.limits.search, &self.name, "answer a search", session.rank(asked)).await;
            self.judge(done).await
        })
    }

    fn items(&self, keys: &[Key], _: &Embedding) -> Result<Vec<(Item, Vec<f32>)>, SharedError> {
        let (ids, versions) = columns(keys);
        self.reactor.wait(async || {
            let session = self.session().await?;
            let ask = async {
                let sql = "SELECT body::text, coalesce(vector::text, '[0]') FROM flightsmith_kb.item \
                    JOIN unnest($1::text[], $2::text[]) AS wanted(id, sdk_version) USING (id, sdk_version)";
                let rows =
                    session.client.query(sql, &[&ids, &versions]).await.map_err(|error| session.failed(&error))?;
                rows.iter().map(|row| session.item(row)).collect()
            };
            let done = within(self.limits.search, &self.name, "give what was found", ask).await;
            self.judge(done).await
        })
    }

    fn prepare(&self, push: &Push<'_>) -> Result<Vec<(Key, String)>, SharedError> {
        self.push(async |client| {
            let failed = |error| failed(&self.name, &error);
            let transaction = client.transaction().await.map_err(failed)?;
            transaction.batch_execute(schema::LOCK).await.map_err(failed)?;
            migrate(&transaction, &self.name).await?;
            embed_with(&transaction, push, &self.name).await?;
            let sql = "SELECT id, sdk_version, digest FROM flightsmith_kb.item";
            let rows = transaction.query(sql, &[]).await.map_err(failed)?;
            transaction.commit().await.map_err(failed)?;
            let key = |row: &tokio_postgres::Row| {
                Ok((Key { id: row.try_get(0)?, sdk_version: row.try_get(1)? }, row.try_get(2)?))
            };
            rows.iter().map(|row| key(row).map_err(failed)).collect()
        })
    }

    fn put(&self, items: &[PushedItem], embedding: &Embedding, _: f32) -> Result<(), SharedError> {
        let rows = serde_json::Value::from(items.iter().map(row_of).collect::<Vec<_>>()).to_string();
        self.push(async |client| {
            let failed = |error| failed(&self.name, &error);
            let transaction = client.transaction().await.map_err(failed)?;
            transaction.batch_execute(schema::LOCK).await.map_err(failed)?;
            // Another push may have rebuilt it since.
            check_embedding(&transaction, embedding, &self.name).await?;
            transaction.execute(schema::PUT, &[&rows]).await.map_err(failed)?;
            transaction.execute(schema::COUNT, &[]).await.map_err(failed)?;
            transaction.commit().await.map_err(failed)
        })
    }

    fn remove(&self, keys: &[Key], _: &Embedding) -> Result<(), SharedError> {
        let (ids, versions) = columns(keys);
        self.push(async |client| {
            let failed = |error| failed(&self.name, &error);
            let transaction = client.transaction().await.map_err(failed)?;
            transaction.batch_execute(schema::LOCK).await.map_err(failed)?;
            let sql = "DELETE FROM flightsmith_kb.item \
                WHERE (id, sdk_version) IN (SELECT * FROM unnest($1::text[], $2::text[]))";
            transaction.execute(sql, &[&ids, &versions]).await.map_err(failed)?;
            transaction.execute(schema::COUNT, &[]).await.map_err(failed)?;
            transaction.commit().await.map_err(failed)
        })
    }

    fn lines(&self) -> Result<Vec<SharedLine>, SharedError> {
        self.push(async |client| {
            let failed = |error| failed(&self.name, &error);
            check_version(client, &self.name).await?;
            let rows = client.query("SELECT digest, line::text FROM flightsmith_kb.line ORDER BY 1", &[]).await;
            let line = |row: &tokio_postgres::Row| Ok(SharedLine { digest: row.try_get(0)?, line: row.try_get(1)? });
            rows.map_err(failed)?.iter().map(|row| line(row).map_err(failed)).collect()
        })
    }

    fn put_lines(&self, lines: &[SharedLine], covered: &[String]) -> Result<(), SharedError> {
        let (digests, texts): (Vec<&str>, Vec<&str>) =
            lines.iter().map(|line| (line.digest.as_str(), line.line.as_str())).unzip();
        self.push(async |client| {
            let failed = |error| failed(&self.name, &error);
            let transaction = client.transaction().await.map_err(failed)?;
            let sql = "INSERT INTO flightsmith_kb.line (digest, line) \
                SELECT digest, line::json FROM unnest($1::text[], $2::text[]) AS row(digest, line) ON CONFLICT DO NOTHING";
            transaction.execute(sql, &[&digests, &texts]).await.map_err(failed)?;
            let sql = "DELETE FROM flightsmith_kb.line WHERE digest = ANY ($1)";
            transaction.execute(sql, &[&covered]).await.map_err(failed)?;
            transaction.commit().await.map_err(failed)
        })
    }
}

impl Postgres {
    /// Works on a connection of its own, within the limit of a push; what is not committed by then is not done.
    fn push<T: Send>(
        &self,
        work: impl AsyncFnOnce(&mut Client) -> Result<T, SharedError> + Send,
    ) -> Result<T, SharedError> {
        self.reactor.wait(async || {
            let mut client = within(self.limits.push, &self.name, "connect", self.connect()).await?;
            within(self.limits.push, &self.name, "take a push", work(&mut client)).await
        })
    }
}

impl Session {
    fn failed(&self, error: &tokio_postgres::Error) -> SharedError {
        failed(&self.name, error)
    }

    fn item(&self, row: &tokio_postgres::Row) -> Result<(Item, Vec<f32>), SharedError> {
        let column = |place| row.try_get::<_, &str>(place).map_err(|error| self.failed(&error));
        let damaged = |reason: String| SharedError::Damaged { server: self.name.clone(), reason };
        let item = serde_json::from_str(column(0)?).map_err(|error| damaged(error.to_string()))?;
        let vector = read_vector(column(1)?).ok_or_else(|| damaged("a vector is none".into()))?;
        Ok((item, vector))
    }

    /// Whether it is still what this program searches with.
    async fn check(&self, embedding: &Embedding) -> Result<(), SharedError> {
        check_embedding(&self.client, embedding, &self.name).await
    }
}

fn columns(keys: &[Key]) -> (Vec<&str>, Vec<&str>) {
    keys.iter().map(|key| (key.id.as_str(), key.sdk_version.as_str())).unzip()
}

fn row_of(pushed: &PushedItem) -> serde_json::Value {
    let PushedItem { item, words, vector, digest } = pushed;
    let mut counts: BTreeMap<&str, f32> = BTreeMap::new();
    let mut bytes = 0;
    for (word, count) in &words.words {
        let word = lexeme(word);
        bytes += word.len();
        if bytes <= WORDS_BYTES {
            *counts.entry(word).or_default() += count;
        }
    }
    json!({
        "id": item.id,
        "sdk_version": item.sdk_version.as_deref().unwrap_or_default(),
        "kind": name_of(&item.kind),
        "autopilot": item.autopilot,
        "dialect": item.dialect,
        "counts": counts,
        "length": words.length,
        "body": serde_json::to_string(item).unwrap_or_default(),
        "digest": digest,
        "vector": as_vector(vector),
    })
}

/// The version of the tables, where there are any.
async fn version(client: &impl tokio_postgres::GenericClient, server: &str) -> Result<Option<u32>, SharedError> {
    let failed = |error| failed(server, &error);
    let there =
        client.query_one("SELECT to_regclass('flightsmith_kb.about') IS NOT NULL", &[]).await.map_err(failed)?;
    if !there.try_get::<_, bool>(0).map_err(failed)? {
        return Ok(None);
    }
    let row = client.query_one("SELECT version FROM flightsmith_kb.about", &[]).await.map_err(failed)?;
    let version: i32 = row.try_get(0).map_err(failed)?;
    Ok(Some(u32::try_from(version).unwrap_or_default()))
}

async fn check_version(client: &impl tokio_postgres::GenericClient, server: &str) -> Result<(), SharedError> {
    match version(client, server).await? {
        None => Err(SharedError::Missing { server: server.into() }),
        Some(schema::VERSION) => Ok(()),
        Some(found) => Err(other_version(server, found)),
    }
}

fn other_version(server: &str, found: u32) -> SharedError {
    let hint =
        if found > schema::VERSION { "update this program" } else { "`flightsmith kb push` brings them up to date" };
    SharedError::OtherVersion { server: server.into(), found, expected: schema::VERSION, hint }
}

/// Makes the tables, or brings older ones up to date.
async fn migrate(transaction: &tokio_postgres::Transaction<'_>, server: &str) -> Result<(), SharedError> {
    let failed = |error| failed(server, &error);
    let from = version(transaction, server).await?.unwrap_or(0);
    if from > schema::VERSION {
        return Err(other_version(server, from));
    }
    if from == 0 {
        transaction.batch_execute("CREATE EXTENSION IF NOT EXISTS vector").await.map_err(failed)?;
    }
    for (step, migration) in schema::MIGRATIONS.iter().enumerate().skip(from as usize) {
        transaction.batch_execute(migration).await.map_err(failed)?;
        let version = step as i32 + 1;
        transaction.execute("UPDATE flightsmith_kb.about SET version = $1", &[&version]).await.map_err(failed)?;
    }
    Ok(())
}

/// Which embedding the vectors are of; nothing where none was pushed.
async fn embedding(
    client: &impl tokio_postgres::GenericClient,
    server: &str,
) -> Result<Option<Embedding>, SharedError> {
    let failed = |error| failed(server, &error);
    let row = client.query_one("SELECT embedding, dims FROM flightsmith_kb.about", &[]).await.map_err(failed)?;
    let (id, dims): (String, i32) = (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
    Ok((!id.is_empty()).then(|| Embedding { id, dims: usize::try_from(dims).unwrap_or_default() }))
}

async fn check_embedding(
    client: &impl tokio_postgres::GenericClient,
    ours: &Embedding,
    server: &str,
) -> Result<(), SharedError> {
    match embedding(client, server).await? {
        Some(found) if found == *ours => Ok(()),
        Some(found) => Err(other_embedding(server, &found, ours)),
        None => Err(SharedError::Missing { server: server.into() }),
    }
}

fn other_embedding(server: &str, found: &Embedding, ours: &Embedding) -> SharedError {
    let said = |embedding: &Embedding| format!("{} ({} numbers)", embedding.id, embedding.dims);
    SharedError::OtherEmbedding { server: server.into(), found: said(found), expected: said(ours) }
}

/// Makes room for vectors of the embedding that is pushed; what there is of another one goes or stays as the push says.
async fn embed_with(
    transaction: &tokio_postgres::Transaction<'_>,
    push: &Push<'_>,
    server: &str,
) -> Result<(), SharedError> {
    let failed = |error| failed(server, &error);
    match embedding(transaction, server).await? {
        Some(found) if found == *push.embedding => return Ok(()),
        Some(found) if !push.rebuild => return Err(other_embedding(server, &found, push.embedding)),
        Some(_) | None => {}
    }
    transaction.batch_execute("DELETE FROM flightsmith_kb.item").await.map_err(failed)?;
    transaction.batch_execute(&schema::vectors(push.embedding.dims)).await.map_err(failed)?;
    let sql = "UPDATE flightsmith_kb.about SET embedding = $1, dims = $2, items = 0, mean_length = 1";
    let dims = i32::try_from(push.embedding.dims).unwrap_or(i32::MAX);
    transaction.execute(sql, &[&push.embedding.id, &dims]).await.map_err(failed)?;
    Ok(())
}

fn at_least(version: &str, wanted: (u32, u32)) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or_default());
    (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default()) >= wanted
}

/// What an error of the client means: the server's own words where it said some.
fn failed(server: &str, error: &tokio_postgres::Error) -> SharedError {
    if let Some(fault) = tls::fault(server, error) {
        return fault;
    }
    let server = server.to_owned();
    match error.as_db_error() {
        Some(said) if *said.code() == SqlState::UNDEFINED_TABLE => SharedError::Missing { server },
        Some(said) => SharedError::Refused { server, reason: said.message().to_owned() },
        None => SharedError::Unreachable { server, reason: chain(error) },
    }
}

/// An error with what is behind it.
fn chain(error: &tokio_postgres::Error) -> String {
    let mut reason = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        reason.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    reason
}
