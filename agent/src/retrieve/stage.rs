//! The knowledge base of this machine: opened, and built anew where it is missing or its sources have changed.
use super::{embedding, explanations};
use crate::budget;
use crate::exit::{RunError, chain};
use crate::workshop::Workshop;
use flightsmith_kb::{Built, Embedder, KbError, KnowledgeBase, Sources, Store, snapshot_path};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Where the knowledge base is below the user's data.
pub fn folder(data: &Path) -> PathBuf {
    data.join("kb")
}

/// What it is made from: SDK, examples, mistakes and corpus below `source_root`, the MAVLink definitions, and the explanations of the
/// compiler in use.
fn sources(shop: &Workshop) -> Sources {
    Sources::of_tree(&shop.source_root).with_compiler(explanations::of_this_machine(&shop.host, &shop.cache))
}

/// Builds it. A damaged store is moved aside, and what was learned is taken over from what was last published; a note says so.
pub fn build(shop: &Workshop) -> Result<Built, RunError> {
    let folder = folder(&shop.data);
    let embedder = embedding::connect(&shop.embedding)?;
    let mut warn = |text: &str| shop.events.note(text);
    build_from(&sources(shop), &folder, embedder.as_ref(), &mut warn).map_err(|error| failed(&folder, &error))
}

fn build_from(
    sources: &Sources,
    folder: &Path,
    embedder: &dyn Embedder,
    warn: &mut dyn FnMut(&str),
) -> Result<Built, KbError> {
    let digest = sources.digest(embedder.id())?;
    let items = sources.read()?;
    let (store, aside) = Store::open_or_recover(folder)?;
    if let Some(aside) = aside {
        warn(&format!("the store of the knowledge base was damaged; it is kept in {}", aside.display()));
    }
    store.build(items, digest, embedder)
}

/// Opens it; builds it first where it is missing, damaged, stale or of another embedding. While another process builds it, an older one
/// that is whole will do; where there is none yet, the other is waited for.
pub fn open(shop: &Workshop) -> Result<KnowledgeBase, RunError> {
    let mut warn = |text: &str| shop.events.note(text);
    open_from(&sources(shop), &shop.data, embedding::connect(&shop.embedding)?, &mut warn)
}

fn open_from(
    sources: &Sources,
    data: &Path,
    embedder: Arc<dyn Embedder>,
    warn: &mut dyn FnMut(&str),
) -> Result<KnowledgeBase, RunError> {
    let folder = folder(data);
    let snapshot = snapshot_path(&folder);
    let open = || KnowledgeBase::open_snapshot_with(&snapshot, Box::new(embedder.clone()));
    let mut waited = Duration::ZERO;
    loop {
        let opened = open();
        if let Ok(kb) = &opened
            && !kb.graph_lost()
            && is_fresh(kb, sources, &folder)
        {
            return opened.map_err(|error| failed(&folder, &error));
        }
        match build_from(sources, &folder, embedder.as_ref(), warn) {
            Ok(_) => return open().map_err(|error| failed(&folder, &error)),
            Err(KbError::Busy { .. }) if opened.is_ok() => return opened.map_err(|error| failed(&folder, &error)),
            Err(KbError::Busy { .. }) if waited < budget::KB_BUILD => {
                std::thread::sleep(LOOK_AGAIN);
                waited += LOOK_AGAIN;
            }
            Err(error) => return Err(failed(&folder, &error)),
        }
    }
}

