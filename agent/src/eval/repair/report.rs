//! Outcomes counted: by row, set and half, and by error code.
use super::Cases;
use super::asked::Asked;
use super::case::{Half, Set};
use super::judge::Judgement;
use super::lessons::Withheld;
use super::rows::Outcome;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Counts of one group of outcomes.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Tally {
    /// How many.
    pub cases: usize,
    /// Mended and right.
    pub right: usize,
    /// Mended but wrong.
    pub wrong: usize,
    /// Not mended.
    pub not_mended: usize,
    /// Of which nobody knows, because the model could not be asked.
    pub no_answer: usize,
    /// Share of right ones in percent where every error code counts the same.
    pub right_percent_by_code: f64,
    /// Compiles of one case on average.
    pub compiles: f64,
    /// Seconds of one case on average.
    pub seconds: f64,
    /// Of how many cases the model was asked.
    pub asked_of: usize,
    /// What it was asked, added up.
    pub asked: Asked,
}

impl Tally {
    fn of(outcomes: &[&Outcome]) -> Self {
        let count = |judgement| outcomes.iter().filter(|outcome| outcome.judgement == judgement).count();
        let mut codes: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for outcome in outcomes {
            let (right, all) = codes.entry(&outcome.code).or_default();
            *right += usize::from(outcome.judgement == Judgement::Right);
            *all += 1;
        }
        let shares: f64 = codes.values().map(|(right, all)| percent(*right, *all)).sum();
        let mean = |value: fn(&Outcome) -> f64| {
            outcomes.iter().map(|outcome| value(outcome)).sum::<f64>() / outcomes.len().max(1) as f64
        };
        let asked: Vec<&Asked> = outcomes.iter().filter_map(|outcome| outcome.asked.as_ref()).collect();
        Self {
            asked_of: asked.iter().filter(|asked| asked.questions > 0).count(),
            asked: asked.iter().fold(Asked::default(), |sum, one| sum.and(one)),
            no_answer: count(Judgement::NoAnswer),
            cases: outcomes.len(),
            right: count(Judgement::Right),
            wrong: count(Judgement::Wrong),
            not_mended: count(Judgement::NotMended),
            right_percent_by_code: shares / codes.len().max(1) as f64,
            compiles: mean(|outcome| outcome.compiles as f64),
            seconds: mean(|outcome| outcome.seconds),
        }
    }

    /// Share of right ones in percent.
    pub fn right_percent(&self) -> f64 {
        percent(self.right, self.cases)
    }

    /// Share of those that compile and are wrong, in percent.
    pub fn wrong_percent(&self) -> f64 {
        percent(self.wrong, self.cases)
    }
}

fn percent(part: usize, of: usize) -> f64 {
    100.0 * part as f64 / of.max(1) as f64
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// The selection of rungs.
    pub row: String,
    /// The set; all together where it is none.
    pub set: Option<Set>,
    /// The half.
    pub half: Half,
    /// The counts.
    #[serde(flatten)]
    pub tally: Tally,
}

/// A draw by hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// Cases of each set and half, at most.
    pub limit: usize,
    /// What the draw depends on.
    pub seed: u64,
}

/// The whole result.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The compiler.
    pub compiler: String,
    /// The model, where there was one.
    pub model: Option<String>,
    /// How the cases were drawn, where not all were judged.
    pub sample: Option<Sample>,
    /// Codes that it explains.
    pub explained_codes: usize,
    /// Of these, codes that only a nightly compiler reports: not in the benchmark.
    pub nightly_codes: usize,
    /// By row, set and half.
    pub lines: Vec<Line>,
    /// What the learned rung did not know, added up: nothing of a case's own was at hand while it was judged.
    pub withheld: Withheld,
    /// By row and error code, both halves together.
    pub codes: BTreeMap<String, BTreeMap<String, Tally>>,
    /// Every case with every row.
    pub outcomes: Vec<Outcome>,
}

