//! The written entries held against the product: every mode, parameter and error that it names is explained, and nothing else.
use flightsmith_kb::{Item, Kind, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn items(kind: Kind) -> Vec<Item> {
    let corpus = Sources { corpus: Some(root().join("sdk-kb/corpus")), ..Sources::default() };
    corpus.read().expect("a good corpus").into_iter().filter(|item| item.kind == kind).collect()
}

fn ids(kind: Kind) -> BTreeSet<String> {
    items(kind).into_iter().map(|item| item.id).collect()
}

/// Text files of the product below these folders, tests and generated things left out.
fn product() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let folders = ["agent/src", "agent/vehicles", "crates", "firmware-template", "sdk/src", "sim/src"];
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "toml") {
                let text = fs::read_to_string(&path).expect("UTF-8");
                found.push((path.to_string_lossy().into_owned(), text));
            }
        }
    }
    found
}

#[test]
fn every_mode_of_the_sdks_tables_is_explained() {
    let mut named = BTreeSet::new();
    for autopilot in ["ardupilot", "px4"] {
        let text = read(&format!("sdk/src/autopilot/{autopilot}.rs"));
        let table = text.split("fn mode_name(").nth(1).and_then(|rest| rest.split("\n}").next()).expect("its table");
        let names = table.split('"').skip(1).step_by(2).filter(|name| *name != "UNKNOWN");
        named.extend(names.map(|name| format!("mode:{autopilot}/{name}")));
    }
    assert!(named.len() > 40, "{named:?}");
    assert_eq!(ids(Kind::Mode), named);
}

#[test]
fn every_parameter_that_the_product_names_is_explained() {
    let mut known: BTreeMap<String, &str> = BTreeMap::new();
    for autopilot in ["ardupilot", "px4"] {
        for line in read(&format!("sim/data/{autopilot}.params")).lines() {
            known.insert(line.split(' ').next().expect("a name").to_owned(), autopilot);
        }
    }
    let mut named = BTreeSet::new();
    for (_, text) in product() {
        let quoted = text.split('"').skip(1);
        let keys = text.lines().filter_map(|line| line.split_once(" = {").map(|(name, _)| name));
        for name in quoted.chain(keys) {
            if let Some(autopilot) = known.get(name) {
                named.insert(format!("parameter:{autopilot}/{name}"));
            }
        }
    }
    assert!(named.len() > 60, "{named:?}");
    assert_eq!(ids(Kind::Parameter), named);
}

/// Names of the variants of `enum name` in `source`.
fn variants(source: &str, name: &str) -> Vec<String> {
    let file = syn::parse_file(source).expect("Rust");
    let of = |item: &syn::Item| match item {
        syn::Item::Enum(found) if found.ident == name => {
            Some(found.variants.iter().map(|variant| variant.ident.to_string()).collect())
        }
        _ => None,
    };
    file.items.iter().find_map(of).unwrap_or_else(|| panic!("no enum {name}"))
}

#[test]
fn everything_that_a_call_can_end_with_is_explained() {
    let mut named = BTreeSet::new();
    for (file, name) in [
        ("sdk/src/error/flight.rs", "FlightError"),
        ("sdk/src/error/request.rs", "RequestError"),
        ("sdk/src/error/request.rs", "Silence"),
    ] {
        named.extend(variants(&read(file), name).into_iter().map(|variant| format!("failure:{name}::{variant}")));
    }
    assert_eq!(ids(Kind::Failure), named);
}

#[test]
fn every_entry_names_a_place_that_is_there() {
    for kind in [Kind::Mode, Kind::Parameter, Kind::Failure, Kind::Lint] {
        let items = items(kind);
        assert!(!items.is_empty(), "{kind:?}");
        for item in items {
            assert!(root().join(&item.source).exists(), "{}: there is no {}", item.id, item.source);
            assert_eq!(item.licence, "Apache-2.0 OR MIT");
        }
    }
}

#[test]
fn every_clause_of_the_judge_is_explained() {
    let goal = read("sim/src/judge/goal.rs");
    let names = goal
        .split("pub fn name(self)")
        .nth(1)
        .and_then(|rest| rest.split("\n    }").next())
        .expect("the checks' names");
    let mut named: BTreeSet<String> = names.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    let invariants = read("sim/src/judge/invariants.rs");
    for start in ["add(\"", "add(&format!(\""] {
        let ids = invariants.split(start).skip(1).filter_map(|rest| rest.split(['"', '{']).next());
        named.extend(ids.map(|id| id.trim_end_matches('_').to_owned()));
    }
    assert!(named.len() >= 20, "{named:?}");
    let explained: BTreeSet<String> =
        ids(Kind::Lint).iter().filter_map(|id| id.strip_prefix("clause:")).map(str::to_owned).collect();
    assert_eq!(explained, named);
}
