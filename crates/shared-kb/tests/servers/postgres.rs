//! One PostgreSQL for all tests of a binary, a database for each.
use super::peer::Peer;
use std::path::Path;
use std::sync::OnceLock;

/// A statement run by hand on a database.
pub fn run(address: &str, sql: &str) {
    on(address, async |client| client.batch_execute(sql).await.expect("done"));
}

/// A number that a query gives.
pub fn number(address: &str, sql: &str) -> i64 {
    on(address, async |client| client.query_one(sql, &[]).await.expect("a row").get(0))
}

fn on<T>(address: &str, work: impl AsyncFnOnce(&tokio_postgres::Client) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a reactor");
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(address, tokio_postgres::NoTls).await.expect("it answers");
        tokio::spawn(connection);
        work(&client).await
    })
}

/// A table that nobody can read until it is dropped.
pub fn locked(address: &str, table: &str) -> Locked {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a reactor");
    let client = runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(address, tokio_postgres::NoTls).await.expect("it answers");
        tokio::spawn(connection);
        let sql = format!("BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE");
        client.batch_execute(&sql).await.expect("locked");
        client
    });
    Locked { client, runtime }
}

/// See [`locked`].
pub struct Locked {
    client: tokio_postgres::Client,
    runtime: tokio::runtime::Runtime,
}

impl Drop for Locked {
    fn drop(&mut self) {
        self.runtime.block_on(self.client.batch_execute("ROLLBACK")).expect("unlocked");
    }
}

type Server = OnceLock<(tempfile::TempDir, Peer)>;

/// The address of a new, empty database.
pub fn database(name: &str) -> String {
    static SERVER: Server = OnceLock::new();
    database_on(&SERVER, name, &[])
}

/// The same on a server whose pgvector is of before 0.8.
pub fn old_database(name: &str) -> String {
    static SERVER: Server = OnceLock::new();
    database_on(&SERVER, name, &[Path::new("old")])
}

/// A new, empty database behind TLS.
pub fn tls(name: &str) -> Tls {
    let inside = database(name);
    let sockets = inside.split_once("host=").and_then(|(_, rest)| rest.split_once('&')).expect("a socket").0;
    let folder = tempfile::tempdir().expect("a folder");
    let front = Peer::start("postgres_tls.py", &[folder.path(), Path::new(sockets)]);
    Tls { folder, front, name: name.to_owned(), inside }
}

/// See [`tls`].
pub struct Tls {
    folder: tempfile::TempDir,
    front: Peer,
    name: String,
    /// The address of the same database without TLS.
    pub inside: String,
}

impl Tls {
    /// The address on `host`, with `parameters`.
    pub fn address(&self, host: &str, parameters: &str) -> String {
        format!("postgresql://postgres@{host}:{}/{}?{parameters}", self.front.said, self.name)
    }

    /// The file of the authority behind its certificate.
    pub fn authorities(&self) -> String {
        self.folder.path().join("ca.pem").display().to_string()
    }
}

fn database_on(server: &Server, name: &str, arguments: &[&Path]) -> String {
    let (_, server) = server.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let mut all = vec![folder.path()];
        all.extend(arguments);
        let server = Peer::start("postgres_server.py", &all);
        (folder, server)
    });
    let address = |database: &str| format!("postgresql:///{database}?host={}&user=postgres", server.said);
    run(&address("postgres"), &format!("CREATE DATABASE {name}"));
    address(name)
}
