//! `bench [N ..] [crossover] [efforts] [--keep DIR]`: sizes to measure at (10,000 where none is given). Prints what a knowledge base costs: building, opening,
//! searching, memory, what the graph misses, and from which size on it is worth having. What it builds goes when it ends, or stays in
//! `DIR`, where the next run finds it: a million items take a while to build.
//!
//! Items are synthetic: words of the MAVLink definitions, drawn by topic with a seed, so that some are near each other and most are not.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
use flightsmith_kb::measure::{Measured, crossover, recall_by_effort};
use flightsmith_kb::{Filter, Item, Kind, KnowledgeBase, Sources, builtin, publish};
use std::path::{Path, PathBuf};
use std::time::Instant;

const SEED: u64 = 42;
const QUERIES: usize = 2_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words = Words::new()?;
    if arguments.iter().any(|word| word == "crossover") {
        let items: Vec<Item> = (0..80_000).map(|number| words.item(number)).collect();
        for Measured { size, exact_us, graph_us, recall } in
            crossover(&items, &[2_500, 5_000, 10_000, 20_000, 40_000, 80_000], builtin().as_ref())?
        {
            println!("{size:>8} vectors: each {exact_us:>6.0} us, graph {graph_us:>6.0} us, recall@10 {recall:.3}");
        }
    }
    let mut sizes: Vec<usize> = arguments.iter().filter_map(|word| word.parse().ok()).collect();
    if sizes.is_empty() {
        sizes.push(10_000);
    }
    let until_the_end = tempfile::tempdir()?;
    let kept = arguments.iter().skip_while(|word| *word != "--keep").nth(1).map(PathBuf::from);
    let efforts = arguments.iter().any(|word| word == "efforts");
    for size in sizes {
        measure(&words, size, efforts, kept.as_deref().unwrap_or_else(|| until_the_end.path()))?;
    }
    Ok(())
}

fn measure(words: &Words, size: usize, efforts: bool, dir: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let path = dir.join(format!("{size}.kb"));
    if !path.exists() {
        let (started, ran_us) = (Instant::now(), processor_time_us());
        publish(&path, (0..size).map(|number| words.item(number)), "synthetic", builtin().as_ref())?;
        let (built_s, built_alone_s) = (started.elapsed().as_secs_f64(), (processor_time_us() - ran_us) / 1e6);
        println!("{size:>8} items: built in {built_s:.1} s ({built_alone_s:.1} s on the processor)");
    }
    let file_mb = std::fs::metadata(&path)?.len() as f64 / 1e6;
    let before_mb = resident_mb();
    let mut opened_ms: Vec<f64> = (0..5)
        .map(|_| {
            let started = Instant::now();
            KnowledgeBase::open_snapshot(&path).map(|_| started.elapsed().as_secs_f64() * 1e3)
        })
        .collect::<Result<_, _>>()?;
    opened_ms.sort_by(f64::total_cmp);
    let kb = KnowledgeBase::open_snapshot(&path)?;
    let memory_mb = resident_mb() - before_mb;
    let only = Filter { kinds: vec![Kind::Example], ..Filter::default() };
    for (name, filter) in [("all", Filter::default()), ("a tenth passes", only)] {
        let (mut wall_us, mut processor_us) = (Vec::new(), Vec::new());
        for number in 0..QUERIES {
            let query = words.query(number);
            let (started, ran_us) = (Instant::now(), processor_time_us());
            let hits = kb.search(&query, 10, &filter).len();
            wall_us.push(started.elapsed().as_secs_f64() * 1e6);
            processor_us.push(processor_time_us() - ran_us);
            assert!(hits <= 10);
        }
        println!("{size:>8} items, {name}: {}; on the processor {}", spread(&mut wall_us), spread(&mut processor_us));
    }
    if efforts {
        let queries = (0..300).map(|number| words.query(number));
        for (effort, us, recall) in recall_by_effort(&kb, queries, &[160, 320, 640, 1_280, 1_920, 2_560, 3_840])? {
            println!("{size:>8} items: {effort:>5} candidates kept open: {us:.0} us, recall@10 of exact {recall:.3}");
        }
    }
    let (recall, recall_f32) = flightsmith_kb::measure::recall(&kb, (0..300).map(|number| words.query(number)))?;
    println!(
        "{size:>8} items: file {file_mb:.0} MB, opens in {:.1} ms (median of 5), {memory_mb:.0} MB resident; \
         recall@10 of exact {recall:.3}, of exact before rounding to 8 bits {recall_f32:.3}",
        opened_ms[2]
    );
    Ok(())
}

fn spread(us: &mut [f64]) -> String {
    us.sort_by(f64::total_cmp);
    format!("p50 {:.0} us, p99 {:.0} us, longest {:.0} us", us[us.len() / 2], us[us.len() * 99 / 100], us[us.len() - 1])
}

/// How long this thread has run, in microseconds: on a machine that others use too, what a search takes and not what it waits for. 0 where
/// the machine keeps no account.
fn processor_time_us() -> f64 {
    let account = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    account.split_whitespace().next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(0.0) / 1e3
}

/// The machine's own account of this process, in MB; 0 where it keeps none.
fn resident_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1e3
}

struct Words(Vec<String>);

impl Words {
    fn new() -> Result<Self, Box<dyn std::error::Error>> {
        let items = Sources::mavlink_only().read()?;
        let mut words: Vec<String> = items
            .iter()
            .flat_map(|item| item.text.split_whitespace().chain([item.title.as_str()]))
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
            .filter(|word| word.len() > 1)
            .collect();
        words.sort_unstable();
        words.dedup();
        Ok(Self(words))
    }

    fn draw(&self, random: &mut Random, topic: usize) -> &str {
        let all = self.0.len();
        // Two thirds of a text's words are of its topic's sixty, most of them the topic's first few.
        let square = random.below(60 * 60).isqrt();
        let place = if random.below(3) < 2 { topic * 61 + 59 - square } else { random.below(all) };
        &self.0[place % all]
    }

    fn item(&self, number: usize) -> Item {
        let mut random = Random(SEED ^ (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let topic = random.below(500);
        let length = 15 + random.below(50);
        let text: Vec<&str> = (0..length).map(|_| self.draw(&mut random, topic)).collect();
        Item {
            id: format!("synthetic:{number:09}"),
            kind: if random.below(10) == 0 { Kind::Example } else { Kind::Function },
            title: format!("{}_{}_{number}", text[0].to_lowercase(), text[1].to_lowercase()),
            text: text[2..].join(" "),
            code: String::new(),
            source: "drawn".into(),
            licence: "CC0-1.0".into(),
            autopilot: None,
            asked: String::new(),
            dialect: None,
            sdk_version: None,
        }
    }

    fn query(&self, number: usize) -> String {
        let mut random = Random(!SEED ^ (number as u64).wrapping_mul(0xd134_2543_de82_ef95));
        let topic = random.below(500);
        let length = 2 + random.below(10);
        (0..length).map(|_| self.draw(&mut random, topic)).collect::<Vec<_>>().join(" ")
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit.max(1) as u64) as usize
    }
}
