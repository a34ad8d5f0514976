//! A plan, words or compiler messages -> [`SdkContext`]: what the model may read about the SDK before it writes. The model route
//! gets its excerpts from here and from nowhere else.
//!
//! It leaves to others: what the knowledge base holds (`flightsmith-kb`), and what the model is asked (`prompts`).
pub mod advice;
pub mod embedding;
pub mod explanations;
mod queries;
pub mod shared;
pub mod stage;

use crate::exit::chain;
use flightsmith_kb::{Autopilot, Filter, Hit, Item, Kind, Searchable, Tuning};
use flightsmith_mission::plan::PlanDraft;
use flightsmith_mission::vehicle;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Excerpts, the most wanted first.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SdkContext {
    /// What was found, each once.
    pub excerpts: Vec<Excerpt>,
    /// Why nothing was looked for by vectors, where the embedding failed.
    #[serde(skip)]
    pub by_words_alone: Option<String>,
}

/// One excerpt and where it comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Excerpt {
    /// Id in the knowledge base.
    pub id: String,
    /// The name that it is called by.
    pub title: String,
    /// Prose.
    pub text: String,
    /// Declaration and examples.
    pub code: String,
    /// File and line.
    pub source: String,
    /// SPDX expression.
    pub licence: String,
}

/// Limits of one retrieval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// All excerpts together, in tokens as [`tokens`] estimates them.
    pub tokens: usize,
    /// One excerpt; a longer one is cut at a line.
    pub tokens_each: usize,
    /// Whole example missions at most.
    pub examples: usize,
    /// How many finds of one query are taken at most.
    pub depth: usize,
}

impl Budget {
    /// `tokens` in all, a sixth of it for one excerpt, one example, six finds of a query.
    pub fn of(tokens: usize) -> Self {
        Self { tokens, tokens_each: (tokens / 6).max(100), examples: 1, depth: 6 }
    }
}

/// What is needed to write the code of `plan`.
pub fn for_plan(kb: &dyn Searchable, plan: &PlanDraft, autopilot: vehicle::Autopilot, budget: Budget) -> SdkContext {
    // Each query names one thing, so that what comes second is something else. A mission has what `Vehicle` gives, and nothing below.
    let is_for_missions =
        |item: &Item| !item.id.contains("::capability::") && !item.id.starts_with("rust:flightsmith_sdk::error");
    let of_kinds = |kinds: &[Kind]| Filter { kinds: kinds.to_vec(), ..code_for(autopilot) };
    let (types, calls) = queries::of_plan(plan).into_iter().partition(|name| !name.contains("::"));
    let mut found = SdkContext::default();
    for (kind, queries) in [(Kind::Function, calls), (Kind::Type, types), (Kind::Example, queries::examples_of(plan))] {
        let left = Budget { tokens: budget.tokens.saturating_sub(found.tokens()), depth: 1, ..budget };
        let more = gather(kb, &queries, &of_kinds(&[kind]), left, &is_for_missions).0;
        found.excerpts.extend(more.excerpts);
        found.by_words_alone = found.by_words_alone.or(more.by_words_alone);
    }
    found
}

/// What helps with `text`: words, an identifier, or what the compiler says (its identifiers are what is looked for).
pub fn for_text(kb: &dyn Searchable, text: &str, autopilot: vehicle::Autopilot, budget: Budget) -> SdkContext {
    gather(kb, &queries::of_text(text), &code_for(autopilot), budget, &|_: &Item| true).0
}

/// Code that missions call or copy.
fn code_for(autopilot: vehicle::Autopilot) -> Filter {
    Filter {
        kinds: vec![Kind::Module, Kind::Type, Kind::Trait, Kind::Function, Kind::Example],
        autopilot: Some(match autopilot {
            vehicle::Autopilot::ArduPilot => Autopilot::Ardupilot,
            vehicle::Autopilot::Px4 => Autopilot::Px4,
        }),
        ..Filter::default()
    }
}

/// Looks for every query, and takes the best of each, then the second of each, as far as the budget reaches and `may_take` lets an
/// item through; with the ids of those that it did not.
fn gather(
    kb: &dyn Searchable,
    queries: &[String],
    filter: &Filter,
    budget: Budget,
    may_take: &dyn Fn(&Item) -> bool,
) -> (SdkContext, BTreeSet<String>) {
    // For those that may not be taken.
    const SPARE: usize = 6;
    let mut context = SdkContext::default();
    let mut refused = BTreeSet::new();
    let mut search = |query: &String| {
        let found = kb.find(query, budget.depth + SPARE, filter, &Tuning::default());
        if let Some(error) = &found.without_vectors {
            context.by_words_alone.get_or_insert_with(|| chain(error));
        }
        let (mut mine, others): (Vec<Hit<'_>>, Vec<Hit<'_>>) =
            found.hits.into_iter().partition(|hit| may_take(&hit.item));
        // Who asks for a thing by its whole name wants that first.
        mine.sort_by_key(|hit| hit.item.title != *query);
        refused.extend(others.into_iter().map(|hit| hit.item.id.clone()));
        mine
    };
    let found: Vec<Vec<Hit<'_>>> = queries.iter().map(&mut search).collect();
    let mut taken = BTreeSet::new();
    let (mut left, mut examples) = (budget.tokens, budget.examples);
    for rank in 0..budget.depth {
        for hit in found.iter().filter_map(|hits| hits.get(rank)) {
            let is_example = hit.item.kind == Kind::Example;
            if taken.contains(&hit.item.id) || (is_example && examples == 0) {
                continue;
            }
            let each = if is_example { budget.tokens_each * 2 } else { budget.tokens_each };
            let excerpt = Excerpt::short(kb, &hit.item, each);
            let cost = tokens(&excerpt.to_markdown());
            if cost > left {
                continue;
            }
            left -= cost;
            examples -= usize::from(is_example);
            taken.insert(hit.item.id.clone());
            context.excerpts.push(excerpt);
        }
    }
    (context, refused)
}

