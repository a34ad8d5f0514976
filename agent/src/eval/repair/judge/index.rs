//! Examples of the error index: right is what compiles and still has every item and every call of the wrong example, but for what the
//! explanation's own correction drops as well. An example that does not parse is compared by its words; there a `let` outside any function
//! is no item yet, and what declares its name afterwards, as the compiler itself advises, is a `static` or `const`. An `impl` of a type's own
//! that became a trait's, for the same type, is still there, and so is one of two types, or of two methods of one `impl`, of one name that
//! got another which begins with it. A foreign trait's `impl` for a foreign type, which no crate may have, is still there for a new type.
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};

/// How often each item and call is there.
type Census = BTreeMap<String, usize>;

/// What a mended example lacks, or has and must not; `None` if it is right.
pub fn fault(wrong: &str, mended: &str, corrections: &[String]) -> Option<String> {
    let Ok(tree) = syn::parse_file(mended) else { return Some("it is Rust that cannot be looked into".into()) };
    let after = of_tree(&tree);
    // What does not parse is compared by its words: no name may be lost.
    let (before, after) = match syn::parse_file(wrong) {
        Ok(tree) => (Before { doubled: doubled(&tree), census: of_tree(&tree) }, after),
        Err(_) => (Before { doubled: BTreeSet::new(), census: of_words(wrong) }, of_words(mended)),
    };
    if let Some(escape) = escapes(mended).into_iter().find(|escape| !escapes(wrong).contains(escape)) {
        return Some(format!("it got away with {escape}"));
    }
    let missing = less(&before, &after);
    if missing.is_empty() || corrections.iter().any(|right| drops(right, &before, &missing)) {
        return None;
    }
    let names: Vec<String> = missing.into_keys().collect();
    Some(format!("it lacks {}", names.join(", ")))
}

/// Whether a correction is one of this example, and lacks all of `missing` as well.
fn drops(right: &str, before: &Before, missing: &Census) -> bool {
    let census = syn::parse_file(right).map_or_else(|_| of_words(right), |tree| of_tree(&tree));
    let is_of_this = before.census.keys().any(|name| name != MAIN && census.contains_key(name));
    let lacking = less(before, &census);
    is_of_this && missing.iter().all(|(name, count)| lacking.get(name).is_some_and(|lacking| lacking >= count))
}

/// What a wrong example has.
struct Before {
    census: Census,
    /// Methods that one `impl` has twice.
    doubled: BTreeSet<String>,
}

fn less(before: &Before, after: &Census) -> Census {
    let lost = before.census.iter().filter_map(|(name, count)| {
        let left = after.get(name).copied().unwrap_or(0) + instead(name, before, after);
        (left < *count).then(|| (name.clone(), count - left))
    });
    lost.collect()
}

/// How many more there are of what stands for `name` as well: a trait's `impl` for a type's own, a number for its bare prefix, a new type's
/// `impl` for one that no crate may have.
fn instead(name: &str, before: &Before, after: &Census) -> usize {
    let is_doubled = before.doubled.contains(name) || is_doubled(name, &before.census);
    let orphan = orphan(name, &before.census);
    let stands_for = |other: &str| match (name.strip_prefix(OWN_IMPL), orphan) {
        (Some(kind), _) => other.starts_with("impl ") && other.ends_with(&format!(" for {kind}")),
        (None, Some(of_trait)) => {
            let is_new = |kind: &str| is_type(kind, after) && !is_type(kind, &before.census);
            other.strip_prefix(of_trait).is_some_and(is_new)
        }
        (None, None) => (is_doubled || ["0b", "0o", "0x"].contains(&name)) && other.starts_with(name),
    };
    let gained =
        |(other, count): (&String, &usize)| count.saturating_sub(before.census.get(other).copied().unwrap_or(0));
    after.iter().filter(|(other, _)| *other != name && stands_for(other)).map(gained).sum()
}

/// Ways to make the compiler content that mend nothing.
fn escapes(text: &str) -> Vec<&'static str> {
    const ESCAPES: [&str; 9] =
        ["todo!", "unimplemented!", "unreachable!", "panic!", "unsafe", "#[allow", "#![allow", "#[cfg", "#![feature"];
    ESCAPES.into_iter().filter(|escape| text.contains(escape)).collect()
}

/// Whether an item has its name in common with another that no two items can share: all but one must get another, which begins with it.
fn is_doubled(name: &str, before: &Census) -> bool {
    const TYPES: [&str; 5] = ["type", "enum", "struct", "union", "trait"];
    let Some((kind, ident)) = name.split_once(' ') else { return false };
    let count = |kind: &str| before.get(&format!("{kind} {ident}")).copied().unwrap_or(0);
    TYPES.contains(&kind) && TYPES.into_iter().map(count).sum::<usize>() > 1
}