impl Report {
    /// Counts.
    pub fn of(compiler: &str, cases: &Cases, outcomes: Vec<Outcome>) -> Self {
        let mut rows: Vec<String> = Vec::new();
        for outcome in &outcomes {
            if !rows.contains(&outcome.row) {
                rows.push(outcome.row.clone());
            }
        }
        let (mut lines, mut codes) = (Vec::new(), BTreeMap::new());
        for row in &rows {
            let of_row: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.row == *row).collect();
            for half in Half::ALL {
                for set in [None].into_iter().chain(Set::ALL.map(Some)) {
                    let wanted = |outcome: &&&Outcome| outcome.half == half && set.is_none_or(|set| outcome.set == set);
                    let chosen: Vec<&Outcome> = of_row.iter().filter(wanted).copied().collect();
                    if !chosen.is_empty() {
                        lines.push(Line { row: row.clone(), set, half, tally: Tally::of(&chosen) });
                    }
                }
            }
            let mut by_code: BTreeMap<String, Vec<&Outcome>> = BTreeMap::new();
            for outcome in of_row {
                by_code.entry(outcome.code.clone()).or_default().push(outcome);
            }
            let tallies = by_code.into_iter().map(|(code, outcomes)| (code, Tally::of(&outcomes))).collect();
            codes.insert(row.clone(), tallies);
        }
        let mut withheld = Withheld::default();
        for of_case in outcomes.iter().filter_map(|outcome| outcome.withheld.as_ref()) {
            withheld.known += of_case.known;
            withheld.withheld += of_case.withheld;
            withheld.own_answers += of_case.own_answers;
        }
        Self {
            withheld,
            model: None,
            sample: None,
            compiler: compiler.lines().next().unwrap_or_default().to_owned(),
            explained_codes: cases.explained,
            nightly_codes: cases.nightly,
            lines,
            codes,
            outcomes,
        }
    }

    /// As tables.
    pub fn to_text(&self) -> String {
        let mut text = format!("Compiler: {}\n", self.compiler);
        if let Some(model) = &self.model {
            let _ = writeln!(text, "Model: {model}");
        }
        let _ = match self.sample {
            Some(Sample { limit, seed }) => {
                writeln!(text, "Cases: at most {limit} of each set and half, drawn by hash with seed {seed}")
            }
            None => writeln!(text, "Cases: all"),
        };
        text.push_str(
            "\n| half | set | rungs | cases | right | by code | wrong | not mended | no answer | compiles | seconds |\n",
        );
        text.push_str("|---|---|---|---|---|---|---|---|---|---|---|\n");
        let mut lines: Vec<&Line> = self.lines.iter().collect();
        lines.sort_by_key(|line| (line.half, line.set));
        for Line { row, set, half, tally } in lines {
            let set = set.map_or_else(|| "all".to_owned(), |set| set.to_string());
            let _ = writeln!(
                text,
                "| {half} | {set} | {row} | {} | {} ({:.1} %) | {:.1} % | {} ({:.1} %) | {} | {} | {:.1} | {:.2} |",
                tally.cases,
                tally.right,
                tally.right_percent(),
                tally.right_percent_by_code,
                tally.wrong,
                tally.wrong_percent(),
                tally.not_mended,
                tally.no_answer,
                tally.compiles,
                tally.seconds,
            );
        }
        let Withheld { known, withheld, own_answers } = self.withheld;
        let judged = self.outcomes.iter().filter(|outcome| outcome.withheld.is_some()).count();
        let _ = writeln!(
            text,
            "\nLearned rung: asked for {judged} cases that no earlier rung mends, each with a memory of its own, of {:.0} corrections on \
             average; {withheld} corrections of the same mission, mistake or program were left out, {own_answers} that lead to the case's \
             own answer were left in.",
            known as f64 / judged.max(1) as f64,
        );
        text.push_str(&self.model_text());
        text
    }

    /// What the model was asked, by row, set and half, and that it was told no answer.
    fn model_text(&self) -> String {
        let mut lines: Vec<&Line> = self.lines.iter().filter(|line| line.tally.asked_of > 0).collect();
        lines.sort_by_key(|line| (line.half, line.set));
        if lines.is_empty() {
            return String::new();
        }
        let mut text = String::from(
            "\n| half | set | rungs | asked of | questions | tokens of a question | tokens of an answer | model's seconds a case |\n|---|---|---|---|---|---|---|---|\n",
        );
        let mut all = Asked::default();
        for Line { row, set, half, tally } in lines {
            let Asked { questions, seconds, prompt_tokens, answer_tokens, .. } = tally.asked;
            if set.is_none() {
                all = all.and(&tally.asked);
            }
            let set = set.map_or_else(|| "all".to_owned(), |set| set.to_string());
            let each = |sum: f64, of: usize| sum / of.max(1) as f64;
            let _ = writeln!(
                text,
                "| {half} | {set} | {row} | {} | {questions} | {:.0} | {:.0} | {:.1} |",
                tally.asked_of,
                each(prompt_tokens as f64, questions),
                each(answer_tokens as f64, questions),
                each(seconds, tally.asked_of),
            );
        }
        let _ = writeln!(
            text,
            "\nModel: told {} excerpts; {} that belong to the case (its code's explanation, its mistake, its mission) were found and \
             withheld, {} that hold the case's own example or answer were told.",
            all.told, all.withheld, all.own_answers,
        );
        if let Some(reason) = &all.failed {
            let _ = writeln!(text, "The model could not always be asked; the first reason: {reason}");
        }
        text
    }

    /// By error code, one row's counts.
    pub fn codes_text(&self, row: &str) -> String {
        let mut text =
            String::from("| code | cases | right | wrong | not mended | compiles |\n|---|---|---|---|---|---|\n");
        for (code, tally) in self.codes.get(row).into_iter().flatten() {
            let Tally { cases, right, wrong, not_mended, compiles, .. } = tally;
            let _ = writeln!(text, "| {code} | {cases} | {right} | {wrong} | {not_mended} | {compiles:.1} |");
        }
        text
    }
}
