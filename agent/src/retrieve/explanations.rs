//! The explanations of the compiler in use (`rustc --explain`), asked once for each of its versions and kept in the cache.
use flightsmith_kb::Looks;
use flightsmith_kb::corpus::compiler::CompilerTexts;
use flightsmith_toolchain::host::Host;
use flightsmith_toolchain::process::ProcessError;
use flightsmith_toolchain::targets::{self, Target, Toolchain};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;
use std::{fs, thread};

/// Codes are asked for up to here; rustc 1.95 ends at E0806.
const LAST_CODE: u32 = 850;
/// One answer takes 12 ms.
const ANSWER: Duration = Duration::from_secs(20);

/// Every code that a compiler may explain, and many that none does.
pub fn codes() -> impl Iterator<Item = String> {
    (1..=LAST_CODE).map(|number| format!("E{number:04}"))
}

/// What `rustc --explain` says, if it knows the code.
///
/// # Errors
/// The compiler cannot be run.
pub fn ask(host: &Host, rustc: &Path, code: &str) -> Result<Option<String>, ProcessError> {
    let output = host.ask(rustc, &["--explain", code], ANSWER)?;
    Ok(output.success().then(|| output.stdout_text()))
}

/// Every explanation of the compiler for this machine; nothing where there is no compiler, or it explains nothing.
pub fn of_this_machine(host: &Host, cache: &Path) -> Option<CompilerTexts> {
    let asked = cache.join("compiler.json");
    let known = read::<Known>(&asked).filter(|known| known.looks == looks(host, &known.rustc));
    if let Some(known) = known
        && let Some(texts) = read(&cache.join(format!("explanations-{}.json", known.version)))
    {
        return Some(CompilerTexts { version: known.version, texts });
    }
    let toolchain = targets::find(Target::Host, host).ok()?;
    let version = toolchain.version.lines().find_map(|line| line.strip_prefix("release: "))?.to_owned();
    let looks = looks(host, &toolchain.rustc);
    keep(cache, &asked, &Known { version: version.clone(), rustc: toolchain.rustc.clone(), looks });
    let kept = cache.join(format!("explanations-{version}.json"));
    if let Some(texts) = read(&kept) {
        return Some(CompilerTexts { version, texts });
    }
    let texts = ask_all(host, &toolchain);
    if texts.is_empty() {
        return None;
    }
    keep(cache, &kept, &texts);
    Some(CompilerTexts { version, texts })
}

/// Which compiler answered last. To ask it takes two processes, longer than a search of the knowledge base.
#[derive(Serialize, Deserialize)]
struct Known {
    version: String,
    rustc: PathBuf,
    /// What decided that it is this one, and what it was, seen from outside.
    looks: String,
}

/// All that decides which compiler runs: what stands on `PATH`, the compiler itself, rustup's settings, and the files that choose one for
/// a folder.
fn looks(host: &Host, rustc: &Path) -> String {
    let mut looks = Looks::default();
    for path in [host.find("rustc").as_deref(), Some(rustc), Some(&host.rustup_home.join("settings.toml"))] {
        looks.add_file_if_there(path.unwrap_or(Path::new("none")));
    }
    // rustup's settings may name a compiler for a folder.
    let here = std::env::current_dir().unwrap_or_default();
    looks.add(here.as_os_str().as_encoded_bytes());
    for folder in here.ancestors() {
        looks.add_file_if_there(&folder.join("rust-toolchain"));
        looks.add_file_if_there(&folder.join("rust-toolchain.toml"));
    }
    looks.to_hex()
}

fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// What cannot be kept is asked for again; two who write at once write the same, each whole.
fn keep(cache: &Path, path: &Path, value: &impl Serialize) {
    let written = serde_json::to_vec(value).ok().and_then(|bytes| {
        fs::create_dir_all(cache).ok()?;
        let mut file = tempfile::NamedTempFile::new_in(cache).ok()?;
        std::io::Write::write_all(&mut file, &bytes).ok()?;
        file.persist(path).ok()
    });
    drop(written);
}

/// Asks for every code, on all cores.
fn ask_all(host: &Host, toolchain: &Toolchain) -> BTreeMap<String, String> {
    let left = Mutex::new(codes());
    let next = || left.lock().ok().and_then(|mut codes| codes.next());
    let ask_on = || {
        let answer = |code: String| ask(host, &toolchain.rustc, &code).ok().flatten().map(|text| (code, text));
        std::iter::from_fn(next).filter_map(answer).collect::<Vec<_>>()
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let asking: Vec<_> = (0..workers).map(|_| scope.spawn(ask_on)).collect();
        asking.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_this_compiler_is_asked_for_once() {
        let dir = tempfile::tempdir().expect("a folder");
        let host = crate::settings::host();
        let texts = of_this_machine(&host, dir.path()).expect("a compiler");
        assert!(texts.texts.len() >= 518, "{}", texts.texts.len());
        assert!(texts.texts["E0382"].contains("moved"));
        // What is kept is taken, not asked for again.
        let kept = dir.path().join(format!("explanations-{}.json", texts.version));
        fs::write(&kept, r#"{"E0001": "kept"}"#).expect("written");
        assert_eq!(of_this_machine(&host, dir.path()).expect("kept").texts["E0001"], "kept");
        // Which compiler it is, is kept too, and only while all that decides it looks the same.
        let asked = dir.path().join("compiler.json");
        let known: Known = read(&asked).expect("kept");
        let elsewhere = Known { version: "0.0.1".into(), ..known };
        keep(dir.path(), &dir.path().join("explanations-0.0.1.json"), &BTreeMap::from([("E0001", "older")]));
        keep(dir.path(), &asked, &elsewhere);
        assert_eq!(of_this_machine(&host, dir.path()).expect("known").version, "0.0.1");
        keep(dir.path(), &asked, &Known { looks: "other".into(), ..elsewhere });
        assert_eq!(of_this_machine(&host, dir.path()).expect("asked").version, texts.version);
    }
}
