//! A knowledge base from build to search, and what happens to a damaged one.
use flightsmith_kb::trained::Builtin;
use flightsmith_kb::{
    Embedder, Filter, HashedNgrams, KbError, Kind, KnowledgeBase, RustSource, Sources, build, snapshot_path,
};
use std::path::Path;

fn sources(src: &Path) -> Sources {
    Sources {
        rust: vec![RustSource { name: "toy_sdk".into(), src: src.to_owned(), licence: "MIT".into() }],
        ..Sources::mavlink_only()
    }
}

const TOY: &str = "/// Flies straight to a place, in metres from home.\npub fn go_to(place: PositionNed) {}\n\
    /// Lands on the spot.\npub fn land() {}\n/// Takes one photo and waits until the camera confirms it.\npub fn take_photo() {}\n";

struct Toy {
    dir: tempfile::TempDir,
    sources: Sources,
}

fn toy() -> Toy {
    let dir = tempfile::tempdir().expect("a folder");
    let src = dir.path().join("src");
    std::fs::create_dir(&src).expect("made");
    std::fs::write(src.join("lib.rs"), TOY).expect("written");
    let sources = sources(&src);
    Toy { dir, sources }
}

impl Toy {
    fn kb(&self) -> std::path::PathBuf {
        self.dir.path().join("kb")
    }
    fn open(&self) -> Result<KnowledgeBase, KbError> {
        KnowledgeBase::open_snapshot(&snapshot_path(&self.kb()))
    }
}

#[test]
fn identifiers_words_and_spellings_are_found() {
    let toy = toy();
    build(&toy.sources, &toy.kb(), &Builtin).expect("built");
    let kb = toy.open().expect("published");
    let first = |query: &str| kb.search(query, 3, &Filter::default())[0].item.title.clone();
    for (query, title) in [
        ("SET_POSITION_TARGET_LOCAL_NED", "SET_POSITION_TARGET_LOCAL_NED"),
        ("set position target local ned", "SET_POSITION_TARGET_LOCAL_NED"),
        ("go_to", "go_to"),
        ("goto", "go_to"),
        ("takePhoto", "take_photo"),
        ("MAV_CMD_DO_GRIPPER", "MAV_CMD_DO_GRIPPER"),
        ("do gripper command", "MAV_CMD_DO_GRIPPER"),
    ] {
        assert_eq!(first(query), title, "{query}");
    }
    let only = Filter { kinds: vec![Kind::Function], ..Filter::default() };
    let titles: Vec<_> = kb.search("land", 5, &only).iter().map(|hit| hit.item.title.clone()).collect();
    assert_eq!(titles[0], "land");
    assert!(titles.iter().all(|title| ["land", "go_to", "take_photo"].contains(&title.as_str())));
    for (query, title) in [("fly to a place", "go_to"), ("photos", "take_photo")] {
        assert_eq!(kb.search(query, 5, &only)[0].item.title, title, "{query}");
    }
    assert_eq!(kb.search("", 5, &Filter::default()), []);
    let hit = &kb.search("land()", 1, &only)[0];
    assert_eq!((hit.words_rank, hit.vectors_rank), (Some(1), Some(1)));
    assert_eq!(hit.item.source, "toy_sdk/src/lib.rs:4");
    assert_eq!(kb.item(&hit.item.id), Some(hit.item.as_ref()));
}

#[test]
fn a_second_build_embeds_what_changed_and_leaves_open_readers_alone() {
    let toy = toy();
    let first = build(&toy.sources, &toy.kb(), &Builtin).expect("built");
    assert_eq!(first.embedded, first.items);
    let before = std::fs::read(&first.snapshot).expect("a file");
    let old = toy.open().expect("published");
    assert!(!old.is_stale(&toy.sources).expect("readable"));

    let again = build(&toy.sources, &toy.kb(), &Builtin).expect("built");
    assert_eq!((again.embedded, again.removed), (0, 0));
    assert_eq!(std::fs::read(&again.snapshot).expect("a file"), before);

    let changed = TOY.replace("Lands on the spot", "Comes down here").replace("take_photo", "shoot");
    std::fs::write(toy.sources.rust[0].src.join("lib.rs"), changed).expect("written");
    assert!(old.is_stale(&toy.sources).expect("readable"));
    let third = build(&toy.sources, &toy.kb(), &Builtin).expect("built");
    assert_eq!((third.embedded, third.removed), (2, 1));
    let new = toy.open().expect("published");
    assert!(old.item("rust:toy_sdk::take_photo").is_some());
    assert!(new.item("rust:toy_sdk::take_photo").is_none());
    assert!(new.item("rust:toy_sdk::shoot").is_some());
    assert!(!new.is_stale(&toy.sources).expect("readable"));
}