/// `impl Trait for ` of an `impl` whose trait and type are both declared elsewhere.
fn orphan<'n>(name: &'n str, before: &Census) -> Option<&'n str> {
    let (of_trait, kind) = name.strip_prefix("impl ")?.split_once(" for ")?;
    let is_foreign =
        !of_trait.is_empty() && !before.contains_key(&format!("trait {of_trait}")) && !is_type(kind, before);
    is_foreign.then(|| name.strip_suffix(kind)).flatten()
}

fn is_type(name: &str, census: &Census) -> bool {
    ["struct", "enum", "union", "type"].iter().any(|kind| census.contains_key(&format!("{kind} {name}")))
}

/// Methods that one `impl` has twice, as they are counted.
fn doubled(tree: &syn::File) -> BTreeSet<String> {
    struct Doubled(BTreeSet<String>);
    impl<'ast> Visit<'ast> for Doubled {
        fn visit_item_impl(&mut self, node: &'ast syn::ItemImpl) {
            let mut seen = BTreeSet::new();
            for item in &node.items {
                if let syn::ImplItem::Fn(method) = item
                    && !seen.insert(&method.sig.ident)
                {
                    self.0.insert(format!("method {}", method.sig.ident));
                }
            }
            visit::visit_item_impl(self, node);
        }
    }
    let mut found = Doubled(BTreeSet::new());
    found.visit_file(tree);
    found.0
}

/// What a type's own `impl` is counted under, before the type's name.
const OWN_IMPL: &str = "impl  for ";

/// The item that is put in where an example has none.
const MAIN: &str = "fn main";

fn of_words(text: &str) -> Census {
    let mut census = Census::new();
    let code: String = text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect();
    for word in code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()) {
        let word = if ["let", "const", "static"].contains(&word) { "a declaration" } else { word };
        *census.entry(word.to_owned()).or_insert(0) += 1;
    }
    census
}

fn of_tree(tree: &syn::File) -> Census {
    let mut counter = Counter(Census::new());
    counter.visit_file(tree);
    counter.0
}

struct Counter(Census);

impl Counter {
    fn count(&mut self, what: &str, name: impl std::fmt::Display) {
        *self.0.entry(format!("{what} {name}")).or_insert(0) += 1;
    }
}

/// The last name of a type's path.
fn named(written: &syn::Type) -> String {
    match written {
        syn::Type::Path(path) => path.path.segments.last().map_or_else(String::new, |last| last.ident.to_string()),
        syn::Type::Reference(reference) => named(&reference.elem),
        _ => String::new(),
    }
}

impl<'ast> Visit<'ast> for Counter {
    fn visit_item(&mut self, node: &'ast syn::Item) {
        match node {
            syn::Item::Const(item) => self.count("const", &item.ident),
            syn::Item::Enum(item) => self.count("enum", &item.ident),
            syn::Item::Fn(item) => self.count("fn", &item.sig.ident),
            syn::Item::Impl(item) => {
                let of = item.trait_.as_ref().and_then(|(_, path, _)| Some(path.segments.last()?.ident.to_string()));
                self.count("impl", format!("{} for {}", of.unwrap_or_default(), named(&item.self_ty)));
            }
            syn::Item::Macro(item) => {
                if let Some(name) = &item.ident {
                    self.count("macro", name);
                }
            }
            syn::Item::Mod(item) => self.count("mod", &item.ident),
            syn::Item::Static(item) => self.count("static", &item.ident),
            syn::Item::Struct(item) => self.count("struct", &item.ident),
            syn::Item::Trait(item) => self.count("trait", &item.ident),
            syn::Item::Type(item) => self.count("type", &item.ident),
            syn::Item::Union(item) => self.count("union", &item.ident),
            _ => {}
        }
        visit::visit_item(self, node);
    }

    fn visit_impl_item_fn(&mut self, node: &'ast syn::ImplItemFn) {
        self.count("method", &node.sig.ident);
        visit::visit_impl_item_fn(self, node);
    }

    fn visit_trait_item_fn(&mut self, node: &'ast syn::TraitItemFn) {
        self.count("method", &node.sig.ident);
        visit::visit_trait_item_fn(self, node);
    }

    fn visit_expr_call(&mut self, node: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*node.func
            && let Some(last) = path.path.segments.last()
        {
            self.count("call", &last.ident);
        }
        visit::visit_expr_call(self, node);
    }

    fn visit_expr_method_call(&mut self, node: &'ast syn::ExprMethodCall) {
        self.count("call", &node.method);
        visit::visit_expr_method_call(self, node);
    }

    fn visit_expr_struct(&mut self, node: &'ast syn::ExprStruct) {
        if let Some(last) = node.path.segments.last() {
            self.count("value", &last.ident);
        }
        visit::visit_expr_struct(self, node);
    }

    fn visit_macro(&mut self, node: &'ast syn::Macro) {
        if let Some(last) = node.path.segments.last() {
            self.count("call", format!("{}!", last.ident));
        }
        visit::visit_macro(self, node);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wrong: &str, mended: &str, corrections: &[&str], expected: Option<&str>) {
        let corrections: Vec<String> = corrections.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(fault(wrong, mended, &corrections).as_deref(), expected, "{mended}");
    }

