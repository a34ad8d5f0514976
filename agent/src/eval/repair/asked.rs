//! The model as the benchmark asks it: its time counted apart, its cores left to others while it is waited for, and nothing told that
//! holds the case's own answer.
use super::case::{Answer, Case};
use crate::clock::Stopwatch;
use crate::retrieve::Excerpt;
use crate::retrieve::advice::EXPLANATION;
use flightsmith_kb::Searchable;
use flightsmith_llm::{ChatAnswer, ChatRequest, LlmError, Provider};
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, PoisonError};

/// The model of a measurement, and where its excerpts come from.
#[derive(Clone, Copy)]
pub struct Tutor<'a> {
    /// The model.
    pub model: &'a dyn Provider,
    /// The knowledge base.
    pub kb: &'a dyn Searchable,
}

/// What asking the model for one case came to.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Asked {
    /// Questions that it answered, those included by which it corrects the form of its answer.
    pub questions: usize,
    /// Wall time of its answers in seconds: not in the case's own.
    pub seconds: f64,
    /// Tokens of the questions.
    pub prompt_tokens: u64,
    /// Tokens of the answers.
    pub answer_tokens: u64,
    /// Excerpts of the knowledge base that it was told.
    pub told: usize,
    /// Items that were found and withheld, because they belong to the case.
    pub withheld: usize,
    /// Excerpts told that hold the case's own example, or what is right for it: none, or the figures do not count.
    pub own_answers: usize,
    /// Why it could not be asked, where that ended it.
    pub failed: Option<String>,
}

impl Asked {
    /// Both together.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self {
            questions: self.questions + other.questions,
            seconds: self.seconds + other.seconds,
            prompt_tokens: self.prompt_tokens + other.prompt_tokens,
            answer_tokens: self.answer_tokens + other.answer_tokens,
            told: self.told + other.told,
            withheld: self.withheld + other.withheld,
            own_answers: self.own_answers + other.own_answers,
            failed: self.failed.clone().or_else(|| other.failed.clone()),
        }
    }
}

/// Ids of the items that belong to a case: the explanation of its code, its mistake, its example mission.
pub fn secrets(case: &Case) -> BTreeSet<String> {
    let id =
        |kin: &String| kin.strip_prefix("rustc:").map_or_else(|| kin.clone(), |code| format!("{EXPLANATION}{code}"));
    case.kin.iter().map(id).collect()
}

/// How many of the excerpts hold the case's broken text or a right one, whole, whatever their white space.
pub fn own_answers(case: &Case, told: &[Excerpt]) -> usize {
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let mut texts: Vec<String> = case.sources.values().cloned().collect();
    match &case.answer {
        Answer::Corrections(corrections) => texts.extend(corrections.clone()),
        Answer::Mission { right, also } => {
            texts.push(right.clone());
            texts.extend(also.clone());
        }
        Answer::Program { origin, .. } => texts.extend(origin.values().cloned()),
    }
    // Where an example has no `main`, the benchmark put an empty one behind it.
    let mains = bare("fn main() {}");
    let texts: Vec<String> = texts
        .iter()
        .map(|text| bare(text))
        .map(|text| text.strip_suffix(&mains).map_or_else(|| text.clone(), str::to_owned))
        .filter(|text| !text.is_empty())
        .collect();
    told.iter().filter(|excerpt| texts.iter().any(|text| bare(&excerpt.to_markdown()).contains(text.as_str()))).count()
}

/// So many may work at a time.
pub struct Cores {
    free: Mutex<usize>,
    freed: Condvar,
}

impl Cores {
    /// `count` of them.
    pub fn new(count: usize) -> Self {
        Self { free: Mutex::new(count), freed: Condvar::new() }
    }

    /// Does `work` on one of them, once one is free.
    pub fn on_one<T>(&self, work: impl FnOnce() -> T) -> T {
        self.take();
        let done = work();
        self.give_back();
        done
    }

