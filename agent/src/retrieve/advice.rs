//! Compiler errors of any project -> what may help with them: the compiler's own explanations, shortened, and items of the knowledge
//! base; for sources that use the SDK its calls, types and the mistakes that are made with it.
use super::{Budget, Excerpt, SdkContext, cut, gather, queries, tokens};
use crate::budget;
use flightsmith_kb::{Filter, Item, Kind, Searchable};
use flightsmith_toolchain::diagnostics::Diagnostic;
use std::collections::BTreeSet;

/// The prefix of an explanation's id; the code follows.
pub const EXPLANATION: &str = "compiler:";

/// Tasks that a code may stand in and still tell them apart: of 44 tasks with codes six have E0308 and six E0277, no other code more
/// than two.
const TASKS_OF_A_CODE: usize = 2;

/// Finds looked at for each query.
const ADVICE_DEPTH: usize = 3;

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Advice {
    /// Explanations first.
    pub context: SdkContext,
    /// Ids of what was found and must not be told.
    pub withheld: BTreeSet<String>,
}

/// What helps with `errors`; nothing whose id is in `secret` is told.
pub fn for_errors(kb: &dyn Searchable, errors: &[Diagnostic], uses_sdk: bool, secret: &BTreeSet<String>) -> Advice {
    let mut advice = Advice::default();
    let mut codes: Vec<&str> = Vec::new();
    for code in errors.iter().filter_map(|error| error.code.as_deref()) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    for code in codes.iter().take(budget::EXPLANATIONS_TOLD) {
        advice.explain(kb, code, secret);
    }
    let kinds =
        if uses_sdk { vec![Kind::Type, Kind::Trait, Kind::Function, Kind::Mistake] } else { vec![Kind::RustTask] };
    let filter = Filter { kinds, ..Filter::default() };
    let (queries, tokens) = if uses_sdk {
        let told: Vec<&str> = errors.iter().map(|error| error.rendered.as_deref().unwrap_or(&error.message)).collect();
        (queries::of_text(&told.join("\n")), budget::ADVICE_SDK_TOKENS)
    } else {
        (messages(errors), budget::ADVICE_RUST_TOKENS)
    };
    let limits = Budget { tokens, tokens_each: budget::ADVICE_EACH_TOKENS, examples: 0, depth: ADVICE_DEPTH };
    let subject = Subject::of(kb, errors, &codes);
    let is_on_these = |item: &Item| subject.covers(item);
    let may_take = |item: &Item| !secret.contains(&item.id) && is_on_these(item);
    let (found, refused) = gather(kb, &queries, &filter, limits, &may_take);
    advice.withheld.extend(refused.into_iter().filter(|id| secret.contains(id)));
    advice.context.excerpts.extend(found.excerpts);
    advice.context.by_words_alone = found.by_words_alone;
    advice
}

/// What errors are about: what merely sounds alike is noise to a small model, and costs it time.
struct Subject<'e> {
    /// Codes, and whether each tells tasks apart.
    codes: Vec<(&'e str, bool)>,
    /// Everything that is said, with one space for each stretch of them.
    said: String,
    /// Its words.
    words: BTreeSet<String>,
    /// What is named in backquotes by messages and marks.
    names: BTreeSet<String>,
    /// Whether something is named that does not exist, so that what is meant has another name.
    is_of_an_unknown_name: bool,
}

