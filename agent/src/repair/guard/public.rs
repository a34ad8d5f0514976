//! What of the public items may change where the error's cause is in them: a receiver, a bound, a lifetime, a field's type or its being
//! public, a private field more. Names, number and kind of parameters, and what is returned stay, but for what a suggestion would
//! replace, a borrowed result whose owner ends with the body, and two parameters whose types stand at each other's places.
//!
//! It leaves to others: whether somebody may change them at all.
use crate::repair::syntax::{bytes, words};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{FnArg, ImplItemFn, ItemEnum, ItemFn, ItemStruct, Pat, ReturnType, Signature, TraitItemFn};

/// Types of numbers.
const NUMBERS: [&str; 14] =
    ["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64"];

/// What errors have to do with a place.
pub(super) trait Cause {
    /// Whether an error points at it, at its line, or into it.
    fn touches(&self, place: &Range<usize>) -> bool;
    /// Whether an error's text has the word.
    fn tells(&self, word: &str) -> bool;
    /// Whether a suggestion would replace something of it.
    fn advises(&self, place: &Range<usize>) -> bool;
    /// Whether an error in it is that something is handed out which ends there.
    fn borrows_within(&self, place: &Range<usize>) -> bool;
    /// The places that errors are about, without those of notes and suggestions.
    fn own_places(&self) -> &[Range<usize>];
}

/// A parameter of a function, or what it returns.
struct Part {
    place: Range<usize>,
    /// The parameter's name.
    name: String,
    kind: String,
}

/// A field of a structure.
#[derive(PartialEq)]
struct Field {
    name: String,
    is_public: bool,
}

/// One public item of a name.
struct Shape {
    /// The whole item, with its body.
    whole: Range<usize>,
    /// Its text as it stands.
    text: String,
    /// What of it must stay.
    stays: Vec<String>,
    /// A function's parameters, and last what it returns.
    parts: Vec<Part>,
    /// A structure's named fields.
    fields: Vec<Field>,
    /// Whether it is a trait's, so that it changes with the methods that implement it.
    of_trait: bool,
    /// A function's signature, without what it returns.
    head: Option<String>,
    /// Whether it returns something.
    returns: bool,
    /// Its own name, and those of its fields.
    names: Vec<String>,
}

/// The items, by the names under which the census keeps them, that changed in what may change alone: functions that an error touches,
/// types of which an error's text speaks.
pub(super) fn excused(
    (old_text, old): (&str, &syn::File),
    (new_text, new): (&str, &syn::File),
    cause: &dyn Cause,
) -> BTreeSet<String> {
    let touched: BTreeSet<String> = shapes(old_text, old)
        .into_iter()
        .filter(|(_, shapes)| shapes.iter().any(|shape| cause.touches(&shape.whole)))
        .map(|(name, _)| name)
        .collect();
    changed_so((old_text, old), (new_text, new), |name, old, new| {
        if name.starts_with("fn ") {
            let has_cause = cause.touches(&old.whole) || old.of_trait && touched.contains(name);
            has_cause && old.stays == new.stays && parts_stay((old_text, old), (new_text, new), cause)
        } else {
            let is_told = old.names.iter().any(|name| cause.tells(name));
            is_told && (old.stays == new.stays || gains_private_fields(old, new))
        }
    })
}

/// Whether parameters and result of a function are what they were, or changed where an error is about them.
fn parts_stay((old_text, old): (&str, &Shape), (new_text, new): (&str, &Shape), cause: &dyn Cause) -> bool {
    let pairs = || old.parts.iter().zip(&new.parts).enumerate();
    let changed: Vec<usize> = pairs().filter(|(_, (was, is))| was.kind != is.kind).map(|(number, _)| number).collect();
    if old.parts.len() != new.parts.len() {
        return false;
    }
    if exchanged((old_text, old), new, &changed, cause) {
        return true;
    }
    changed.into_iter().all(|number| {
        let (was, is) = (&old.parts[number], &new.parts[number]);
        let text = |text: &str, part: &Part| owned(text.get(part.place.clone()).unwrap_or_default());
        let is_result = number + 1 == old.parts.len();
        cause.advises(&was.place)
            || is_result && cause.borrows_within(&old.whole) && text(old_text, was) == text(new_text, is)
    })
}

