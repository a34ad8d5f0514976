//! What people say, and what the knowledge base calls it: `data/glossary.txt`, for the ranking by words.
use crate::tokens::Analysis;
use std::collections::HashMap;
use std::sync::OnceLock;

const TEXT: &str = include_str!("../data/glossary.txt");

/// By the stem of a word that is said: the tokens to look for too.
type Glossary = HashMap<String, Vec<String>>;

/// The tokens that a word's stem stands for too; none for most.
pub(crate) fn also(stem: &str) -> &'static [String] {
    static GLOSSARY: OnceLock<Glossary> = OnceLock::new();
    GLOSSARY.get_or_init(|| read(TEXT)).get(stem).map_or(&[], Vec::as_slice)
}

fn read(text: &str) -> Glossary {
    let analysis = Analysis::default();
    let mut glossary = Glossary::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((said, called)) = line.split_once(':') else { continue };
        let called: Vec<String> =
            called.split(',').flat_map(|word| analysis.tokens(word).into_iter().take(1)).collect();
        for said in said.split(',') {
            for stem in analysis.tokens(said).into_iter().take(1) {
                let entry = glossary.entry(stem.clone()).or_default();
                entry.extend(called.iter().filter(|word| **word != stem).cloned());
                entry.dedup();
            }
        }
    }
    glossary
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_leads_to_what_it_is_called() {
        let analysis = Analysis::default();
        for (said, called) in [("picture", "photo"), ("pictures", "photo"), ("spinning", "turn"), ("uav", "vehicle")] {
            let found = also(&analysis.stem(said));
            assert!(found.iter().any(|word| *word == analysis.stem(called)), "{said}: {found:?}");
        }
        assert_eq!(also("xyzzy"), [""; 0]);
    }

    #[test]
    fn every_line_says_something() {
        for line in TEXT.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (said, called) = line.split_once(':').expect(line);
            assert!(!said.trim().is_empty() && !called.trim().is_empty(), "{line:?} leads nowhere");
        }
    }
}
