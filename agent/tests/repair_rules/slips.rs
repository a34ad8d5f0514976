//! Rules about slips in programs: receivers, results, parameters and arguments at each other's places, values that are at hand.
use super::check;

#[test]
fn a_receiver_that_is_changed_is_lent() {
    check(&[
        (
            "E0596",
            "pub struct Log(Vec<u8>);\nimpl Log {\n    pub fn put(self, it: u8) { self.0.push(it); }\n}\n",
            "pub struct Log(Vec<u8>);\nimpl Log {\n    pub fn put(&mut self, it: u8) { self.0.push(it); }\n}\n",
        ),
        (
            "E0596",
            "pub struct Log(Vec<u8>);\nimpl Log {\n    pub fn put(&self, it: u8) { self.0.push(it); }\n}\n",
            "pub struct Log(Vec<u8>);\nimpl Log {\n    pub fn put(&mut self, it: u8) { self.0.push(it); }\n}\n",
        ),
        // What hands itself back is taken, and so is what is taken apart.
        (
            "E0596",
            "pub struct Log(Vec<u8>);\nimpl Log {\n    pub fn with(self, it: u8) -> Self { self.0.push(it); self }\n}\n",
            "pub struct Log(Vec<u8>);\nimpl Log {\n    pub fn with(mut self, it: u8) -> Self { self.0.push(it); self }\n}\n",
        ),
        (
            "E0596",
            "pub struct Log(Vec<u8>);\nimpl Log {\n    pub fn sorted(self) -> Vec<u8> { self.0.sort(); self.0 }\n}\n",
            "pub struct Log(Vec<u8>);\nimpl Log {\n    pub fn sorted(mut self) -> Vec<u8> { self.0.sort(); self.0 }\n}\n",
        ),
        // Lending is enough, and asks less of who calls it than a clone.
        (
            "E0507",
            "#[derive(Clone)]\npub struct Log(Vec<u8>);\nimpl Log {\n    fn has(self, it: u8) -> bool { self.0.contains(&it) }\n}\npub fn some(all: &[Log]) -> bool { all.iter().any(|one| one.has(1)) }\n",
            "#[derive(Clone)]\npub struct Log(Vec<u8>);\nimpl Log {\n    fn has(&self, it: u8) -> bool { self.0.contains(&it) }\n}\npub fn some(all: &[Log]) -> bool { all.iter().any(|one| one.has(1)) }\n",
        ),
        // A clone would be changed, and the log would stay as it is.
        (
            "E0507",
            "#[derive(Clone)]\npub struct Log(Vec<u8>);\nimpl Log {\n    fn put(self, it: u8) { self.0.push(it); }\n    pub fn two(&mut self) { self.put(1); self.put(2); }\n}\n",
            "#[derive(Clone)]\npub struct Log(Vec<u8>);\nimpl Log {\n    fn put(&mut self, it: u8) { self.0.push(it); }\n    pub fn two(&mut self) { self.put(1); self.put(2); }\n}\n",
        ),
    ]);
}