/// Whether what changed are two parameters whose types stand at each other's places now, errors in the body being about the one and the
/// other by its very name.
fn exchanged((text, old): (&str, &Shape), new: &Shape, changed: &[usize], cause: &dyn Cause) -> bool {
    let [one, other] = changed else { return false };
    let (was, is) = (&old.parts, &new.parts);
    let is_named = |number: &usize| {
        let name = &was[*number].name;
        let in_body = |place: &&Range<usize>| old.whole.start <= place.start && place.end <= old.whole.end;
        // The parameter, or what is called of it.
        let is_it = |place: &Range<usize>| {
            let before = text.get(..place.start).and_then(|text| text.strip_suffix('.'));
            let called_of = before.and_then(|text| text.strip_suffix(name.as_str()));
            text.get(place.clone()) == Some(name)
                || called_of.is_some_and(|text| !text.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.'))
        };
        !name.is_empty() && cause.own_places().iter().filter(in_body).any(is_it)
    };
    let names_stay = was.iter().zip(is).all(|(was, is)| was.name == is.name);
    let are_crossed = was[*one].kind == is[*other].kind && was[*other].kind == is[*one].kind;
    names_stay && are_crossed && is_named(one) && is_named(other)
}

/// Whether a structure has private fields more, and had some before: nobody else can have written it out.
fn gains_private_fields(old: &Shape, new: &Shape) -> bool {
    let is_kept = |field: &&Field| new.fields.contains(field);
    let is_more = |field: &&Field| !old.fields.iter().any(|other| other.name == field.name);
    old.fields.iter().any(|field| !field.is_public)
        && old.fields.iter().filter(is_kept).count() == old.fields.len()
        && new.fields.iter().filter(is_more).all(|field| !field.is_public)
}

/// A type's text with owned values in the place of borrowed ones.
fn owned(written: &str) -> String {
    let mut text: String = kind_of(written).replace('&', "");
    for (borrowed, owned) in [("OsStr", "OsString"), ("CStr", "CString"), ("Path", "PathBuf")] {
        if !text.contains(owned) {
            text = text.replace(borrowed, owned);
        }
    }
    // `[T]` is held by `Vec<T>`, `str` by `String`; an array has its length in it.
    if !text.contains(';') {
        text = text.replace('[', "Vec<").replace(']', ">");
    }
    text.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_')
        .map(|word| {
            if word.trim_end_matches(|c: char| !c.is_alphanumeric()) == "str" {
                word.replacen("str", "String", 1)
            } else {
                word.to_owned()
            }
        })
        .collect()
}

/// The functions, by the names under which the census keeps them, that return something now and returned nothing before, nothing else of
/// their signature changed, and an error touches them: a body that ends with a value says that somebody forgot to say so.
pub(super) fn returning(
    (old_text, old): (&str, &syn::File),
    (new_text, new): (&str, &syn::File),
    touches: &dyn Fn(&Range<usize>) -> bool,
) -> BTreeSet<String> {
    changed_so((old_text, old), (new_text, new), |_, old, new| {
        let gains = !old.returns && new.returns && old.head.is_some() && old.head == new.head;
        gains && touches(&old.whole)
    })
}

/// The items of which every one of the name is unchanged or changed as `may_change` allows.
fn changed_so(
    (old_text, old): (&str, &syn::File),
    (new_text, new): (&str, &syn::File),
    may_change: impl Fn(&str, &Shape, &Shape) -> bool,
) -> BTreeSet<String> {
    let (before, mut after) = (shapes(old_text, old), shapes(new_text, new));
    let allowed = before.into_iter().filter_map(|(name, olds)| {
        let news = after.remove(&name).filter(|news| news.len() == olds.len())?;
        let is_allowed = olds.iter().zip(&news).all(|(old, new)| old.text == new.text || may_change(&name, old, new));
        is_allowed.then_some(name)
    });
    allowed.collect()
}

/// A word of which there are fewer afterwards; types of numbers may be exchanged, and what the crate alone sees may be seen by all.
pub(super) fn lost(old: &str, new: &str) -> Option<String> {
    let (old, new) = (&seen_by_all(old), &seen_by_all(new));
    let mut after: Vec<&str> = words(new).iter().map(|word| word.text).collect();
    let mut is_lost = |word: &&str| match after.iter().position(|other| other == word) {
        Some(at) => {
            after.swap_remove(at);
            false
        }
        None => !NUMBERS.contains(word),
    };
    words(old).iter().map(|word| word.text).find(|word| is_lost(word)).map(str::to_owned)
}

fn seen_by_all(text: &str) -> String {
    ["pub(crate)", "pub(super)"].iter().fold(text.to_owned(), |text, narrow| text.replace(narrow, "pub"))
}

fn shapes(text: &str, file: &syn::File) -> BTreeMap<String, Vec<Shape>> {
    let mut found = Shapes { text, shapes: BTreeMap::new() };
    found.visit_file(file);
    found.shapes
}

struct Shapes<'t> {
    text: &'t str,
    shapes: BTreeMap<String, Vec<Shape>>,
}

