//! Rules about lifetimes, constants, control flow, patterns, visibility and attributes.
use super::check;

#[test]
fn lifetimes_have_names_and_givers() {
    check(&[
        (
            "E0262",
            "fn first<'static>(all: &'static [u8]) -> &'static u8 { &all[0] }\n",
            "fn first<'a>(all: &'a [u8]) -> &'a u8 { &all[0] }\n",
        ),
        (
            "E0226",
            "trait Part {}\ntype Held<'a, 'b> = (&'b u8, Box<dyn Part + 'a + 'b>);\n",
            "trait Part {}\ntype Held<'a, 'b> = (&'b u8, Box<dyn Part + 'a>);\n",
        ),
        (
            "E0478",
            "trait Has<'x>: 'x {}\nimpl<'x, 'y> Has<'x> for &'y u8 {}\n",
            "trait Has<'x>: 'x {}\nimpl<'x, 'y: 'x> Has<'x> for &'y u8 {}\n",
        ),
        (
            "E0582",
            "fn f<F>(it: F) where F: for<'a> Fn(u8) -> &'a str { it(1); }\n",
            "fn f<F>(it: F) where F: for<'a> Fn(u8) -> &'static str { it(1); }\n",
        ),
        (
            "E0581",
            "fn f(it: for<'a> fn(u8) -> Option<&'a str>) { it(1); }\n",
            "fn f(it: for<'a> fn(u8) -> Option<&'static str>) { it(1); }\n",
        ),
        (
            "E0747",
            "struct Pair<'a, T>(&'a T);\nfn f(it: Pair<u8, 'static>) -> u8 { *it.0 }\n",
            "struct Pair<'a, T>(&'a T);\nfn f(it: Pair<'static, u8>) -> u8 { *it.0 }\n",
        ),
        (
            "E0794",
            "fn same<'a>(it: &'a str) -> &'a str { it }\nstatic SAME: fn(&str) -> &str = same::<'static>;\n",
            "fn same<'a>(it: &'a str) -> &'a str { it }\nstatic SAME: fn(&str) -> &str = same;\n",
        ),
    ]);
}

#[test]
fn constants_are_computed_where_they_can_be() {
    check(&[
        (
            "E0015",
            "fn four() -> u8 { 4 }\nconst FOUR: u8 = four();\n",
            "const fn four() -> u8 { 4 }\nconst FOUR: u8 = four();\n",
        ),
        (
            "E0015",
            "static NAME: String = String::from(\"a\");\npub fn f() -> usize { NAME.len() }\n",
            "static NAME: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| String::from(\"a\"));\npub fn f() -> usize { NAME.len() }\n",
        ),
        (
            "E0492",
            "use std::sync::atomic::AtomicU8;\nconst COUNT: AtomicU8 = AtomicU8::new(0);\nconst SHARED: &AtomicU8 = &COUNT;\n",
            "use std::sync::atomic::AtomicU8;\nstatic COUNT: AtomicU8 = AtomicU8::new(0);\nstatic SHARED: &AtomicU8 = &COUNT;\n",
        ),
        ("E0764", "const ZERO: &'static mut u8 = &mut 0;\n", "const ZERO: &'static u8 = &0;\n"),
        (
            "E0530",
            "static ZERO: u8 = 0;\npub fn f(n: u8) -> bool { match n { ZERO => true, _ => false } }\n",
            "const ZERO: u8 = 0;\npub fn f(n: u8) -> bool { match n { ZERO => true, _ => false } }\n",
        ),
        ("E0770", "struct Row<T, const N: T>([u8; 3], T);\n", "struct Row<T, const N: usize>([u8; 3], T);\n"),
        (
            "E0732",
            "pub enum Code {\n    Is(u8) = 1,\n    Not = 2,\n}\n",
            "#[repr(isize)]\npub enum Code {\n    Is(u8) = 1,\n    Not = 2,\n}\n",
        ),
        ("E0735", "struct Tree<T = Vec<Self>> { of: T }\n", "struct Tree<T> { of: T }\n"),
    ]);
}

