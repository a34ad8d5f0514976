//! The knowledge base of this machine: opened, and built anew where it is missing or its sources have changed.
use super::explanations;
use crate::exit::RunError;
use crate::workshop::chain;
use crate::{budget, settings};
use flightsmith_kb::{Built, KbError, KnowledgeBase, Sources, builtin, snapshot_path};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where it is kept.
pub(crate) fn folder(cache: &Path) -> PathBuf {
    cache.join("kb")
}

/// What it is made from: SDK, examples, mistakes and corpus below `source_root`, the MAVLink definitions, and the explanations of the
/// compiler in use.
fn sources(source_root: &Path, cache: &Path) -> Sources {
    Sources::of_tree(source_root).with_compiler(explanations::of_this_machine(&settings::host(), cache))
}

/// Builds it.
pub fn build(source_root: &Path, cache: &Path) -> Result<Built, RunError> {
    let folder = folder(cache);
    flightsmith_kb::build(&sources(source_root, cache), &folder, builtin().as_ref())
        .map_err(|error| failed(&folder, &error))
}

/// Opens it; builds it first where it is missing, damaged or stale. While another process builds it, an older one that is whole will do;
/// where there is none yet, the other is waited for.
pub fn open(source_root: &Path, cache: &Path) -> Result<KnowledgeBase, RunError> {
    open_from(&sources(source_root, cache), cache)
}

fn open_from(sources: &Sources, cache: &Path) -> Result<KnowledgeBase, RunError> {
    let folder = folder(cache);
    let snapshot = snapshot_path(&folder);
    let mut waited = Duration::ZERO;
    loop {
        let opened = KnowledgeBase::open_snapshot(&snapshot);
        if let Ok(kb) = &opened
            && kb.is_stale(sources).is_ok_and(|stale| !stale)
        {
            return opened.map_err(|error| failed(&folder, &error));
        }
        match flightsmith_kb::build(sources, &folder, builtin().as_ref()) {
            Ok(_) => return KnowledgeBase::open_snapshot(&snapshot).map_err(|error| failed(&folder, &error)),
            Err(KbError::Busy { .. }) if opened.is_ok() => return opened.map_err(|error| failed(&folder, &error)),
            Err(KbError::Busy { .. }) if waited < budget::KB_BUILD => {
                std::thread::sleep(LOOK_AGAIN);
                waited += LOOK_AGAIN;
            }
            Err(error) => return Err(failed(&folder, &error)),
        }
    }
}

/// Pause before looking again whether the other process has published.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

pub(crate) fn failed(folder: &Path, error: &KbError) -> RunError {
    RunError::files(folder, chain(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A source tree with an SDK of one function.
    fn tree(root: &Path, docs: &str) {
        for crate_src in ["sdk/src", "crates/mission/src"] {
            fs::create_dir_all(root.join(crate_src)).expect("made");
            fs::write(root.join(crate_src).join("lib.rs"), format!("/// {docs}\npub fn land() {{}}\n"))
                .expect("written");
        }
    }

    #[test]
    fn what_is_stale_is_built_anew_unless_another_process_does() {
        let dir = tempfile::tempdir().expect("a folder");
        let (root, cache) = (dir.path().join("tree"), dir.path().join("cache"));
        let open = |root: &Path, cache: &Path| open_from(&Sources::of_tree(root), cache);
        let land = |kb: &KnowledgeBase| kb.item("rust:flightsmith_sdk::land").map(|item| item.text.clone());
        tree(&root, "First.");
        assert_eq!(land(&open(&root, &cache).expect("built")).as_deref(), Some("First."));

        tree(&root, "Second.");
        let held = flightsmith_kb::hold(&folder(&cache)).expect("free");
        assert_eq!(land(&open(&root, &cache).expect("the old one")).as_deref(), Some("First."));
        drop(held);
        assert_eq!(land(&open(&root, &cache).expect("built")).as_deref(), Some("Second."));

        fs::write(snapshot_path(&folder(&cache)), "damaged").expect("written");
        assert_eq!(land(&open(&root, &cache).expect("built")).as_deref(), Some("Second."));
    }

    #[test]
    fn who_has_none_waits_for_the_one_that_builds() {
        let dir = tempfile::tempdir().expect("a folder");
        let (root, cache) = (dir.path().join("tree"), dir.path().join("cache"));
        tree(&root, "First.");
        let held = flightsmith_kb::hold(&folder(&cache)).expect("free");
        std::thread::scope(|scope| {
            let readers: Vec<_> = (0..3)
                .map(|_| scope.spawn(|| open_from(&Sources::of_tree(&root), &cache).map(|kb| kb.len())))
                .collect();
            drop(held);
            let counts: Vec<_> = readers.into_iter().map(|reader| reader.join().expect("no panic").ok()).collect();
            assert!(
                counts[0].is_some_and(|count| count > 100) && counts.iter().all(|count| *count == counts[0]),
                "{counts:?}"
            );
        });
    }
}
