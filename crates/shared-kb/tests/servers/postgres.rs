//! One PostgreSQL for all tests of a binary, a database for each.
use super::Peer;
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

/// The address of a new, empty database.
pub fn database(name: &str) -> String {
    static SERVER: OnceLock<(tempfile::TempDir, Peer)> = OnceLock::new();
    let (_, server) = SERVER.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let server = Peer::start("postgres_server.py", &[folder.path()]);
        (folder, server)
    });
    let address = |database: &str| format!("postgresql:///{database}?host={}&user=postgres", server.said);
    run(&address("postgres"), &format!("CREATE DATABASE {name}"));
    address(name)
}