impl Excerpt {
    /// `item` as a prompt wants it: a mistake in words, a type with the calls that make it, others as they are.
    fn short(kb: &dyn Searchable, item: &Item, most: usize) -> Self {
        if item.kind == Kind::Mistake {
            let text = cut(item.text.split("\n\n").next().unwrap_or_default(), most);
            return Self { text, code: String::new(), ..Self::of(item, most) };
        }
        // A quantity is declared by a macro; what it declares is what is wanted.
        let code = match item.code.strip_prefix("quantity!(") {
            Some(_) => format!("pub struct {}(pub f64);", item.title),
            None => item.code.clone(),
        };
        Self::of(&Item { code, ..item.clone() }, most).with_constructors(kb, item)
    }

    /// A type with how it is made: what others may not write as a literal they make by a call, and look for it where the type is.
    fn with_constructors(mut self, kb: &dyn Searchable, item: &Item) -> Self {
        if item.kind != Kind::Type || !item.code.contains("BuiltByConstructor") {
            return self;
        }
        const DEPTH: usize = 12;
        let filter = Filter { kinds: vec![Kind::Function], ..Filter::default() };
        let own = format!("{}::", item.id);
        let makes = |declaration: &str| {
            let result = declaration.rsplit("->").next().unwrap_or_default();
            !declaration.contains("self") && (result.contains("Self") || result.contains(&item.title))
        };
        let hits = kb.search(&format!("{} at by new", item.title), DEPTH, &filter);
        let found: Vec<String> = hits
            .iter()
            .filter(|hit| hit.item.id.starts_with(&own))
            .filter_map(|hit| Some((hit, hit.item.code.split("\n\n").next()?)))
            .filter(|(_, declaration)| makes(declaration))
            .map(|(hit, declaration)| format!("// made by `{}`:\n{declaration}", hit.item.title))
            .collect();
        // The private field would only tempt.
        let fields = self.code.lines().filter(|line| !line.contains("BuiltByConstructor"));
        let shown: Vec<&str> = fields.chain(found.iter().map(String::as_str)).collect();
        self.code = shown.join("\n");
        self
    }

    /// `item`, cut at a line where it is longer than `most` tokens.
    pub fn of(item: &Item, most: usize) -> Self {
        let text = cut(&item.text, most / 2);
        let code = cut(&item.code, most.saturating_sub(tokens(&text)));
        Self {
            id: item.id.clone(),
            title: item.title.clone(),
            text,
            code,
            source: item.source.clone(),
            licence: item.licence.clone(),
        }
    }

    /// As a section of Markdown, with its source.
    pub fn to_markdown(&self) -> String {
        let mut section = format!("### {} ({})\n", self.title, self.source);
        if !self.text.is_empty() {
            section.push_str(&self.text);
            section.push('\n');
        }
        if !self.code.is_empty() {
            section.push_str(&format!("```rust\n{}\n```\n", self.code.trim_end()));
        }
        section
    }
}

impl SdkContext {
    /// `30-context.md`, and what goes into a prompt.
    pub fn to_markdown(&self) -> String {
        if self.excerpts.is_empty() {
            return "(the knowledge base has nothing on it)\n".into();
        }
        self.excerpts.iter().map(Excerpt::to_markdown).collect::<Vec<_>>().join("\n")
    }

    /// Its estimated length in tokens.
    pub fn tokens(&self) -> usize {
        tokens(&self.to_markdown())
    }
}

/// A careful estimate of the tokens in `text`: code has about three bytes to a token with today's vocabularies.
pub fn tokens(text: &str) -> usize {
    text.len().div_ceil(3)
}