impl<'e> Subject<'e> {
    fn of(kb: &dyn Searchable, errors: &[Diagnostic], codes: &[&'e str]) -> Self {
        const DEPTH: usize = 12;
        let tasks = Filter { kinds: vec![Kind::RustTask], ..Filter::default() };
        let tells = |code: &str| {
            let hits = kb.search(code, DEPTH, &tasks);
            hits.iter().filter(|hit| hit.item.text.contains(code)).count() <= TASKS_OF_A_CODE
        };
        let texts: Vec<&str> = errors.iter().map(|error| error.rendered.as_deref().unwrap_or(&error.message)).collect();
        let said = texts.iter().flat_map(|text| text.split_whitespace()).collect::<Vec<_>>().join(" ");
        let marks = errors.iter().flat_map(|error| &error.spans).filter_map(|span| span.label.as_deref());
        let named = errors.iter().map(|error| error.message.as_str()).chain(marks);
        let names = named.flat_map(|text| text.split('`').skip(1).step_by(2)).flat_map(words).collect();
        let is_unknown =
            |error: &Diagnostic| ["no ", "cannot find "].iter().any(|start| error.message.starts_with(start));
        Self {
            codes: codes.iter().map(|code| (*code, tells(code))).collect(),
            words: words(&said).collect(),
            said,
            names,
            is_of_an_unknown_name: errors.iter().any(is_unknown),
        }
    }

    /// Whether an item is about that: a mistake by what the compiler says of it, a task by the code (and, where many have that code, by a
    /// name as well), a call or type by its own name.
    fn covers(&self, item: &Item) -> bool {
        match item.kind {
            Kind::Mistake => {
                let mut says = item.text.lines().filter_map(|line| line.strip_prefix("Says: "));
                says.any(|says| self.said.contains(says.trim()))
            }
            Kind::RustTask => {
                let names_it = || words(&item.text).any(|word| self.names.contains(&word));
                self.codes.is_empty()
                    || self.codes.iter().any(|(code, tells)| item.text.contains(code) && (*tells || names_it()))
            }
            _ => self.is_of_an_unknown_name || words(&item.title).last().is_some_and(|name| self.words.contains(&name)),
        }
    }
}

/// Names of two letters or more.
fn words(text: &str) -> impl Iterator<Item = String> + use<'_> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| word.len() > 1).map(str::to_owned)
}

impl Advice {
    fn explain(&mut self, kb: &dyn Searchable, code: &str, secret: &BTreeSet<String>) {
        let filter = Filter { kinds: vec![Kind::CompilerError], ..Filter::default() };
        let id = format!("{EXPLANATION}{code}");
        let Some(hit) = kb.search(code, 3, &filter).into_iter().find(|hit| hit.item.id == id) else { return };
        if secret.contains(&id) {
            self.withheld.insert(id);
        } else {
            self.context.excerpts.push(explanation(&hit.item, budget::EXPLANATION_TOKENS));
        }
    }
}

/// An explanation shortened to what it says first, its first wrong example and the right ones, as far as `most` tokens reach.
fn explanation(item: &Item, most: usize) -> Excerpt {
    let announces = |line: &&str| !(line.starts_with("Erroneous code example") || line.starts_with("error: "));
    let prose: Vec<&str> = item.text.lines().filter(announces).collect();
    let text = cut(prose.join("\n").trim_start(), most / 3);
    let mut left = most.saturating_sub(tokens(&text));
    let marked: Vec<&str> = item.code.split("// Wrong:\n").collect();
    let rights = marked.iter().flat_map(|part| part.split("// Right:\n").skip(1)).map(|code| ("Right", code));
    let wrong = marked.get(1).and_then(|part| part.split("// Right:\n").next()).map(|code| ("Wrong", code));
    let mut code = String::new();
    for (mark, example) in wrong.into_iter().chain(rights) {
        let short = cut(example.trim_end(), if mark == "Wrong" { left / 2 } else { left });
        let example = format!("// {mark}:\n{short}\n");
        if tokens(&example) > left || short.lines().count() < 2 && example.lines().count() > 3 {
            break;
        }
        left -= tokens(&example);
        code.push_str(&example);
    }
    Excerpt { text, code, ..Excerpt::of(item, 0) }
}

/// What the first errors say, each once.
fn messages(errors: &[Diagnostic]) -> Vec<String> {
    const QUERIES: usize = 2;
    let mut queries: Vec<String> = Vec::new();
    for error in errors {
        if queries.len() < QUERIES && !queries.contains(&error.message) {
            queries.push(error.message.clone());
        }
    }
    queries
}