/// Whether the sources are what it was built from. To read them all takes longer than a search: where they were once found to be that,
/// what they looked like then is kept in `folder`, and is all that is looked at as long as they look the same.
fn is_fresh(kb: &KnowledgeBase, sources: &Sources, folder: &Path) -> bool {
    let kept = folder.join("fresh");
    let Ok(looks) = sources.looks() else { return false };
    let witness = format!("{} {}", kb.sources_digest(), looks.to_hex());
    if std::fs::read_to_string(&kept).is_ok_and(|read| read == witness) {
        return true;
    }
    let is_fresh = kb.is_stale(sources).is_ok_and(|stale| !stale);
    if is_fresh && looks.are_settled() {
        // Where it cannot be kept, the sources are read again next time.
        drop(std::fs::write(&kept, witness));
    }
    is_fresh
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
    use std::time::Instant;

    fn builtin() -> Arc<dyn Embedder> {
        Arc::from(flightsmith_kb::builtin())
    }

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
        let (root, data) = (dir.path().join("tree"), dir.path().join("data"));
        let open = |root: &Path, data: &Path| open_from(&Sources::of_tree(root), data, builtin(), &mut |_| ());
        let land = |kb: &KnowledgeBase| kb.item("rust:flightsmith_sdk::land").map(|item| item.text.clone());
        tree(&root, "First.");
        assert_eq!(land(&open(&root, &data).expect("built")).as_deref(), Some("First."));

        // Within one process a store is let go a little after it was dropped.
        let until = Instant::now() + Duration::from_secs(30);
        let soon = |it: &mut dyn FnMut() -> bool| {
            while !it() {
                assert!(Instant::now() < until, "the store was not let go");
                std::thread::sleep(Duration::from_millis(10));
            }
        };
        tree(&root, "Second.");
        let mut held = None;
        soon(&mut || {
            held = flightsmith_kb::hold(&folder(&data)).ok();
            held.is_some()
        });
        assert_eq!(land(&open(&root, &data).expect("the old one")).as_deref(), Some("First."));
        drop(held);
        soon(&mut || land(&open(&root, &data).expect("built")).as_deref() == Some("Second."));

        fs::write(snapshot_path(&folder(&data)), "damaged").expect("written");
        assert_eq!(land(&open(&root, &data).expect("built")).as_deref(), Some("Second."));
    }

    #[test]
    fn what_has_not_changed_is_not_read_again_and_what_has_is() {
        let dir = tempfile::tempdir().expect("a folder");
        let (root, data) = (dir.path().join("tree"), dir.path().join("data"));
        let file = root.join("sdk/src/lib.rs");
        let age = |age_s: u64| {
            let time = std::time::SystemTime::now() - Duration::from_secs(age_s);
            for file in [&file, &root.join("crates/mission/src/lib.rs")] {
                fs::File::options().write(true).open(file).and_then(|file| file.set_modified(time)).expect("set");
            }
        };
        let open = || open_from(&Sources::of_tree(&root), &data, builtin(), &mut |_| ());
        let land = || open().expect("opened").item("rust:flightsmith_sdk::land").map(|item| item.text.clone());
        tree(&root, "First.");
        age(1_000);
        assert_eq!(land().as_deref(), Some("First."));
        assert_eq!(land().as_deref(), Some("First."));
        let kept = fs::read_to_string(folder(&data).join("fresh")).expect("kept");
        assert!(kept.starts_with(open().expect("opened").sources_digest()), "{kept}");

        // Same length, another time: the files are read.
        tree(&root, "Other.");
        age(500);
        assert_eq!(land().as_deref(), Some("Other."));
        // What has just changed might change again unseen: nothing is kept.
        tree(&root, "Third.");
        assert_eq!(land().as_deref(), Some("Third."));
        assert_eq!(land().as_deref(), Some("Third."));
        let kept = fs::read_to_string(folder(&data).join("fresh")).unwrap_or_default();
        assert!(!kept.starts_with(open().expect("opened").sources_digest()), "{kept}");
    }

    #[test]
    fn of_another_embedding_it_is_built_anew() {
        let dir = tempfile::tempdir().expect("a folder");
        let (root, data) = (dir.path().join("tree"), dir.path().join("data"));
        tree(&root, "First.");
        let hashed = || -> Arc<dyn Embedder> { Arc::new(flightsmith_kb::HashedNgrams) };
        for embedder in [hashed(), builtin(), hashed()] {
            let kb = open_from(&Sources::of_tree(&root), &data, embedder.clone(), &mut |_| ()).expect("built");
            assert_eq!(kb.embedder().id(), embedder.id());
            let hits = kb.search("land", 1, &flightsmith_kb::Filter::default());
            assert!(hits[0].vectors_rank.is_some());
        }
    }

    #[test]
    fn who_has_none_waits_for_the_one_that_builds() {
        let dir = tempfile::tempdir().expect("a folder");
        let (root, data) = (dir.path().join("tree"), dir.path().join("data"));
        tree(&root, "First.");
        let held = flightsmith_kb::hold(&folder(&data)).expect("free");
        std::thread::scope(|scope| {
            let readers: Vec<_> = (0..3)
                .map(|_| {
                    scope
                        .spawn(|| open_from(&Sources::of_tree(&root), &data, builtin(), &mut |_| ()).map(|kb| kb.len()))
                })
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
