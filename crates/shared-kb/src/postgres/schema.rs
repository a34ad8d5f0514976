//! The tables, by version. A migration is never changed once it was released; a new one is added behind it.
//!
//! All is in the schema `flightsmith_kb` of the database, so that it can stand beside other things. `about` has one row.

/// Brings the tables from each version to the next; the first makes them.
pub(super) const MIGRATIONS: [&str; 2] = [ITEMS, LINES];

/// The version that this program reads and writes.
pub(super) const VERSION: u32 = MIGRATIONS.len() as u32;

/// Items as they are searched. `words` holds our own tokens as lexemes, which PostgreSQL's parsers would tear apart, and finds who has
/// one; `counts` says how often, which its own rankings do not tell. `body` and `digest` are for clients only.
const ITEMS: &str = "
CREATE SCHEMA IF NOT EXISTS flightsmith_kb;
CREATE TABLE flightsmith_kb.about (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version integer NOT NULL,
    embedding text NOT NULL DEFAULT '',
    dims integer NOT NULL DEFAULT 0,
    items bigint NOT NULL DEFAULT 0,
    mean_length double precision NOT NULL DEFAULT 1
);
INSERT INTO flightsmith_kb.about (version) VALUES (1);
CREATE TABLE flightsmith_kb.item (
    id text COLLATE \"C\" NOT NULL,
    sdk_version text COLLATE \"C\" NOT NULL DEFAULT '',
    kind text NOT NULL,
    autopilot text,
    dialect text,
    words tsvector NOT NULL,
    counts jsonb NOT NULL,
    length double precision NOT NULL,
    body json NOT NULL,
    digest text NOT NULL,
    PRIMARY KEY (id, sdk_version)
);
CREATE INDEX item_words ON flightsmith_kb.item USING gin (words);
";

/// What was learned, as lines of an export, each under its digest.
const LINES: &str = "
CREATE TABLE flightsmith_kb.line (
    digest text PRIMARY KEY,
    line json NOT NULL
);
";

/// Vectors of one embedding, `DIMS` long. Made when the first push says which; beyond 2,000 numbers pgvector has no index.
pub(super) fn vectors(dims: usize) -> String {
    let index = if dims <= 2_000 {
        "CREATE INDEX item_vector ON flightsmith_kb.item USING hnsw (vector vector_cosine_ops) WITH (m = 16, ef_construction = 100);"
    } else {
        ""
    };
    format!(
        "ALTER TABLE flightsmith_kb.item DROP COLUMN IF EXISTS vector; \
         ALTER TABLE flightsmith_kb.item ADD COLUMN vector vector({dims}); {index}"
    )
}

/// Taken by who writes items: pushes come one after the other, searches go on.
pub(super) const LOCK: &str = "SELECT pg_advisory_xact_lock(5493217064171)";

/// `$1`: rows as JSON.
pub(super) const PUT: &str = "
INSERT INTO flightsmith_kb.item (id, sdk_version, kind, autopilot, dialect, words, counts, length, body, digest, vector)
SELECT id, sdk_version, kind, autopilot, dialect, array_to_tsvector(ARRAY(SELECT jsonb_object_keys(counts))), counts, length,
    body::json, digest, vector::vector
FROM json_to_recordset($1::text::json) AS row(id text, sdk_version text, kind text, autopilot text, dialect text, counts jsonb,
    length double precision, body text, digest text, vector text)
ON CONFLICT (id, sdk_version) DO UPDATE SET kind = excluded.kind, autopilot = excluded.autopilot, dialect = excluded.dialect,
    words = excluded.words, counts = excluded.counts, length = excluded.length, body = excluded.body, digest = excluded.digest,
    vector = excluded.vector";

/// What rankings need to know of all items together.
pub(super) const COUNT: &str = "
UPDATE flightsmith_kb.about SET items = (SELECT count(*) FROM flightsmith_kb.item),
    mean_length = greatest(1, coalesce((SELECT avg(length) FROM flightsmith_kb.item), 1))";