#[test]
fn ways_through_a_function_lead_somewhere() {
    check(&[
        (
            "E0268",
            "fn f(n: u8) {\n    if n > 3 { break; }\n    f(n + 1);\n}\n",
            "fn f(n: u8) {\n    if n > 3 { return; }\n    f(n + 1);\n}\n",
        ),
        (
            "E0267",
            "fn f(all: &[u8]) { all.iter().for_each(|it| { if *it > 3 { continue; } g(*it); }); }\nfn g(_: u8) {}\n",
            "fn f(all: &[u8]) { all.iter().for_each(|it| { if *it > 3 { return; } g(*it); }); }\nfn g(_: u8) {}\n",
        ),
        ("E0426", "fn f() { loop { loop { break 'all; } } }\n", "fn f() { 'all: loop { loop { break 'all; } } }\n"),
        (
            "E0434",
            "fn f(base: u8) -> u8 {\n    fn more(by: u8) -> u8 { base + by }\n    more(2)\n}\n",
            "fn f(base: u8) -> u8 {\n    let more = |by: u8| -> u8 { base + by };\n    more(2)\n}\n",
        ),
        (
            "E0695",
            "fn f() {\n    for n in 0..3 {\n        'part: {\n            if n == 1 { continue; }\n            g(n);\n            break 'part;\n        }\n    }\n}\nfn g(_: u8) {}\n",
            "fn f() {\n    'around: for n in 0..3 {\n        'part: {\n            if n == 1 { continue 'around; }\n            g(n);\n            break 'part;\n        }\n    }\n}\nfn g(_: u8) {}\n",
        ),
        (
            "E0696",
            "fn f(mut n: u8) {\n    'again: {\n        n -= 1;\n        if n > 3 { continue 'again; }\n    }\n}\n",
            "fn f(mut n: u8) {\n    'again: loop {\n        n -= 1;\n        if n > 3 { continue 'again; }\n        break 'again;\n    }\n}\n",
        ),
        (
            "E0733",
            "async fn down(n: u8) -> u8 { if n == 0 { 0 } else { down(n - 1).await } }\n",
            "async fn down(n: u8) -> u8 { if n == 0 { 0 } else { Box::pin(down(n - 1)).await } }\n",
        ),
    ]);
}

#[test]
fn patterns_match_what_they_can() {
    check(&[
        (
            "E0004",
            "fn f(n: u8) {\n    match n {\n        0..=3 => {}\n        5 => (),\n    }\n}\n",
            "fn f(n: u8) {\n    match n {\n        0..=3 => {}\n        5 => (),\n        _ => {}\n    }\n}\n",
        ),
        (
            "E0005",
            "fn f(it: Option<u8>) {\n    let Some(n) = it;\n    g(n);\n}\nfn g(_: u8) {}\n",
            "fn f(it: Option<u8>) {\n    let Some(n) = it else { return };\n    g(n);\n}\nfn g(_: u8) {}\n",
        ),
        (
            "E0025",
            "struct At { north: u8, east: u8 }\nfn f(at: At) -> u8 { let At { north: a, north: b } = at; a + b }\n",
            "struct At { north: u8, east: u8 }\nfn f(at: At) -> u8 { let At { north: a, east: b } = at; a + b }\n",
        ),
        (
            "E0029",
            "fn f(name: &str) -> bool { match name { \"a\"..=\"m\" => true, _ => false } }\n",
            "fn f(name: &str) -> bool { match name { it if it >= \"a\" && it <= \"m\" => true, _ => false } }\n",
        ),
        (
            "E0158",
            "trait Has { const BEST: u8; }\nfn f<T: Has>(n: u8) -> bool { match n { T::BEST => true, _ => false } }\n",
            "trait Has { const BEST: u8; }\nfn f<T: Has>(n: u8) -> bool { match n { it if it == T::BEST => true, _ => false } }\n",
        ),
        (
            "E0408",
            "fn f(it: Option<u8>) -> bool { match it { Some(n) | None => true } }\n",
            "fn f(it: Option<u8>) -> bool { match it { Some(_) | None => true } }\n",
        ),
        (
            "E0527",
            "fn f(all: [u8; 4]) -> u8 { let [a, b] = all; a + b }\n",
            "fn f(all: [u8; 4]) -> u8 { let [a, b, ..] = all; a + b }\n",
        ),
        ("E0614", "fn f(n: u32) -> u32 { *n }\n", "fn f(n: u32) -> u32 { n }\n"),
        (
            "E0618",
            "enum Go { Up }\nfn f() -> Go { Go::Up() }\nfn g() -> u8 { let n = 3; n() }\n",
            "enum Go { Up }\nfn f() -> Go { Go::Up }\nfn g() -> u8 { let n = 3; n }\n",
        ),
        (
            "E0730",
            "fn f<const N: usize>(all: [u8; N]) -> bool { match all { [1, ..] => true, _ => false } }\n",
            "fn f<const N: usize>(all: [u8; N]) -> bool { match all[..] { [1, ..] => true, _ => false } }\n",
        ),
        (
            "E0793",
            "#[repr(packed)]\nstruct Wire { id: u8, size: u32 }\nfn f(it: &Wire) -> u32 { g(&it.size) }\nfn g(n: &u32) -> u32 { *n }\n",
            "#[repr(packed)]\nstruct Wire { id: u8, size: u32 }\nfn f(it: &Wire) -> u32 { g(&{ it.size }) }\nfn g(n: &u32) -> u32 { *n }\n",
        ),
    ]);
}

