//! A bundle as written, and one damaged in every way.
use super::*;
use crate::archive::{read_tar, write_tar};
use std::os::unix::fs::symlink;

struct Made {
    scratch: tempfile::TempDir,
    bundle: Bundle,
}

impl Made {
    fn folder(&self) -> &Path {
        self.bundle.folder()
    }
}

fn provenance() -> Provenance {
    Provenance {
        target: "aarch64-unknown-linux-gnu".into(),
        vehicle: "quad".into(),
        autopilot: "ardupilot".into(),
        tools: BTreeMap::from([("rustc".into(), "1.95.0".into())]),
    }
}

fn make() -> Made {
    let scratch = tempfile::tempdir().unwrap();
    let item = |path: &str, text: &str| {
        let from = scratch.path().join(path.replace('/', "_"));
        fs::write(&from, text).unwrap();
        Item { path: path.into(), from }
    };
    let items = [item("mission", "#!/bin/sh\n"), item("plan.json", "{}"), item("source/src/mission.rs", "// fly")];
    let key = BundleKey::load_or_create(&scratch.path().join("key")).unwrap();
    let folder = scratch.path().join("70-bundle");
    let bundle = Bundle::write(&folder, &items, provenance(), &key).unwrap();
    Made { scratch, bundle }
}

#[test]
fn what_was_written_opens_and_is_the_same() {
    let made = make();
    assert_eq!(verify(made.folder(), &[]), []);
    let opened = Bundle::open(made.folder(), &[made.bundle.signed_by()]).unwrap();
    assert_eq!(opened, made.bundle);
    assert_eq!(
        opened.paths(),
        ["manifest.json", "manifest.pub", "manifest.sig", "mission", "plan.json", "source/src/mission.rs"]
    );
}

#[test]
fn every_mismatch_is_named_at_once() {
    let made = make();
    let folder = made.folder();
    fs::write(folder.join("plan.json"), "{ }").unwrap();
    fs::remove_file(folder.join("source/src/mission.rs")).unwrap();
    fs::write(folder.join("source/extra.rs"), "").unwrap();
    symlink("/bin/sh", folder.join("source/link")).unwrap();
    fs::set_permissions(folder.join("mission"), fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(
        verify(folder, &[]),
        [
            Mismatch::NotExecutable,
            Mismatch::Altered { path: "plan.json".into(), expected: Digest::of(b"{}"), found: Digest::of(b"{ }") },
            Mismatch::Missing("source/src/mission.rs".into()),
            Mismatch::Unlisted("source/extra.rs".into()),
            Mismatch::Unlisted("source/link".into()),
        ]
    );
}

#[test]
fn a_listed_file_may_not_be_a_link() {
    let made = make();
    let plan = made.folder().join("plan.json");
    fs::remove_file(&plan).unwrap();
    let same = made.scratch.path().join("same.json");
    fs::write(&same, "{}").unwrap();
    symlink(&same, &plan).unwrap();
    assert_eq!(verify(made.folder(), &[]), [Mismatch::NotAFile("plan.json".into())]);
}

#[test]
fn the_signature_covers_the_manifest_and_names_its_key() {
    let made = make();
    let folder = made.folder();
    let other = BundleKey::load_or_create(&made.scratch.path().join("other")).unwrap();
    assert_eq!(verify(folder, &[other.public()]), [Mismatch::UntrustedKey(made.bundle.signed_by())]);
    let manifest = folder.join(MANIFEST);
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("\"quad\"", "\"hexa\"")).unwrap();
    let not_over_this = Mismatch::BadSignature("does not match manifest.json".into());
    assert_eq!(verify(folder, &[]), [not_over_this]);
    fs::write(folder.join(PUBLIC_KEY), "0123").unwrap();
    let no_key = Mismatch::BadSignature("manifest.pub holds no public key".into());
    assert_eq!(verify(folder, &[]), [no_key]);
}

#[test]
fn hostile_manifests_are_refused_without_touching_what_they_name() {
    let made = make();
    let key = BundleKey::load_or_create(&made.scratch.path().join("key")).unwrap();
    let resign = |text: &str| {
        fs::write(made.folder().join(MANIFEST), text).unwrap();
        fs::write(made.folder().join(SIGNATURE), key.sign(text.as_bytes())).unwrap();
    };
    let text = fs::read_to_string(made.folder().join(MANIFEST)).unwrap();
    resign(&text.replace("\"plan.json\"", "\"../key\""));
    assert_eq!(
        verify(made.folder(), &[]),
        [Mismatch::BadPath("../key".into()), Mismatch::Unlisted("plan.json".into())]
    );
    resign("{\"format\": 1");
    assert!(matches!(verify(made.folder(), &[])[..], [Mismatch::BadManifest(_)]));
    fs::remove_file(made.folder().join(MANIFEST)).unwrap();
    assert!(matches!(verify(made.folder(), &[])[..], [Mismatch::BadManifest(_)]));
}

#[test]
fn items_that_cannot_stand_in_a_bundle_leave_the_old_one_alone() {
    let made = make();
    let key = BundleKey::load_or_create(&made.scratch.path().join("key")).unwrap();
    let item = |path: &str| Item { path: path.into(), from: made.scratch.path().join("plan.json") };
    let write = |items: &[Item]| {
        let error = Bundle::write(made.folder(), items, provenance(), &key).unwrap_err();
        error.to_string()
    };
    assert!(write(&[item("../x")]).starts_with("`../x` cannot be a path in a bundle"));
    assert_eq!(write(&[item("mission"), item("mission")]), "two files of the bundle would be called `mission`");
    assert_eq!(write(&[item("manifest.sig")]), "two files of the bundle would be called `manifest.sig`");
    assert_eq!(write(&[item("plan.json")]), "a bundle needs the mission program as `mission`");
    assert_eq!(verify(made.folder(), &[]), []);
}

#[test]
fn a_tar_has_the_same_bytes_each_time_and_reads_back() {
    let made = make();
    let tar = |bundle: &Bundle| {
        let mut bytes = Vec::new();
        write_tar(bundle, &mut bytes).unwrap();
        bytes
    };
    let bytes = tar(&made.bundle);
    let unpacked = made.scratch.path().join("unpacked");
    fs::create_dir(&unpacked).unwrap();
    read_tar(bytes.as_slice(), &unpacked).unwrap();
    let again = Bundle::open(&unpacked, &[made.bundle.signed_by()]).unwrap();
    assert_eq!(tar(&again), bytes);
}

#[test]
fn a_hostile_tar_writes_nothing_outside() {
    let folder = tempfile::tempdir().unwrap();
    for (path, kind) in [("../x", tar::EntryType::Regular), ("mission", tar::EntryType::Symlink)] {
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
        header.set_entry_type(kind);
        header.set_size(0);
        header.set_mode(0o644);
        header.set_cksum();
        let mut builder = tar::Builder::new(Vec::new());
        builder.append(&header, io::empty()).unwrap();
        let error = read_tar(builder.into_inner().unwrap().as_slice(), folder.path()).unwrap_err();
        assert_eq!(error.to_string(), format!("`{path}` may not stand in a bundle"));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
