//! Rankings in SQL.
//!
//! By words it is Okapi BM25, as the embedded knowledge base ranks, and not `ts_rank`, which knows no rarity: the index on the
//! `tsvector` gives for each lexeme who has it, and `counts` how often.
use super::Session;
use crate::error::SharedError;
use crate::server::{Asked, Key, Ranked, Scored, VECTORS_WIDER, WORDS_WIDER, kinds, name_of};
use flightsmith_kb::Filter;
use tokio_postgres::types::ToSql;

/// `$1` lexemes, `$2` each as a query, `$3` what each counts, `$4` how many; then the filter. Rarity counts every item, whatever the
/// filter leaves out. Like the embedded ranking it takes the 64 rarest words of a query.
const BY_WORDS: &str = "
WITH asked AS (SELECT * FROM unnest($1::text[], $2::text[], $3::float8[]) AS asked(lexeme, query, weight)),
found AS MATERIALIZED (
    SELECT asked.lexeme, asked.weight, item.id, item.sdk_version, item.kind, item.autopilot, item.dialect, item.length,
        (item.counts ->> asked.lexeme)::float8 AS times
    FROM asked JOIN flightsmith_kb.item ON item.words @@ asked.query::tsquery
),
rare AS (
    SELECT lexeme, weight * ln((items - count(*) + 0.5) / (count(*) + 0.5) + 1) AS rarity
    FROM found, flightsmith_kb.about GROUP BY lexeme, weight, items
    ORDER BY rarity DESC, lexeme LIMIT 64
)
SELECT id, sdk_version, kind, sum(rarity * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * length / mean_length))) AS score
FROM found JOIN rare USING (lexeme), flightsmith_kb.about
WHERE FILTER
GROUP BY id, sdk_version, kind
ORDER BY score DESC, id
LIMIT $4";

/// `$1` the vector, `$2` how many; then the filter. `PLAIN` keeps the index out, where it could not look past what the filter leaves out.
const BY_VECTOR: &str = "
SELECT id, sdk_version, kind, 1 - (vector <=> $1::text::vector) FROM flightsmith_kb.item
WHERE vector IS NOT NULL AND FILTER
ORDER BY (vector <=> $1::text::vector) PLAIN LIMIT $2";

/// From the parameter `$N` on.
fn filter_from(first: usize) -> String {
    let [kinds, autopilot, dialect, sdk_version] = [0, 1, 2, 3].map(|place| first + place);
    format!(
        "(cardinality(${kinds}::text[]) = 0 OR kind = ANY (${kinds})) \
         AND (${autopilot}::text IS NULL OR autopilot IS NULL OR autopilot = ${autopilot}) \
         AND (${dialect}::text IS NULL OR dialect IS NULL OR dialect = ${dialect}) \
         AND (${sdk_version}::text IS NULL OR sdk_version IN ('', ${sdk_version}))"
    )
}

struct FilterValues {
    kinds: Vec<String>,
    autopilot: Option<String>,
    dialect: Option<String>,
    sdk_version: Option<String>,
}

impl FilterValues {
    fn of(filter: &Filter) -> Self {
        Self {
            kinds: kinds(filter),
            autopilot: filter.autopilot.as_ref().map(name_of),
            dialect: filter.dialect.clone(),
            sdk_version: filter.sdk_version.clone(),
        }
    }

    fn values(&self) -> [&(dyn ToSql + Sync); 4] {
        [&self.kinds, &self.autopilot, &self.dialect, &self.sdk_version]
    }
}

/// The statements of a connection.
pub(super) struct Statements {
    by_words: tokio_postgres::Statement,
    by_vector: tokio_postgres::Statement,
}

impl Statements {
    /// `looks_past`: the index goes on looking where a filter leaves finds out (pgvector 0.8).
    pub(super) async fn prepare(
        client: &tokio_postgres::Client,
        looks_past: bool,
    ) -> Result<Self, tokio_postgres::Error> {
        let by_words = BY_WORDS.replace("FILTER", &filter_from(5));
        let by_vector =
            BY_VECTOR.replace("FILTER", &filter_from(3)).replace("PLAIN", if looks_past { "" } else { "+ 0" });
        let (by_words, by_vector) = tokio::try_join!(client.prepare(&by_words), client.prepare(&by_vector))?;
        Ok(Self { by_words, by_vector })
    }
}