    fn take(&self) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            free = self.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= 1;
    }

    fn give_back(&self) {
        *self.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.freed.notify_one();
    }
}

/// A model that is asked by who has a core, which is free for others while it answers.
pub struct Metered<'a> {
    model: &'a dyn Provider,
    cores: &'a Cores,
    count: Mutex<(Asked, f64)>,
}

impl<'a> Metered<'a> {
    /// Nothing asked yet.
    pub fn new(model: &'a dyn Provider, cores: &'a Cores) -> Self {
        Self { model, cores, count: Mutex::default() }
    }

    /// What was asked, and the seconds in which it and then a core were waited for.
    pub fn count(self) -> (Asked, f64) {
        self.count.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Provider for Metered<'_> {
    fn chat(&self, request: &ChatRequest) -> Result<ChatAnswer, LlmError> {
        let watch = Stopwatch::start();
        self.cores.give_back();
        let answer = self.model.chat(request);
        let seconds = watch.seconds();
        self.cores.take();
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        count.0.seconds += seconds;
        count.1 += watch.seconds();
        if let Ok(answer) = &answer {
            count.0.questions += 1;
            count.0.prompt_tokens += answer.usage.prompt_tokens;
            count.0.answer_tokens += answer.usage.completion_tokens;
        }
        answer
    }

    fn describe(&self) -> String {
        self.model.describe()
    }
}

#[cfg(test)]
mod tests {
    use super::super::case::Set;
    use super::*;
    use crate::repair::Sources;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn case() -> Case {
        Case {
            name: "index/E0382".into(),
            set: Set::Index,
            edition: "2021",
            sources: Sources::from([("main.rs".into(), "let y = x;\nuse_it(x);\n\nfn main() {}\n".into())]),
            answer: Answer::Corrections(vec!["use_it(&x);\n\nfn main() {}\n".into()]),
            kin: vec!["rustc:E0382".into(), "mistake:07-feet".into()],
        }
    }

    fn excerpt(code: &str) -> Excerpt {
        let text = String::new;
        Excerpt { id: text(), title: text(), text: text(), code: code.into(), source: text(), licence: text() }
    }

    #[test]
    fn what_belongs_to_a_case_is_known_by_its_kin_and_by_its_text() {
        assert_eq!(secrets(&case()), ["compiler:E0382".to_owned(), "mistake:07-feet".into()].into());
        let check = |code: &str, expect: usize| assert_eq!(own_answers(&case(), &[excerpt(code)]), expect, "{code}");
        check("fn f() { let y = x;  use_it(x); }", 1);
        check("fn f() {\n    use_it(&x);\n}", 1);
        check("let y = x;\nother();\nuse_it(x);", 0);
    }

    #[test]
    fn a_core_is_free_while_the_model_answers() {
        struct SlowScripted<'a>(&'a AtomicUsize);
        impl Provider for SlowScripted<'_> {
            fn chat(&self, _: &ChatRequest) -> Result<ChatAnswer, LlmError> {
                // Answers only once all three are waiting for it, which one core alone would never let happen.
                self.0.fetch_add(1, Ordering::SeqCst);
                while self.0.load(Ordering::SeqCst) < 3 {
                    std::thread::yield_now();
                }
                Ok(ChatAnswer { content: String::new(), model: "scripted".into(), usage: Default::default() })
            }
            fn describe(&self) -> String {
                "scripted".into()
            }
        }
        let (asked, cores, working) = (AtomicUsize::new(0), Cores::new(1), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    cores.on_one(|| {
                        let model = SlowScripted(&asked);
                        let metered = Metered::new(&model, &cores);
                        metered.chat(&ChatRequest::new(Vec::new())).expect("an answer");
                        assert_eq!(working.fetch_add(1, Ordering::SeqCst), 0, "one works at a time");
                        working.fetch_sub(1, Ordering::SeqCst);
                        assert_eq!(metered.count().0.questions, 1);
                    });
                });
            }
        });
    }
}