/// `lines` as far as `most` tokens reach, and a last one that says how many are left out.
pub fn within(lines: &[String], most: usize) -> Vec<String> {
    let (mut kept, mut left) = (Vec::new(), most);
    for line in lines {
        let cost = tokens(line);
        if cost > left && !kept.is_empty() {
            kept.push(format!("(and {} more)", lines.len() - kept.len()));
            break;
        }
        left = left.saturating_sub(cost);
        kept.push(line.clone());
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightsmith_kb::corpus::compiler::CompilerTexts;
    use flightsmith_kb::{KnowledgeBase, Sources, build, builtin, snapshot_path};
    use flightsmith_toolchain::diagnostics::Level;
    use std::path::Path;

    fn kb(folder: &Path) -> KnowledgeBase {
        let text = "A variable was used after its contents have been moved elsewhere.\n\nErroneous code example:\n\n```\nlet y = x; use_it(x);\n```\n\nTo fix it:\n\n```\nuse_it(&x);\n```\n";
        let texts = CompilerTexts { version: "1.95.0".into(), texts: [("E0382".into(), text.into())].into() };
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        build(&Sources::of_tree(&root).with_compiler(Some(texts)), folder, builtin().as_ref()).expect("built");
        KnowledgeBase::open_snapshot(&snapshot_path(folder)).expect("published")
    }

    fn error(code: &str, message: &str) -> Diagnostic {
        Diagnostic {
            message: message.into(),
            code: Some(code.into()),
            level: Level::Error,
            spans: Vec::new(),
            children: Vec::new(),
            rendered: None,
        }
    }

    #[test]
    fn errors_are_explained_unless_that_is_secret() {
        let folder = tempfile::tempdir().expect("a folder");
        let kb = kb(folder.path());
        let errors = [error("E0382", "use of moved value: `x`")];
        let open = for_errors(&kb, &errors, false, &BTreeSet::new());
        assert_eq!(open.context.excerpts[0].id, "compiler:E0382");
        let told = &open.context.excerpts[0];
        assert_eq!(told.code, "// Wrong:\nlet y = x; use_it(x);\n// Right:\nuse_it(&x);\n");
        assert!(told.text.starts_with("A variable was used") && open.withheld.is_empty(), "{}", told.text);
        let most = budget::EXPLANATION_TOKENS * budget::EXPLANATIONS_TOLD + budget::ADVICE_RUST_TOKENS;
        assert!(open.context.tokens() <= most, "{}", open.context.tokens());
        let secret = BTreeSet::from(["compiler:E0382".to_owned()]);
        let closed = for_errors(&kb, &errors, false, &secret);
        assert_eq!(closed.withheld, secret);
        assert!(!closed.context.to_markdown().contains("use_it(&x)"), "{}", closed.context.to_markdown());
    }

    #[test]
    fn for_the_sdk_its_calls_are_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let kb = kb(folder.path());
        let errors = [error("E0308", "expected `Metres` in the call of climb_to, found floating-point number")];
        let advice = for_errors(&kb, &errors, true, &BTreeSet::new());
        let ids: Vec<&str> = advice.context.excerpts.iter().map(|excerpt| excerpt.id.as_str()).collect();
        assert!(ids.iter().any(|id| id.ends_with("::climb_to")), "{ids:?}");
        let secret: BTreeSet<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        let others = for_errors(&kb, &errors, true, &secret);
        assert!(others.context.excerpts.iter().all(|excerpt| !secret.contains(&excerpt.id)));
    }

    #[test]
    fn what_only_sounds_alike_is_not_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let kb = kb(folder.path());
        let told = |code: &str, message: &str, uses_sdk: bool| -> Vec<String> {
            let advice = for_errors(&kb, &[error(code, message)], uses_sdk, &BTreeSet::new());
            advice.context.excerpts.into_iter().map(|excerpt| excerpt.title).collect()
        };
        // A code that many tasks have needs a name as well; one that few have does not.
        let plain = told("E0308", "mismatched types: expected `bool`, found `()`", false);
        assert!(plain.iter().all(|title| !title.contains("dyn Trait")), "{plain:?}");
        let named = told("E0308", "match arms have incompatible types: expected `impl Trait`, found `Box`", false);
        assert!(named.iter().any(|title| title.contains("dyn Trait")), "{named:?}");
        let few = told("E0515", "cannot return value referencing local variable `v`", false);
        assert!(!few.is_empty());
        // A mistake is told where the compiler says what it says of that mistake.
        let moved = "arguments to this function are incorrect: expected `Right`, found `East` in move_by(OffsetFrd::by(North(1.0), East(2.0)))";
        let titles = told("E0308", moved, true);
        assert!(titles.iter().any(|title| title.ends_with("::move_by")), "{titles:?}");
        assert!(!titles.iter().any(|title| title.ends_with("::to_ned") || title.contains("swapped")), "{titles:?}");
        let said =
            told("E0277", "the vehicle is flying already: to change its height write `vehicle.climb_to(..)`", true);
        assert!(said.iter().any(|title| title.contains("climb_to")), "{said:?}");
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let lines = ["123456".to_owned(), "123456".into(), "1".into()];
        assert_eq!(within(&lines, 100), lines);
        assert_eq!(within(&lines, 3), ["123456", "(and 2 more)"]);
    }
}