#[test]
fn visibility_and_conventions_are_those_that_there_are() {
    check(&[
        ("E0704", "mod deep {\n    pub(deep) struct Log;\n}\n", "mod deep {\n    pub(in crate::deep) struct Log;\n}\n"),
        (
            "E0577",
            "pub enum Kind {}\nmod deep { pub(in crate::Kind) struct Log; }\n",
            "pub enum Kind {}\nmod deep { pub(super) struct Log; }\n",
        ),
        (
            "E0742",
            "pub mod one { pub mod two {} }\npub mod three { pub(in crate::one) struct Log; }\n",
            "pub mod one { pub mod two {} }\npub mod three { pub(super) struct Log; }\n",
        ),
        ("E0703", "extern \"foreign\" fn f() {}\n", "extern \"C\" fn f() {}\n"),
        (
            "E0045",
            "extern \"Rust\" { fn log(form: *const u8, ...); }\n",
            "extern \"C\" { fn log(form: *const u8, ...); }\n",
        ),
        (
            "E0690",
            "#[repr(transparent)]\npub struct Pair { one: u8, other: u16 }\n",
            "pub struct Pair { one: u8, other: u16 }\n",
        ),
        (
            "E0731",
            "#[derive(Clone)]\n#[repr(transparent)]\npub enum Pair { One(u8), Other }\n",
            "#[derive(Clone)]\npub enum Pair { One(u8), Other }\n",
        ),
    ]);
}

#[test]
fn expressions_have_their_sides_and_types() {
    check(&[
        ("E0067", "fn f(mut n: u8) -> u8 { 3 += n; n }\n", "fn f(mut n: u8) -> u8 { n += 3; n }\n"),
        (
            "E0284",
            "fn f(n: u32, all: u64) -> u64 { all + n.into() }\n",
            "fn f(n: u32, all: u64) -> u64 { all + u64::from(n) }\n",
        ),
        (
            "E0271",
            "trait Kind { type Of; }\nimpl Kind for u8 { type Of = &'static str; }\nfn f<T: Kind<Of = u32>>(_: T) {}\npub fn g() { f(3_u8) }\n",
            "trait Kind { type Of; }\nimpl Kind for u8 { type Of = &'static str; }\nfn f<T: Kind<Of = &'static str>>(_: T) {}\npub fn g() { f(3_u8) }\n",
        ),
        (
            "E0423",
            "struct At { north: u8 }\nfn f() -> At { At(3) }\n",
            "struct At { north: u8 }\nfn f() -> At { At{north: 3} }\n",
        ),
        (
            "E0435",
            "fn f() -> usize { let n = 4; let all = [0; n]; all.len() }\n",
            "fn f() -> usize { const n: usize = 4; let all = [0; n]; all.len() }\n",
        ),
        ("E0516", "fn f(n: typeof(3.5)) -> bool { n > 2.0 }\n", "fn f(n: f64) -> bool { n > 2.0 }\n"),
        ("E0590", "fn f() { while break {} }\n", "fn f() { 'around: while break 'around {} }\n"),
    ]);
}

#[test]
fn what_cannot_be_asked_for_is_not() {
    check(&[
        (
            "E0033",
            "trait Draw { fn draw(&self) -> u8; }\nfn f(it: &dyn Draw) -> u8 { let &part = it; part.draw() }\n",
            "trait Draw { fn draw(&self) -> u8; }\nfn f(it: &dyn Draw) -> u8 { let part = it; part.draw() }\n",
        ),
        (
            "E0275",
            "trait Foo {}\nstruct Bar<T>(T);\nimpl<T> Foo for T where Bar<T>: Foo {}\n",
            "trait Foo {}\nstruct Bar<T>(T);\nimpl<T> Foo for T {}\n",
        ),
        (
            "E0316",
            "trait Tr<'a, 'b> {}\nfn f<T>(_: T) where for<'a> &'a T: for<'b> Tr<'a, 'b> {}\n",
            "trait Tr<'a, 'b> {}\nfn f<T>(_: T) where for<'a, 'b> &'a T: Tr<'a, 'b> {}\n",
        ),
        (
            "E0403",
            "fn f<'a, 'b, 'a>(x: &'a u8, y: &'b u8) -> &'a u8 { if *y > 3 { x } else { &4 } }\n",
            "fn f<'a, 'b>(x: &'a u8, y: &'b u8) -> &'a u8 { if *y > 3 { x } else { &4 } }\n",
        ),
        (
            "E0404",
            "struct Dot(u8);\nfn f<T: Dot>(it: T) -> u8 { it.0 }\n",
            "struct Dot(u8);\nfn f(it: Dot) -> u8 { it.0 }\n",
        ),
        (
            "E0562",
            "fn f(it: <impl Iterator as IntoIterator>::Item) {}\n",
            "fn f<T: Iterator>(it: <T as IntoIterator>::Item) {}\n",
        ),
        ("E0754", "#[no_mangle]\npub fn größe() -> u8 { 3 }\n", "pub fn größe() -> u8 { 3 }\n"),
        (
            "E0603",
            "mod inner { fn g() {} }\npub fn f() { inner::g() }\n",
            "mod inner { pub(crate) fn g() {} }\npub fn f() { inner::g() }\n",
        ),
    ]);
}