#[test]
fn a_result_is_opened_where_it_comes_from_and_never_thrown_away() {
    check(&[
        (
            "E0308",
            "fn read(it: &str) -> Result<u8, std::num::ParseIntError> { it.parse() }\npub fn sum(a: &str) -> Result<u8, std::num::ParseIntError> {\n    let first = read(a);\n    let other = read(\"1\")?;\n    Ok(u8::max(first, other))\n}\n",
            "fn read(it: &str) -> Result<u8, std::num::ParseIntError> { it.parse() }\npub fn sum(a: &str) -> Result<u8, std::num::ParseIntError> {\n    let first = read(a)?;\n    let other = read(\"1\")?;\n    Ok(u8::max(first, other))\n}\n",
        ),
        (
            "E0308",
            "pub struct Log(Vec<u8>);\nimpl Log {\n    pub fn largest(&self) {\n        self.0.iter().copied().max()\n    }\n}\n",
            "pub struct Log(Vec<u8>);\nimpl Log {\n    pub fn largest(&self) -> Option<u8> {\n        self.0.iter().copied().max()\n    }\n}\n",
        ),
        (
            "E0277",
            "fn digit(it: char) -> Result<u32, String> { it.to_digit(10).ok_or(String::new()) }\npub fn number(it: char) -> Result<u64, String> {\n    let digit = digit(it);\n    Ok(u64::from(digit) * 10)\n}\n",
            "fn digit(it: char) -> Result<u32, String> { it.to_digit(10).ok_or(String::new()) }\npub fn number(it: char) -> Result<u64, String> {\n    let digit = digit(it)?;\n    Ok(u64::from(digit) * 10)\n}\n",
        ),
        // What is done for its effect ends as a statement.
        (
            "E0308",
            "pub struct Log(Vec<u8>);\nimpl Log {\n    pub fn drop_last(&mut self) {\n        self.0.pop()\n    }\n}\n",
            "pub struct Log(Vec<u8>);\nimpl Log {\n    pub fn drop_last(&mut self) {\n        self.0.pop();\n    }\n}\n",
        ),
    ]);
}

#[test]
fn what_stands_at_anothers_place_goes_back() {
    check(&[
        (
            "E0599",
            "fn cut(at: &str, text: char) -> Vec<String> {\n    text.split(at).map(str::to_owned).collect()\n}\npub fn f() -> usize { cut(\"a,b\", ',').len() }\n",
            "fn cut(at: char, text: &str) -> Vec<String> {\n    text.split(at).map(str::to_owned).collect()\n}\npub fn f() -> usize { cut(',', \"a,b\").len() }\n",
        ),
        (
            "E0061",
            "use std::collections::BTreeMap;\npub fn count(all: &mut BTreeMap<String, u8>, it: &str) {\n    let name = it.to_lowercase();\n    *all.entry().or_insert(0) += 1;\n}\n",
            "use std::collections::BTreeMap;\npub fn count(all: &mut BTreeMap<String, u8>, it: &str) {\n    let name = it.to_lowercase();\n    *all.entry(name).or_insert(0) += 1;\n}\n",
        ),
        (
            "E0063",
            "pub struct Day { year: u16, month: u8 }\nimpl Day {\n    pub fn later(&self) -> Day {\n        let (year, month) = (self.year + 1, self.month + 1);\n        Day { year }\n    }\n}\n",
            "pub struct Day { year: u16, month: u8 }\nimpl Day {\n    pub fn later(&self) -> Day {\n        let (year, month) = (self.year + 1, self.month + 1);\n        Day { year, month }\n    }\n}\n",
        ),
    ]);
}

#[test]
fn a_constant_has_the_type_of_its_value() {
    check(&[(
        "E0308",
        "const NONE: u32 = usize::MAX;\npub fn is_none(it: usize) -> bool { it == NONE }\n",
        "const NONE: usize = usize::MAX;\npub fn is_none(it: usize) -> bool { it == NONE }\n",
    )]);
}

#[test]
fn collections_are_asked_for_their_items_and_keys_are_lent_once() {
    check(&[
        (
            "E0599",
            "pub struct Line { points: Vec<u8> }\nimpl Line {\n    pub fn pairs(&self) -> usize { self.points.skip(1).count() }\n}\n",
            "pub struct Line { points: Vec<u8> }\nimpl Line {\n    pub fn pairs(&self) -> usize { self.points.iter().skip(1).count() }\n}\n",
        ),
        (
            "E0277",
            "use std::collections::HashMap;\npub fn of(all: &HashMap<String, u8>, name: &str) -> Option<u8> {\n    all.get(&name).copied()\n}\n",
            "use std::collections::HashMap;\npub fn of(all: &HashMap<String, u8>, name: &str) -> Option<u8> {\n    all.get(name).copied()\n}\n",
        ),
    ]);
}