#[test]
fn vectors_of_two_embeddings_are_never_mixed() {
    let toy = toy();
    let path = snapshot_path(&toy.kb());
    let first = build(&toy.sources, &toy.kb(), &HashedNgrams).expect("built");
    assert_eq!(first.embedded, first.items);
    match toy.open().err().expect("refused") {
        KbError::OtherEmbedding { found, expected, .. } => {
            assert_eq!((found.as_str(), expected.as_str()), (HashedNgrams.id(), Builtin.id()));
        }
        other => panic!("{other}"),
    }

    // Every vector is made anew, and the snapshot is the one that a folder which never saw the other embedding has.
    let second = build(&toy.sources, &toy.kb(), &Builtin).expect("built over it");
    assert_eq!((second.embedded, second.items, second.removed), (first.items, first.items, 0));
    let alone = toy.dir.path().join("alone");
    build(&toy.sources, &alone, &Builtin).expect("built");
    assert!(std::fs::read(&path).expect("a file") == std::fs::read(snapshot_path(&alone)).expect("a file"));
    assert!(toy.open().is_ok());
    let refused = KnowledgeBase::open_snapshot_with(&path, Box::new(HashedNgrams));
    assert!(matches!(refused, Err(KbError::OtherEmbedding { .. })));

    // Each embedding's vectors are kept apart: going back makes none again.
    let back = build(&toy.sources, &toy.kb(), &HashedNgrams).expect("built");
    assert_eq!(back.embedded, 0);
    assert!(KnowledgeBase::open_snapshot_with(&path, Box::new(HashedNgrams)).is_ok());
}

#[test]
fn many_read_while_one_writes_and_a_second_writer_is_told() {
    let toy = toy();
    build(&toy.sources, &toy.kb(), &Builtin).expect("built");
    let held = flightsmith_kb::hold(&toy.kb()).expect("free");
    let busy = build(&toy.sources, &toy.kb(), &Builtin);
    assert!(matches!(busy, Err(KbError::Busy { .. })), "{busy:?}");
    let readers: Vec<_> = (0..4).map(|_| toy.open().expect("readable")).collect();
    assert!(readers.iter().all(|kb| !kb.is_empty()));
    drop(held);
    build(&toy.sources, &toy.kb(), &Builtin).expect("free again");
}

#[test]
fn a_damaged_snapshot_is_refused_with_advice() {
    let toy = toy();
    let missing = toy.open().err().expect("nothing there").to_string();
    assert!(missing.ends_with("make it with `flightsmith kb build`"), "{missing}");

    let built = build(&toy.sources, &toy.kb(), &Builtin).expect("built");
    let good = std::fs::read(&built.snapshot).expect("a file");
    let check = |bytes: &[u8], expect: &str| {
        std::fs::write(&built.snapshot, bytes).expect("written");
        let error = toy.open().err().expect("damaged").to_string();
        assert!(error.contains(expect) && error.contains("flightsmith kb build"), "{error}");
    };
    check(b"", "shorter than its header");
    check(&good[..20], "shorter than its header");
    check(&good[..good.len() - 5], "shorter than stated");
    check(&vec![0; good.len()], "does not begin as one");
    let mut flipped = good.clone();
    flipped[good.len() / 2] ^= 1;
    check(&flipped, "does not have the checksum");
    let mut newer = good.clone();
    newer[8] = 9;
    std::fs::write(&built.snapshot, newer).expect("written");
    let error = toy.open().err().expect("of another format").to_string();
    assert!(error.contains("has format 9, this program reads 2; a newer flightsmith wrote it"), "{error}");

    build(&toy.sources, &toy.kb(), &Builtin).expect("built over the damaged one");
    assert!(toy.open().is_ok());
}

#[test]
fn a_damaged_store_is_mended_or_refused_with_advice_and_readers_go_on() {
    type Damage = fn(&[u8]) -> Vec<u8>;
    let cut: Damage = |bytes| bytes[..bytes.len() / 2].to_vec();
    let zeroed: Damage = |bytes| vec![0; bytes.len()];
    let noise: Damage = |bytes| (0..bytes.len()).map(|i| (i * 31 % 251) as u8).collect();
    let flipped: Damage = |bytes| bytes.iter().enumerate().map(|(i, b)| b ^ u8::from(i % 97 == 5)).collect();
    let mut refused = 0;
    for file in ["conf", "db"] {
        for damage in [cut, zeroed, noise, flipped] {
            let toy = toy();
            let built = build(&toy.sources, &toy.kb(), &Builtin).expect("built");
            let good = std::fs::read(&built.snapshot).expect("a file");
            let path = toy.kb().join("store").join(file);
            let bytes = damage(&std::fs::read(&path).expect("a file"));
            std::fs::write(&path, bytes).expect("written");
            match build(&toy.sources, &toy.kb(), &Builtin) {
                Ok(_) => {}
                Err(error @ KbError::Damaged { .. }) => {
                    refused += 1;
                    let text = error.to_string();
                    assert!(text.contains("run `flightsmith kb build`"), "{text}");
                }
                Err(other) => panic!("{file}: {other}"),
            }
            // Either way the published knowledge base is whole.
            assert_eq!(std::fs::read(&built.snapshot).expect("a file"), good, "{file}");
            assert!(toy.open().is_ok());
            std::fs::remove_dir_all(toy.kb().join("store")).expect("deleted");
            build(&toy.sources, &toy.kb(), &Builtin).expect("built anew");
        }
    }
    assert!(refused > 0, "sled took every damage for good");
}

#[test]
fn another_embedding_is_refused() {
    struct Other;
    impl flightsmith_kb::Embedder for Other {
        fn id(&self) -> &str {
            "other-v1"
        }
        fn dims(&self) -> usize {
            2
        }
        fn embed(&self, text: &str) -> Result<Vec<f32>, flightsmith_kb::EmbedError> {
            Ok(vec![text.len() as f32, 1.0])
        }
    }
    let toy = toy();
    build(&toy.sources, &toy.kb(), &Other).expect("built");
    assert!(matches!(toy.open(), Err(KbError::OtherEmbedding { .. })));
    let kb = KnowledgeBase::open_snapshot_with(&snapshot_path(&toy.kb()), Box::new(Other));
    assert!(kb.is_ok());
}