impl Shapes<'_> {
    fn at(&self, place: Range<usize>) -> &str {
        self.text.get(place).unwrap_or_default()
    }

    fn function(&mut self, signature: &Signature, whole: Range<usize>, of_trait: bool) {
        let part = |name: String, written: Range<usize>| {
            let kind = kind_of(self.at(written.clone()));
            Part { place: written, name, kind }
        };
        let mut parts: Vec<Part> = signature
            .inputs
            .iter()
            .map(|input| match input {
                FnArg::Receiver(it) => Part { place: bytes(it.span()), name: "self".into(), kind: "self".into() },
                FnArg::Typed(typed) => {
                    let name = if let Pat::Ident(name) = &*typed.pat { name.ident.to_string() } else { String::new() };
                    part(name, bytes(typed.ty.span()))
                }
            })
            .collect();
        let all = bytes(signature.span());
        let output = match &signature.output {
            ReturnType::Default => all.end..all.end,
            ReturnType::Type(..) => bytes(signature.output.span()),
        };
        parts.push(match &signature.output {
            ReturnType::Default => part(String::new(), output.clone()),
            ReturnType::Type(_, written) => part(String::new(), bytes(written.span())),
        });
        let stays = vec![format!("{} {}", signature.asyncness.is_some(), signature.unsafety.is_some())];
        let words = [self.at(all.start..output.start), self.at(output.end..all.end)];
        let head = words.iter().flat_map(|part| part.split_whitespace()).collect::<Vec<_>>().join(" ");
        let (name, text, returns) = (signature.ident.to_string(), self.at(all).to_owned(), !output.is_empty());
        let (names, fields) = (vec![name.clone()], Vec::new());
        let shape = Shape { whole, text, stays, parts, fields, of_trait, head: Some(head), returns, names };
        self.put(format!("fn {name}"), shape);
    }

    fn put(&mut self, name: String, shape: Shape) {
        self.shapes.entry(name).or_default().push(shape);
    }

    fn named(&mut self, ident: &syn::Ident, whole: Range<usize>, parts: Vec<String>, fields: Vec<Field>) {
        let text = self.at(whole.clone()).to_owned();
        let names = parts.iter().cloned().chain([ident.to_string()]).collect();
        let stays = parts;
        let (parts, of_trait, head, returns) = (Vec::new(), false, None, false);
        self.put(format!("type {ident}"), Shape { whole, text, stays, parts, fields, of_trait, head, returns, names });
    }
}

impl<'ast> Visit<'ast> for Shapes<'_> {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.function(&item.sig, bytes(item.span()), false);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.function(&item.sig, bytes(item.span()), false);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        self.function(&item.sig, bytes(item.span()), true);
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        let name = |field: &syn::Field| field.ident.as_ref().map_or_else(|| "0".to_owned(), ToString::to_string);
        let is_public = |field: &syn::Field| matches!(field.vis, syn::Visibility::Public(_));
        let named = item.fields.iter().filter(|field| field.ident.is_some());
        let fields = named.map(|field| Field { name: name(field), is_public: is_public(field) }).collect();
        self.named(&item.ident, bytes(item.span()), item.fields.iter().map(name).collect(), fields);
    }

    fn visit_item_enum(&mut self, item: &'ast ItemEnum) {
        let parts = item.variants.iter().map(|variant| format!("{} {}", variant.ident, variant.fields.len()));
        self.named(&item.ident, bytes(item.span()), parts.collect(), Vec::new());
    }
}

