//! Training: texts and synonyms to a table. The same texts give the same bytes, on every machine.
use super::cooccurrence::mutual_information;
use super::decompose::largest;
use super::file::Trained;
use super::{Table, add, buckets};
use crate::embed::normalise;
use crate::item::Item;
use crate::record::hex;
use crate::tokens::tokens;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Length of the vectors.
pub const DIMS: usize = 256;
/// Words at most, the most frequent first.
const WORDS: usize = 24_000;
/// A word that occurs less often is its letters.
const OCCURRENCES: u32 = 2;
/// Buckets of letters.
const BUCKETS: usize = 14_000;
/// Eigenvalues to this power: less than all of it, so that the first do not drown the others.
const POWER: f64 = 0.35;
/// Words that are more frequent than this part of all weigh less than half.
const FREQUENT: f64 = 2e-3;
/// How far synonyms are drawn together (Faruqui and others 2015, "Retrofitting word vectors").
const ROUNDS: usize = 10;
const SEED: u64 = 0x666c_6967_6874;

/// What a table is trained on.
pub struct Corpus {
    texts: Vec<String>,
    synonyms: Vec<Vec<String>>,
}

impl Corpus {
    /// The items' texts, further texts (glossaries), and groups of words that mean the same: one group a line, separated by commas; `#`
    /// begins a remark.
    pub fn new(items: &[Item], more: &[String], synonyms: &str) -> Self {
        let whole = |item: &Item| format!("{} {} {} {} {}", item.title, item.title, item.asked, item.text, item.code);
        let mut texts: Vec<String> = items.iter().map(whole).collect();
        // What it is called beside what it is for, again and without the rest: these are the words of questions and of their answers.
        let said = |text: &str, item: &Item| format!("{} {}", item.title, text.replace('\n', " "));
        texts.extend(items.iter().map(|item| said(item.lead_and_rest().0, item)));
        texts.extend(items.iter().filter(|item| !item.asked.is_empty()).map(|item| said(&item.asked, item)));
        texts.extend(more.iter().flat_map(|text| text.lines().map(str::to_owned)));
        let group =
            |line: &str| line.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect();
        let lines = synonyms.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
        let synonyms: Vec<Vec<String>> = lines.filter(|line| !line.is_empty()).map(group).collect();
        // Each group is a text as well: words that only the list has get a place near the others.
        texts.extend(synonyms.iter().map(|group| group.join(" ")));
        Self { texts, synonyms }
    }

    /// SHA-256 over all of it.
    pub fn digest(&self) -> String {
        let mut hasher = Sha256::new();
        for text in self.texts.iter().chain(self.synonyms.iter().flatten()) {
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text);
        }
        hex(&hasher.finalize())
    }
}

/// The bytes of the table.
pub fn train(corpus: &Corpus) -> Vec<u8> {
    let texts: Vec<Vec<String>> = corpus.texts.iter().map(|text| tokens(text)).collect();
    let words = vocabulary(&texts, &corpus.synonyms);
    let numbers: BTreeMap<&str, u32> =
        words.iter().enumerate().map(|(number, (word, _))| (word.as_str(), number as u32)).collect();
    let numbered: Vec<Vec<u32>> =
        texts.iter().map(|text| text.iter().filter_map(|word| numbers.get(word.as_str()).copied()).collect()).collect();
    let matrix = mutual_information(&numbered, words.len());
    let dims = DIMS.min(words.len().saturating_sub(1)).max(1);
    let (values, components) = largest(&matrix, dims, SEED);
    let factors: Vec<f32> = values.iter().map(|value| libm::pow(f64::from(value.abs()), POWER) as f32).collect();
    let mut vectors: Vec<Vec<f32>> = components
        .into_iter()
        .map(|row| {
            let mut vector: Vec<f32> = row.iter().zip(&factors).map(|(x, factor)| x * factor).collect();
            normalise(&mut vector);
            vector
        })
        .collect();
    draw_together(&mut vectors, &corpus.synonyms, &numbers);
    let all: f64 = words.iter().map(|(_, count)| f64::from(*count)).sum();
    let weighted = words.iter().zip(vectors).map(|((word, count), vector)| {
        let weight = FREQUENT / (FREQUENT + f64::from(*count) / all);
        (word.clone(), weight as f32, vector)
    });
    let mut trained = Trained { words: weighted.collect(), buckets: Vec::new(), common: vec![0.0; dims], dims };
    trained.buckets = letters(&trained.words, dims);
    let digest = corpus.digest();
    // What texts have in common is found with the table as it will be used.
    let table = Table::of_bytes(Cow::Owned(trained.to_bytes(&digest))).expect("what was just written is whole");
    trained.common = common(&corpus.texts, &table);
    trained.to_bytes(&digest)
}

