//! What of the public items may change where the error's cause is in them: a receiver, a bound, a lifetime, a field's type or its being
//! public. Names, number and kind of parameters, and what is returned stay.
//!
//! It leaves to others: whether somebody may change them at all.
use crate::repair::syntax::{bytes, words};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{FnArg, ImplItemFn, ItemEnum, ItemFn, ItemStruct, ReturnType, Signature, TraitItemFn};

/// Types of numbers.
const NUMBERS: [&str; 14] =
    ["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64"];

/// One public item of a name.
struct Shape {
    /// The whole item, with its body.
    whole: Range<usize>,
    /// Its text as it stands.
    text: String,
    /// What of it must stay.
    stays: Vec<String>,
    /// A function's signature, without what it returns.
    head: Option<String>,
    /// Whether it returns something.
    returns: bool,
    /// Its own name, and those of its fields.
    names: Vec<String>,
}

/// The items, by the names under which the census keeps them, that changed in what may change alone: functions that an error touches,
/// types of which one of `told` (the words of the errors) speaks.
pub(super) fn excused(
    (old_text, old): (&str, &syn::File),
    (new_text, new): (&str, &syn::File),
    touches: &dyn Fn(&Range<usize>) -> bool,
    told: &BTreeSet<String>,
) -> BTreeSet<String> {
    changed_so((old_text, old), (new_text, new), |name, old, new| {
        let has_cause = if name.starts_with("fn ") {
            touches(&old.whole)
        } else {
            old.names.iter().any(|name| told.contains(name))
        };
        old.stays == new.stays && has_cause
    })
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

/// A word of which there are fewer afterwards; types of numbers may be exchanged.
pub(super) fn lost(old: &str, new: &str) -> Option<String> {
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

/// The words of the errors' texts.
pub(super) fn told(texts: &[&str]) -> BTreeSet<String> {
    texts.iter().flat_map(|text| words(text)).map(|word| word.text.to_owned()).collect()
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

    fn function(&mut self, signature: &Signature, whole: Range<usize>) {
        let mut stays: Vec<String> = signature
            .inputs
            .iter()
            .map(|input| match input {
                FnArg::Receiver(_) => "self".to_owned(),
                FnArg::Typed(typed) => kind_of(self.at(bytes(typed.ty.span()))),
            })
            .collect();
        stays.push(match &signature.output {
            ReturnType::Default => String::new(),
            ReturnType::Type(_, output) => kind_of(self.at(bytes(output.span()))),
        });
        stays.push(format!("{} {}", signature.asyncness.is_some(), signature.unsafety.is_some()));
        let name = signature.ident.to_string();
        let all = bytes(signature.span());
        let output = match &signature.output {
            ReturnType::Default => all.end..all.end,
            ReturnType::Type(..) => bytes(signature.output.span()),
        };
        let words = [self.at(all.start..output.start), self.at(output.end..all.end)];
        let head = words.iter().flat_map(|part| part.split_whitespace()).collect::<Vec<_>>().join(" ");
        let (text, returns) = (self.at(all).to_owned(), !output.is_empty());
        self.put(format!("fn {name}"), Shape { whole, text, stays, head: Some(head), returns, names: vec![name] });
    }

    fn put(&mut self, name: String, shape: Shape) {
        self.shapes.entry(name).or_default().push(shape);
    }

    fn named(&mut self, ident: &syn::Ident, whole: Range<usize>, parts: Vec<String>) {
        let text = self.at(whole.clone()).to_owned();
        let names = parts.iter().cloned().chain([ident.to_string()]).collect();
        self.put(format!("type {ident}"), Shape { whole, text, stays: parts, head: None, returns: false, names });
    }
}

impl<'ast> Visit<'ast> for Shapes<'_> {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.function(&item.sig, bytes(item.span()));
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.function(&item.sig, bytes(item.span()));
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        self.function(&item.sig, bytes(item.span()));
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        let name = |field: &syn::Field| field.ident.as_ref().map_or_else(|| "0".to_owned(), ToString::to_string);
        self.named(&item.ident, bytes(item.span()), item.fields.iter().map(name).collect());
    }

    fn visit_item_enum(&mut self, item: &'ast ItemEnum) {
        let parts = item.variants.iter().map(|variant| format!("{} {}", variant.ident, variant.fields.len()));
        self.named(&item.ident, bytes(item.span()), parts.collect());
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
    }

    #[test]
    fn what_may_change_of_a_public_item_is_what_the_error_is_in() {
        let check = |old: &str, new: &str, error_at: &str, says: &str, expect: &[&str]| {
            let at = old.find(error_at).unwrap();
            let touches = |place: &Range<usize>| place.contains(&at);
            let (one, other) = (parse(old).unwrap(), parse(new).unwrap());
            let found = excused((old, &one), (new, &other), &touches, &told(&[says]));
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
    }
}