    #[test]
    fn nothing_may_be_lost() {
        let wrong = "fn f(x: &str) {} fn main() { f(1); g(); }";
        check(wrong, "fn f(x: &str) {} fn g() {} fn main() { f(\"1\"); g(); }", &[], None);
        check(wrong, "fn f(x: &str) {} fn main() { f(\"1\"); }", &[], Some("it lacks call g"));
        check(wrong, "fn main() { }", &[], Some("it lacks call f, call g, fn f"));
        check(wrong, "fn f(x: &str) {} fn g() {} fn main() { f(todo!()); g(); }", &[], Some("it got away with todo!"));
    }

    #[test]
    fn what_the_correction_drops_may_go() {
        let wrong = "struct A; impl Copy for A {} impl Drop for A { fn drop(&mut self) {} } fn main() {}";
        let mended = "struct A; impl Drop for A { fn drop(&mut self) {} } fn main() {}";
        check(wrong, mended, &[], Some("it lacks impl Copy for A"));
        check(wrong, mended, &["struct A; impl Drop for A { fn drop(&mut self) {} } fn main() {}"], None);
        check(wrong, mended, &["struct B; fn main() {}"], Some("it lacks impl Copy for A"));
    }

    #[test]
    fn what_is_no_rust_is_compared_by_its_words() {
        check("fn main() { let a = f(1; }", "fn main() { let a = f(1); }", &[], None);
        check("fn main() { let a = f(1; }", "fn main() { let a = 1; }", &[], Some("it lacks f"));
        check("let s = f(\"; // a", "static s: &str = f(\"\"); // a", &[], None);
        check("let s = \"; // a", "static t: &str = \"\"; // a", &[], Some("it lacks s"));
        check("let s = \"; let t = 1;", "static s: &str = \"\"; fn t() {}", &[], Some("it lacks 1, a declaration"));
        check("let n: i32 = 0b;", "static n: i32 = 0b0;", &[], None);
        check("let n: i32 = 0b;", "static n: i32 = 0;", &[], Some("it lacks 0b"));
    }

    #[test]
    fn two_types_of_one_name_cannot_both_keep_it() {
        let wrong = "type A = u8; struct A(u8); struct B;";
        check(wrong, "type A = u8; struct A2(u8); struct B;", &[], None);
        check(wrong, "type A = u8; struct C(u8); struct B;", &[], Some("it lacks struct A"));
        check(wrong, "type A = u8; struct A2(u8); struct B2;", &[], Some("it lacks struct B"));
    }

    #[test]
    fn two_methods_of_one_name_cannot_both_keep_it() {
        let wrong = "struct A; impl A { fn f(&self) {} fn f() {} } impl B for A { fn g(&self) {} }";
        check(wrong, "struct A; impl A { fn f(&self) {} fn f_2() {} } impl B for A { fn g(&self) {} }", &[], None);
        let gone = "struct A; impl A { fn f(&self) {} } impl B for A { fn g(&self) {} }";
        check(wrong, gone, &[], Some("it lacks method f"));
        let other = "struct A; impl A { fn f(&self) {} fn f_2() {} } impl B for A { fn g_2(&self) {} }";
        check(wrong, other, &[], Some("it lacks method g"));
    }

    #[test]
    fn what_no_crate_may_implement_is_implemented_for_a_new_type() {
        let wrong = "impl Drop for u32 {}";
        check(wrong, "struct N(u32); impl Drop for N { fn drop(&mut self) {} }", &[], None);
        check(wrong, "struct N(u32);", &[], Some("it lacks impl Drop for u32"));
        check(wrong, "impl Drop for String {}", &[], Some("it lacks impl Drop for u32"));
        let own = "trait A {} struct B; impl A for u32 {} impl Drop for B { fn drop(&mut self) {} }";
        check(
            own,
            &own.replace("for u32", "for N").replace("struct B", "struct N; struct B"),
            &[],
            Some("it lacks impl A for u32"),
        );
        check(
            own,
            &own.replace("for B", "for N").replace("struct B", "struct N; struct B"),
            &[],
            Some("it lacks impl Drop for B"),
        );
    }

    #[test]
    fn an_impl_that_became_a_traits_is_still_there() {
        let wrong = "impl Vec<u8> { fn f(&self) {} }";
        check(wrong, "trait A { fn f(&self); } impl A for Vec<u8> { fn f(&self) {} }", &[], None);
        check(wrong, "trait A {} impl A for Vec<u8> {}", &[], Some("it lacks method f"));
        check(wrong, "trait A { fn f(&self); } impl A for u8 { fn f(&self) {} }", &[], Some("it lacks impl  for Vec"));
        let other = "impl A for Vec<u8> {} impl Vec<u8> {}";
        check(other, "impl A for Vec<u8> {}", &[], Some("it lacks impl  for Vec"));
    }
}