/// The lines of `text` that fit into `most` tokens.
fn cut(text: &str, most: usize) -> String {
    if tokens(text) <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    for line in text.lines() {
        if tokens(&kept) + tokens(line) + 3 > most {
            break;
        }
        kept.push_str(line);
        kept.push('\n');
    }
    kept.push_str("...");
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompts::{GeneratePrompt, Prompt};
    use flightsmith_kb::{KnowledgeBase, Sources, build, builtin, snapshot_path};
    use flightsmith_mission::plan::{Action, Step};
    use std::path::Path;

    fn kb() -> (tempfile::TempDir, KnowledgeBase) {
        let dir = tempfile::tempdir().expect("a folder");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        build(&Sources::of_tree(&root), dir.path(), builtin().as_ref()).expect("built");
        let kb = KnowledgeBase::open_snapshot(&snapshot_path(dir.path())).expect("published");
        (dir, kb)
    }

    fn plan(actions: Vec<Action>) -> PlanDraft {
        let steps = actions.into_iter().map(|action| Step { words: String::new(), action }).collect();
        PlanDraft {
            name: "x".into(),
            words: String::new(),
            speed_m_s: Some(5.0),
            keep_outs: Vec::new(),
            rules: Vec::new(),
            steps,
        }
    }

    #[test]
    fn a_plan_brings_the_calls_that_it_needs_within_the_budget() {
        let (_dir, kb) = kb();
        let plan =
            plan(vec![Action::TakeOff { altitude_m: 5.0 }, Action::Hold { seconds: 3.0 }, Action::Photo, Action::Land]);
        let context = for_plan(&kb, &plan, vehicle::Autopilot::ArduPilot, Budget::of(6_000));
        assert!(context.tokens() <= 6_000, "{}", context.tokens());
        for call in ["arm_and_take_off", "hold", "take_photo", "land", "set_speed"] {
            let found = context.excerpts.iter().any(|excerpt| excerpt.title.ends_with(&format!("::{call}")));
            assert!(found, "{call} is not in\n{}", context.to_markdown());
        }
        assert!(context.excerpts.iter().all(|excerpt| !excerpt.source.is_empty()));
        let small = for_plan(&kb, &plan, vehicle::Autopilot::ArduPilot, Budget::of(600));
        assert!(small.tokens() <= 600 && !small.excerpts.is_empty());
        let again = for_plan(&kb, &plan, vehicle::Autopilot::ArduPilot, Budget::of(600));
        assert_eq!(small, again);
    }

    #[test]
    fn a_large_corpus_does_not_crowd_out_what_missions_call_and_all_of_it_reaches_the_prompt() {
        let (_dir, kb) = kb();
        for kind in [Kind::RustTask, Kind::Parameter, Kind::MavlinkMessage, Kind::Mistake] {
            assert!(kb.items().filter(|item| item.kind == kind).count() > 20, "{kind:?}");
        }
        let plan = plan(vec![Action::TakeOff { altitude_m: 5.0 }, Action::Photo, Action::ReturnToLaunch]);
        let context = for_plan(&kb, &plan, vehicle::Autopilot::Px4, Budget::of(6_000));
        let is_ours = |id: &str| id.starts_with("rust:flightsmith_") || id.starts_with("example:");
        assert!(context.excerpts.iter().all(|excerpt| is_ours(&excerpt.id)), "{}", context.to_markdown());
        let context_text = context.to_markdown();
        let prompt = GeneratePrompt { words: "", plan: "{}", readback: "", context: &context_text }.render();
        let told: String = prompt.into_iter().map(|message| message.content).collect();
        for excerpt in &context.excerpts {
            assert!(told.contains(excerpt.to_markdown().trim()), "{} did not reach the prompt", excerpt.title);
        }
    }

    #[test]
    fn a_compiler_message_brings_the_function_that_it_names() {
        let (_dir, kb) = kb();
        let message = "error[E0308]: mismatched types\n  --> src/mission.rs:7:20\n   |\n7 |     vehicle.climb_to(20.0).await?;\n   |                      ^^^^ expected `Metres`, found floating-point number";
        let context = for_text(&kb, message, vehicle::Autopilot::Px4, Budget::of(2_000));
        let titles: Vec<_> = context.excerpts.iter().map(|excerpt| excerpt.title.as_str()).collect();
        assert!(titles.iter().any(|title| title.ends_with("::climb_to")), "{titles:?}");
        assert!(titles.contains(&"Metres"), "{titles:?}");
    }

    #[test]
    fn a_type_is_shown_with_the_calls_that_make_it() {
        let (_dir, kb) = kb();
        let context = for_text(&kb, "PositionNed OffsetFrd", vehicle::Autopilot::Px4, Budget::of(2_000));
        for (title, call) in [("PositionNed", "pub const fn at(north: North"), ("OffsetFrd", "fn by(")] {
            let excerpt = context.excerpts.iter().find(|excerpt| excerpt.title == title).expect(title);
            assert!(excerpt.code.contains(call) && !excerpt.code.contains("BuiltByConstructor"), "{}", excerpt.code);
        }
    }

    #[test]
    fn long_excerpts_are_cut_at_a_line() {
        assert_eq!(cut("short", 10), "short");
        assert_eq!(cut("first line\nsecond line\nthird line", 9), "first line\n...");
    }
}
