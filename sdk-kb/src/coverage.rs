//! How much of what was asked a find speaks of, word by word. The best find there is may be no answer: a ranking says which item is
//! nearest, and never that all of them are far away.
use crate::bm25::Bm25;
use crate::query::{NUMBER, Understanding, is_stop_word};
use crate::search::{Hit, KnowledgeBase, readable};
use std::collections::BTreeSet;

/// Finds are an answer where one of them speaks of so much of what was asked ([`KnowledgeBase::confidence`]). Below it they are only the
/// nearest there is: `docs/retrieval.md` has what this bar keeps out, and what it costs.
pub const CONFIDENT: f32 = 0.35;

/// Words of a query that are looked at; what is longer is text, and says in these what it is about.
const WORDS: usize = 64;

impl KnowledgeBase {
    /// From 0 to 1: the greatest [`Self::coverage`] among the finds; 1 where the whole query is what one is called. Finds that only
    /// their vectors led to come to 0.
    ///
    /// ```
    /// # use flightsmith_kb::{CONFIDENT, Filter, KnowledgeBase, Sources, builtin, publish};
    /// # let dir = tempfile::tempdir()?;
    /// # let path = dir.path().join("mavlink.kb");
    /// # publish(&path, Sources::mavlink_only().read()?.into_iter(), "mavlink", builtin().as_ref())?;
    /// let kb = KnowledgeBase::open_snapshot(&path)?;
    /// let confidence = |query: &str| kb.confidence(query, &kb.search(query, 5, &Filter::default()));
    /// assert!(confidence("battery voltage") >= CONFIDENT);
    /// assert!(confidence("Kartoffelsalat mit Schnittlauch") < CONFIDENT);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn confidence(&self, query: &str, finds: &[Hit<'_>]) -> f32 {
        let of = |hit: &Hit<'_>| if hit.name_rank.is_some() { 1.0 } else { self.coverage(query, &hit.item.id) };
        finds.iter().map(of).fold(0.0, f32::max)
    }

    /// From 0 to 1: how much of what is asked the item of that id speaks of, rare words counting more than common ones. A word counts in
    /// full where the item has it, less where it has only what the glossary or a slip of the keyboard leads to, and not at all where it has
    /// neither; an identifier that nobody has written counts by its parts. 0 where nothing of the query is in the item, or where
    /// there is no such item.
    ///
    /// ```
    /// # use flightsmith_kb::{KnowledgeBase, Sources, builtin, publish};
    /// # let dir = tempfile::tempdir()?;
    /// # let path = dir.path().join("mavlink.kb");
    /// # publish(&path, Sources::mavlink_only().read()?.into_iter(), "mavlink", builtin().as_ref())?;
    /// let kb = KnowledgeBase::open_snapshot(&path)?;
    /// assert!(kb.coverage("battery voltage", "mavlink:BATTERY_STATUS") > 0.9);
    /// assert!(kb.coverage("battery of my grandmother's wristwatch", "mavlink:BATTERY_STATUS") < 0.5);
    /// assert_eq!(kb.coverage("Kartoffelsalat", "mavlink:BATTERY_STATUS"), 0.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn coverage(&self, query: &str, id: &str) -> f32 {
        let understanding = Understanding::default();
        let told = understanding.told(readable(query));
        let Some(document) = self.number_of(id) else { return 0.0 };
        let reader = Reader { understanding, words: self.words(), document };
        let words: BTreeSet<&str> = told
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|word| word.contains(char::is_alphanumeric))
            .take(WORDS)
            .collect();
        let (stopped, mut said): (Vec<&str>, Vec<&str>) =
            words.into_iter().partition(|word| is_stop_word(&word.to_lowercase()));
        if said.is_empty() {
            said = stopped;
        }
        let spoken: Vec<Spoken> = said.into_iter().map(|word| reader.word(word)).collect();
        let all: f32 = spoken.iter().map(|word| word.weight).sum();
        let there: f32 = spoken.iter().map(|word| word.weight * word.share).sum();
        if all > 0.0 { there / all } else { 0.0 }
    }
}

/// What a word of the query weighs, and how much of it an item has.
struct Spoken {
    weight: f32,
    share: f32,
}

struct Reader<'kb> {
    understanding: Understanding,
    words: &'kb Bm25,
    document: usize,
}

impl Reader<'_> {
    fn word(&self, word: &str) -> Spoken {
        let tokens = self.understanding.analysis.tokens(word);
        let wholes = tokens.len().min(if word.contains('_') { 2 } else { 1 });
        let (wholes, parts) = tokens.split_at(if tokens.len() > 1 { wholes } else { tokens.len() });
        let best = wholes.iter().map(|token| self.token(token)).max_by(|a, b| a.share.total_cmp(&b.share));
        let parts: Vec<Spoken> = parts.iter().map(|token| self.token(token)).collect();
        match best {
            Some(whole) if parts.is_empty() || whole.share >= 1.0 => whole,
            _ => {
                let count = parts.len().max(1) as f32;
                let mean = |of: fn(&Spoken) -> f32| parts.iter().map(of).sum::<f32>() / count;
                Spoken { weight: mean(|part| part.weight), share: mean(|part| part.share) }
            }
        }
    }

    fn token(&self, token: &str) -> Spoken {
        let meant = self.understanding.meant(token, 1.0, Some(self.words));
        let known = meant.iter().filter(|(word, _)| self.words.knows(word));
        // What is known by another word only weighs what that weighs; what nobody knows, as much as the rarest.
        let weight = known.map(|(word, _)| self.words.rarity_of(word)).reduce(f32::max);
        let there = meant.iter().filter(|(word, _)| self.words.has(word, self.document));
        let share = there.map(|(_, counts)| *counts).fold(0.0, f32::max);
        let amount = if token.bytes().all(|byte| byte.is_ascii_digit()) { NUMBER } else { 1.0 };
        Spoken { weight: amount * weight.unwrap_or_else(|| self.words.rarity_of(token)), share }
    }
}