/// A parameter's type without its lifetimes, bounds and `mut`; numbers are one kind.
fn kind_of(written: &str) -> String {
    let head = ["impl ", "dyn "].iter().filter_map(|word| written.find(word).map(|at| at + word.len())).min();
    let (text, open) = head.map_or((written, ""), |at| (&written[..at], ".."));
    let mut kind = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        if first == '\'' {
            let name = &rest[1..];
            rest = &name[name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len())..];
        } else if length == 0 {
            if !first.is_whitespace() {
                kind.push(first);
            }
            rest = &rest[first.len_utf8()..];
        } else {
            let word = &rest[..length];
            match word {
                "mut" => {}
                number if NUMBERS.contains(&number) => kind.push_str("number"),
                other => kind.push_str(other),
            }
            rest = &rest[length..];
        }
    }
    kind + open
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::syntax::parse;

    #[test]
    fn a_file_may_gain_words_and_lose_none() {
        assert_eq!(lost("mod a; x: i64", "pub mod a; mod b; x: u32"), None);
        assert_eq!(lost("pub use a::f;", "pub fn f() {}").as_deref(), Some("use"));
        assert_eq!(lost("a a", "a").as_deref(), Some("a"));
        assert_eq!(lost("pub(crate) enum E { A }", "pub enum E { A }"), None);
        assert_eq!(lost("use crate::a; pub(crate) enum E {}", "pub enum E {}").as_deref(), Some("use"));
    }

    /// An error at one place, with its words.
    struct OneError(Range<usize>, BTreeSet<String>);

    impl Cause for OneError {
        fn touches(&self, place: &Range<usize>) -> bool {
            place.contains(&self.0.start)
        }
        fn tells(&self, word: &str) -> bool {
            self.1.contains(word)
        }
        fn advises(&self, _: &Range<usize>) -> bool {
            false
        }
        fn borrows_within(&self, place: &Range<usize>) -> bool {
            self.touches(place)
        }
        fn own_places(&self) -> &[Range<usize>] {
            std::slice::from_ref(&self.0)
        }
    }

    #[test]
    fn what_is_borrowed_is_known_from_what_is_owned() {
        for (one, other) in
            [("&str", "String"), ("&'a [u8]", "Vec<u8>"), ("Option<&Path>", "Option<PathBuf>"), ("&T", "T")]
        {
            assert_eq!(owned(one), owned(other), "{one}");
        }
        for (one, other) in [("&str", "Vec<u8>"), ("&[u8]", "&[String]"), ("&T", "Option<T>"), ("&strs", "Strings")] {
            assert_ne!(owned(one), owned(other), "{one}");
        }
    }

    #[test]
    fn what_may_change_of_a_public_item_is_what_the_error_is_in() {
        let check = |old: &str, new: &str, error_at: &str, says: &str, expect: &[&str]| {
            let at = old.find(error_at).unwrap();
            let told = words(says).iter().map(|word| word.text.to_owned()).collect();
            let (one, other) = (parse(old).unwrap(), parse(new).unwrap());
            let found = excused((old, &one), (new, &other), &OneError(at..at + error_at.len(), told));
            let changed: Vec<&str> = expect.to_vec();
            assert_eq!(found.into_iter().collect::<Vec<_>>(), changed, "{new}");
        };
        let join = "impl N { pub fn join(&self, x: u8) { body() } }";
        check(join, &join.replace("&self", "&mut self"), "body", "", &["fn join"]);
        check(join, &join.replace("u8", "u64"), "body", "", &["fn join"]);
        check(join, &join.replace("u8", "String"), "body", "", &[]);
        check(join, &join.replace(", x: u8", ""), "body", "", &[]);
        check(join, &join.replace("&self", "&mut self"), "impl", "", &[]);
        let map = "pub fn map<T>(f: impl Send, v: Vec<&'a T>) -> Vec<T> { f(v) }";
        check(map, &map.replace("impl Send", "impl Fn(T) + Send"), "f(v)", "", &["fn map"]);
        check(map, &map.replace("<T>(", "<T: Copy>(").replace("&'a T", "&mut T"), "f(v)", "", &["fn map"]);
        check(map, &map.replace("-> Vec<T>", "-> Option<T>"), "f(v)", "", &[]);
        let name = "pub fn name(&self) -> &str { text.as_str() }";
        check(name, &name.replace("-> &str", "-> String"), "text", "", &["fn name"]);
        check(name, &name.replace("-> &str", "-> Vec<u8>"), "text", "", &[]);
        let swapped = "pub fn at(x: Point, y: f64) { f(x) }";
        check(swapped, "pub fn at(x: f64, y: Point) { f(x) }", "x", "", &[]);
        let returning = |new: &str, error_at: &str| {
            let old = "impl S { pub fn with(mut self, x: T) where T: A { self.add(x); self } }";
            let at = old.find(error_at).unwrap();
            let (one, other) = (parse(old).unwrap(), parse(new).unwrap());
            !super::returning((old, &one), (new, &other), &|place| place.contains(&at)).is_empty()
        };
        let gained = "impl S { pub fn with(mut self, x: T) -> Self where T: A { self.add(x); self } }";
        assert!(returning(gained, "self }") && !returning(gained, "impl"));
        assert!(!returning(&gained.replace("x: T", "x: U"), "self }"));
        let shape = "pub struct Shape { side: u32 } fn f() {}";
        let with = |says: &str, new: &str, expect: &[&str]| check(shape, new, "fn f", says, expect);
        with("field `side` is private", &shape.replace("side", "pub side"), &["fn f", "type Shape"]);
        with("expected `u32`", &shape.replace("u32", "i64"), &["fn f"]);
        with("of `Shape`", &shape.replace("side: u32", ""), &["fn f"]);
        with("of `Shape`", &shape.replace("side: u32", "side: u32, top: u8"), &["fn f", "type Shape"]);
        with("of `Shape`", &shape.replace("side: u32", "side: u32, pub top: u8"), &["fn f"]);
        with("of others", &shape.replace("side: u32", "side: u32, top: u8"), &["fn f"]);
        let open = "pub struct Open { pub side: u32 } fn f() {}";
        check(open, &open.replace("u32", "u32, top: u8"), "fn f", "of `Open`", &["fn f"]);
    }
}