impl Session {
    /// The rankings, asked for all at once.
    pub(super) async fn rank(&self, asked: &Asked<'_>) -> Result<Ranked, SharedError> {
        let question = asked.question;
        let filter = FilterValues::of(&question.filter);
        let (depth, near) = ((question.depth * WORDS_WIDER) as i64, (question.depth * VECTORS_WIDER) as i64);
        let (checked, words, names, vectors) = tokio::join!(
            self.check(asked.embedding),
            self.by_words(&question.words, depth, &filter),
            self.by_words(&question.names, depth, &filter),
            self.by_vector(question.vector.as_deref(), near, &filter),
        );
        // Of several errors this one says what to do.
        checked?;
        let (words, names, vectors) = (words?, names?, vectors?);
        Ok(Ranked { words, names, vectors })
    }

    async fn by_words(
        &self,
        words: &[(String, f32)],
        depth: i64,
        filter: &FilterValues,
    ) -> Result<Vec<Scored>, SharedError> {
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let lexemes: Vec<String> = words.iter().map(|(word, _)| lexeme(word).to_owned()).collect();
        let queries: Vec<String> = lexemes.iter().map(|lexeme| as_query(lexeme)).collect();
        let weights: Vec<f64> = words.iter().map(|(_, weight)| f64::from(*weight)).collect();
        let mut values: Vec<&(dyn ToSql + Sync)> = vec![&lexemes, &queries, &weights, &depth];
        values.extend(filter.values());
        self.scored(&self.statements.by_words, &values).await
    }

    async fn by_vector(
        &self,
        vector: Option<&[f32]>,
        depth: i64,
        filter: &FilterValues,
    ) -> Result<Vec<Scored>, SharedError> {
        let Some(vector) = vector.and_then(as_vector) else { return Ok(Vec::new()) };
        let mut values: Vec<&(dyn ToSql + Sync)> = vec![&vector, &depth];
        values.extend(filter.values());
        self.scored(&self.statements.by_vector, &values).await
    }

    async fn scored(
        &self,
        statement: &tokio_postgres::Statement,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Scored>, SharedError> {
        let rows = self.client.query(statement, values).await.map_err(|error| self.failed(&error))?;
        rows.iter()
            .map(|row| {
                let failed = |error| self.failed(&error);
                let column = |place| row.try_get::<_, String>(place).map_err(failed);
                let key = Key { id: column(0)?, sdk_version: column(1)? };
                Ok(Scored { key, kind: column(2)?, score: row.try_get(3).map_err(failed)? })
            })
            .collect()
    }
}

/// A word as PostgreSQL takes it; longer ones than it takes are nobody's words, and cut.
pub(super) fn lexeme(word: &str) -> &str {
    const MOST: usize = 1_000;
    &word[..word.floor_char_boundary(MOST)]
}

/// A lexeme, quoted.
fn as_query(lexeme: &str) -> String {
    let quoted: String =
        lexeme.chars().flat_map(|c| [matches!(c, '\'' | '\\').then_some(c), Some(c)]).flatten().collect();
    format!("'{quoted}'")
}

/// As pgvector reads it; nothing for zeros, which have no direction.
pub(super) fn as_vector(vector: &[f32]) -> Option<String> {
    if vector.iter().all(|x| *x == 0.0) {
        return None;
    }
    let numbers: Vec<String> = vector.iter().map(f32::to_string).collect();
    Some(format!("[{}]", numbers.join(",")))
}

/// What pgvector writes.
pub(super) fn read_vector(text: &str) -> Option<Vec<f32>> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    inner.split(',').map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lexemes_are_quoted_and_vectors_read_back() {
        assert_eq!(as_query("=goto"), "'=goto'");
        assert_eq!(as_query(r"it's\"), r"'it''s\\'");
        assert_eq!(lexeme(&"ä".repeat(900)).len(), 1_000);
        let vector = [0.1_f32, -1.5e-7, 0.0];
        assert_eq!(read_vector(&as_vector(&vector).expect("a direction")).as_deref(), Some(&vector[..]));
        assert_eq!(as_vector(&[0.0; 4]), None);
    }
}
