//! Outcomes counted: by row, set and half, and by error code.
use super::Cases;
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
    /// Share of right ones in percent where every error code counts the same.
    pub right_percent_by_code: f64,
    /// Compiles of one case on average.
    pub compiles: f64,
    /// Seconds of one case on average.
    pub seconds: f64,
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
        Self {
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

/// The whole result.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The compiler.
    pub compiler: String,
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
        let mut text = format!("Compiler: {}\n\n", self.compiler);
        text.push_str("| half | set | rungs | cases | right | by code | wrong | not mended | compiles | seconds |\n");
        text.push_str("|---|---|---|---|---|---|---|---|---|---|\n");
        let mut lines: Vec<&Line> = self.lines.iter().collect();
        lines.sort_by_key(|line| (line.half, line.set));
        for Line { row, set, half, tally } in lines {
            let set = set.map_or_else(|| "all".to_owned(), |set| set.to_string());
            let _ = writeln!(
                text,
                "| {half} | {set} | {row} | {} | {} ({:.1} %) | {:.1} % | {} ({:.1} %) | {} | {:.1} | {:.2} |",
                tally.cases,
                tally.right,
                tally.right_percent(),
                tally.right_percent_by_code,
                tally.wrong,
                tally.wrong_percent(),
                tally.not_mended,
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
