//! Every public item of the SDK is documented with an example: these pages are what people and models write their programs from, and
//! `cargo test --doc` compiles the examples.
//!
//! Read from the source, so that it costs no build of its own. It counts as rustdoc's `--show-coverage` does (functions, methods, types,
//! traits and their methods; not modules, fields, variants, constants, aliases, nor what is `#[doc(hidden)]`), and beyond it the methods of
//! types that a private module lends to the crate's root. What macros make is not seen here.
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprLit, ImplItem, Item, Lit, Meta, TraitItem, Type, Visibility};

/// A type by its name: where it is defined and whether it is public there.
type Types = BTreeMap<String, Vec<(PathBuf, bool)>>;

/// A file of the crate that is not hidden from its documentation.
struct Module {
    path: PathBuf,
    items: Vec<Item>,
}

#[test]
fn every_public_item_has_an_example() {
    let mut modules = Vec::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs"), &mut modules);
    let mut types = Types::new();
    for module in &modules {
        collect_types(&module.path, &module.items, &mut types);
    }
    let mut found = Found::default();
    for module in &modules {
        check_items(module, &module.items, &types, &mut found);
    }
    assert!(found.items > 300, "only {} public items were found: is this the SDK?", found.items);
    assert!(
        found.without.is_empty(),
        "{} items without an example:\n{}",
        found.without.len(),
        found.without.join("\n")
    );
}

#[test]
fn a_fence_of_rust_is_an_example_and_nothing_else_is() {
    let has = |source: &str| has_example(&syn::parse_str::<syn::ItemFn>(source).expect("a function").attrs);
    assert!(has("/// Says.\n///\n/// ```\n/// f();\n/// ```\nfn f() {}"));
    assert!(has("/// ```no_run\n/// f();\n/// ```\nfn f() {}"));
    assert!(!has("/// Says `f()`.\nfn f() {}"));
    assert!(!has("/// ```text\n/// f();\n/// ```\nfn f() {}"));
    assert!(!has("/// ```ignore\n/// f();\n/// ```\nfn f() {}"));
    // The fence that ends a block begins none.
    assert!(!has("/// ```sh\n/// f\n/// ```\nfn f() {}"));
}

#[derive(Default)]
struct Found {
    items: usize,
    without: Vec<String>,
}

impl Found {
    fn item(&mut self, module: &Module, name: &str, at: proc_macro2::Span, attributes: &[Attribute]) {
        if is_left_out(attributes) {
            return;
        }
        self.items += 1;
        if !has_example(attributes) {
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            let path = module.path.strip_prefix(root).unwrap_or(&module.path).display();
            self.without.push(format!("{path}:{} {name}", at.start().line));
        }
    }
}

/// The modules from `path` down, those that are hidden or for tests left out.
fn read(path: &Path, modules: &mut Vec<Module>) {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let name = path.file_stem().unwrap_or_default();
    let folder = path.parent().expect("a folder");
    let below = if name == "lib" || name == "mod" { folder.to_owned() } else { folder.join(name) };
    for item in &file.items {
        if let Item::Mod(module) = item
            && module.content.is_none()
            && !is_left_out(&module.attrs)
        {
            let name = module.ident.to_string();
            let beside = below.join(format!("{name}.rs"));
            read(&if beside.exists() { beside } else { below.join(name).join("mod.rs") }, modules);
        }
    }
    modules.push(Module { path: path.to_owned(), items: file.items });
}

fn collect_types(path: &Path, items: &[Item], types: &mut Types) {
    for item in items {
        let (name, visibility) = match item {
            Item::Struct(item) => (&item.ident, &item.vis),
            Item::Enum(item) => (&item.ident, &item.vis),
            Item::Mod(module) => {
                if let Some((_, inner)) = &module.content {
                    collect_types(path, inner, types);
                }
                continue;
            }
            _ => continue,
        };
        types.entry(name.to_string()).or_default().push((path.to_owned(), is_public(visibility)));
    }
}

fn check_items(module: &Module, items: &[Item], types: &Types, found: &mut Found) {
    for item in items {
        match item {
            Item::Fn(item) if is_public(&item.vis) => {
                found.item(module, &item.sig.ident.to_string(), item.sig.ident.span(), &item.attrs);
            }
            Item::Struct(item) if is_public(&item.vis) => {
                found.item(module, &item.ident.to_string(), item.ident.span(), &item.attrs);
            }
            Item::Enum(item) if is_public(&item.vis) => {
                found.item(module, &item.ident.to_string(), item.ident.span(), &item.attrs);
            }
            Item::Trait(item) if is_public(&item.vis) && !is_left_out(&item.attrs) => {
                found.item(module, &item.ident.to_string(), item.ident.span(), &item.attrs);
                for inner in &item.items {
                    if let TraitItem::Fn(method) = inner {
                        let name = format!("{}::{}", item.ident, method.sig.ident);
                        found.item(module, &name, method.sig.ident.span(), &method.attrs);
                    }
                }
            }
            Item::Impl(item) if item.trait_.is_none() && !is_left_out(&item.attrs) => {
                let Some(name) = type_name(&item.self_ty).filter(|name| is_public_type(module, name, types)) else {
                    continue;
                };
                for inner in &item.items {
                    if let ImplItem::Fn(method) = inner
                        && is_public(&method.vis)
                    {
                        let name = format!("{name}::{}", method.sig.ident);
                        found.item(module, &name, method.sig.span(), &method.attrs);
                    }
                }
            }
            Item::Mod(inner) if !is_left_out(&inner.attrs) => {
                if let Some((_, items)) = &inner.content {
                    check_items(module, items, types, found);
                }
            }
            _ => {}
        }
    }
}

/// Whether the type that `module` calls `name` is public: its own if it has one, else any of that name.
fn is_public_type(module: &Module, name: &str, types: &Types) -> bool {
    let named = types.get(name).map_or(&[][..], Vec::as_slice);
    match named.iter().find(|(path, _)| *path == module.path) {
        Some((_, public)) => *public,
        None => named.iter().any(|(_, public)| *public),
    }
}

fn type_name(of: &Type) -> Option<String> {
    let Type::Path(path) = of else { return None };
    Some(path.path.segments.last()?.ident.to_string())
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Hidden from the documentation, or for tests alone.
fn is_left_out(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let Meta::List(list) = &attribute.meta else { return false };
        let inside = list.tokens.to_string();
        (list.path.is_ident("doc") && inside == "hidden")
            || (list.path.is_ident("cfg") && matches!(inside.as_str(), "test" | "doctest"))
    })
}

fn has_example(attributes: &[Attribute]) -> bool {
    let mut in_block = false;
    attributes.iter().filter_map(doc_line).any(|line| {
        let Some(language) = line.trim().strip_prefix("```") else { return false };
        in_block = !in_block;
        in_block && matches!(language, "" | "rust" | "no_run" | "should_panic" | "compile_fail")
    })
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    if !pair.path.is_ident("doc") {
        return None;
    }
    let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &pair.value else { return None };
    Some(text.value())
}