/// The words and how often each occurs, sorted by word.
fn vocabulary(texts: &[Vec<String>], synonyms: &[Vec<String>]) -> Vec<(String, u32)> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for word in texts.iter().flatten() {
        *counts.entry(word).or_default() += 1;
    }
    let named: BTreeSet<String> = synonyms.iter().flatten().flat_map(|word| tokens(word)).collect();
    let frequent = |(word, count): &(&str, u32)| *count >= OCCURRENCES || named.contains(*word);
    let mut words: Vec<(&str, u32)> = counts.into_iter().filter(frequent).collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    words.truncate(WORDS);
    words.sort_unstable();
    words.into_iter().map(|(word, count)| (word.to_owned(), count)).collect()
}

/// Each word moves towards the mean of its synonyms, half of the way, and stays half where its company put it.
fn draw_together(vectors: &mut [Vec<f32>], synonyms: &[Vec<String>], numbers: &BTreeMap<&str, u32>) {
    let mut links: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for group in synonyms {
        // Of an entry of several words, no single one means the same as the others of its group.
        let single = |entry: &String| {
            let words = tokens(entry);
            (words.len() == 1).then(|| numbers.get(words[0].as_str())).flatten().map(|number| *number as usize)
        };
        let members: Vec<usize> = group.iter().filter_map(single).collect();
        for a in &members {
            for b in members.iter().filter(|b| *b != a) {
                links.entry(*a).or_default().insert(*b);
            }
        }
    }
    let own: BTreeMap<usize, Vec<f32>> = links.keys().map(|number| (*number, vectors[*number].clone())).collect();
    for _ in 0..ROUNDS {
        for (number, near) in &links {
            let mut vector = own[number].clone();
            for other in near {
                add(&vectors[*other], 1.0 / near.len() as f32, &mut vector);
            }
            normalise(&mut vector);
            vectors[*number] = vector;
        }
    }
}

/// A bucket's vector is the mean of the words that have a piece in it, rare words more.
fn letters(words: &[(String, f32, Vec<f32>)], dims: usize) -> Vec<Vec<f32>> {
    let mut sums = vec![vec![0.0; dims]; BUCKETS];
    let mut weights = vec![0.0_f32; BUCKETS];
    for (word, weight, vector) in words {
        for bucket in buckets(word, BUCKETS) {
            add(vector, *weight, &mut sums[bucket]);
            weights[bucket] += weight;
        }
    }
    for (sum, weight) in sums.iter_mut().zip(weights) {
        // Pieces of many words say less: their mean is short, and stays so.
        sum.iter_mut().for_each(|x| *x /= weight.max(1.0));
    }
    sums
}

/// The direction in which all texts point: the first principal component, by repeated multiplication.
fn common(texts: &[String], table: &Table) -> Vec<f32> {
    let vectors: Vec<Vec<f32>> = texts.iter().map(|text| table.embed(text)).collect();
    let mut direction = vec![1.0; table.dims()];
    normalise(&mut direction);
    for _ in 0..20 {
        let mut next = vec![0.0; table.dims()];
        for vector in &vectors {
            let along: f32 = vector.iter().zip(&direction).map(|(a, b)| a * b).sum();
            add(vector, along, &mut next);
        }
        normalise(&mut next);
        direction = next;
    }
    direction
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corpus() -> Corpus {
        let more: Vec<String> = ["climb up high", "ascend up high", "the battery is low", "the cell is low"]
            .iter()
            .flat_map(|text| vec![(*text).to_owned(); 3])
            .collect();
        Corpus::new(&[], &more, "# remarks\nsoar, fly # and\n")
    }

    #[test]
    fn the_same_texts_give_the_same_bytes_and_company_gives_meaning() {
        let bytes = train(&corpus());
        assert_eq!(bytes, train(&corpus()));
        let table = Table::of_bytes(Cow::Owned(bytes.clone())).expect("whole");
        assert_eq!((table.corpus(), table.words()), (corpus().digest().as_str(), 11));
        let likeness =
            |a: &str, b: &str| -> f32 { table.embed(a).iter().zip(table.embed(b)).map(|(a, b)| a * b).sum() };
        assert!(likeness("climb", "ascend") > likeness("climb", "battery") + 0.3);
        assert!(likeness("soar", "fly") > 0.8);
        // A word that it does not know is near what it looks like.
        assert!(likeness("batery", "battery") > likeness("batery", "climb"));
        assert!(Table::of_bytes(Cow::Owned(bytes[..bytes.len() - 1].to_vec())).is_none());
        assert_eq!(format!("{:08x}", crc32fast::hash(&bytes)), "2c8a8858", "the bits are the same on every machine");
    }
}
