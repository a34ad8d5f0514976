//! The policy on the syntax tree: imports, paths, attributes, raw pointers, and the shape of `fly`.
//!
//! It leaves to others: words and macros (`tokens`).

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, File, FnArg, Item, ItemFn, ItemMod, ItemUse, Path, ReturnType, UseTree, Visibility};

use super::Breach;

/// Attributes that a mission may carry.
const ATTRIBUTES: &[&str] = &["doc", "derive", "must_use", "inline"];

/// Traits that a mission may derive: the compiler's own.
const DERIVES: &[&str] = &["Clone", "Copy", "Debug", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];

/// The crates that a mission may use.
const CRATES: &[&str] = &["flightsmith_sdk", "core"];

/// Parts of `core` that a mission has no business with.
const CORE_PARTS: &[&str] =
    &["arch", "contracts", "env", "ffi", "intrinsics", "os", "panic", "panicking", "ptr", "simd", "unsafe_binder"];

/// Crates that are often reached for.
const OTHER_CRATES: &[&str] = &["std", "alloc", "proc_macro", "test", "libc", "mavlink", "tokio", "embassy_time"];

/// The breaches, or `None` for what is no Rust, or none that is known here.
pub(super) fn breaches(source: &str) -> Option<Vec<Breach>> {
    let file = syn::parse_file(source).ok()?;
    let mut judge = Judge::default();
    judge.visit_file(&file);
    judge.found.extend(shape_of_fly(&file));
    Some(judge.found)
}

/// How other programs wait.
const WAITING: &[&str] = &["sleep", "sleep_ms", "Timer", "interval"];

/// Methods that end the program where there is no value.
const PANICKING: &[&str] = &["unwrap", "expect", "unwrap_err", "expect_err", "unwrap_unchecked"];

#[derive(Default)]
struct Judge {
    found: Vec<Breach>,
}

impl Judge {
    fn refuse(&mut self, place: &impl Spanned, message: impl Into<String>) {
        self.found.push(Breach::at(place.span(), message));
    }

    /// One branch of a `use`, `before` being the names above it.
    fn import(&mut self, tree: &UseTree, before: &[String]) {
        match tree {
            UseTree::Path(path) => {
                let mut names = before.to_vec();
                names.push(plain(&path.ident));
                self.reached(&path.ident, &names);
                self.import(&path.tree, &names);
            }
            UseTree::Name(name) => {
                let mut names = before.to_vec();
                if name.ident != "self" {
                    names.push(plain(&name.ident));
                }
                self.reached(&name.ident, &names);
                if names.len() == 1 && names[0] == "core" {
                    self.refuse(name, "import what you need of `core`, not `core` itself");
                }
            }
            UseTree::Rename(rename) => {
                let mut names = before.to_vec();
                if rename.ident != "self" {
                    names.push(plain(&rename.ident));
                }
                self.reached(&rename.ident, &names);
                if names.len() == 1 {
                    self.refuse(rename, "a crate may not be renamed: `use` what you need of it");
                }
            }
            UseTree::Glob(glob) if before.len() == 1 && before[0] == "core" => {
                self.refuse(glob, "import what you need of `core`, not all of it");
            }
            UseTree::Glob(_) => {}
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(tree, before)),
        }
    }

    /// Judges a path of an import by its first two names.
    fn reached(&mut self, place: &impl Spanned, names: &[String]) {
        match names {
            [root] if !is_local(root) && !CRATES.contains(&root.as_str()) => {
                self.refuse(
                    place,
                    format!("`use {root}` is not allowed: a mission uses `flightsmith_sdk` and `core` only"),
                );
            }
            [root, part] if root == "core" && CORE_PARTS.contains(&part.as_str()) => {
                self.refuse(place, format!("`core::{part}` is not allowed in a mission"));
            }
            _ => {}
        }
    }
}

fn is_local(root: &str) -> bool {
    matches!(root, "self" | "super" | "crate")
}

fn plain(ident: &syn::Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
}

impl<'ast> Visit<'ast> for Judge {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        for attribute in &item.attrs {
            self.visit_attribute(attribute);
        }
        self.import(&item.tree, &[]);
        if !matches!(item.vis, Visibility::Inherited) {
            self.refuse(item, "a mission re-exports nothing");
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let names: Vec<String> = path.segments.iter().take(2).map(|segment| plain(&segment.ident)).collect();
        if let [root, part, ..] = names.as_slice() {
            let waits = path.segments.iter().any(|segment| WAITING.contains(&plain(&segment.ident).as_str()));
            let foreign = OTHER_CRATES.contains(&root.as_str())
                || path.leading_colon.is_some() && !CRATES.contains(&root.as_str());
            if foreign {
                let instead = match waits {
                    true => "to wait in the air write `vehicle.hold(Seconds(5.0)).await?`",
                    false => "a mission uses `flightsmith_sdk` and `core` only",
                };
                self.refuse(path, format!("`{root}::{part}` is not allowed: {instead}"));
            }
            if root == "core" && CORE_PARTS.contains(&part.as_str()) {
                self.refuse(path, format!("`core::{part}` is not allowed in a mission"));
            }
        }
        visit::visit_path(self, path);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if matches!(local.pat, syn::Pat::Wild(_)) && local.init.is_some() {
            let message = "`let _ =` throws away what a call says: write `?` behind it, or handle its error";
            self.refuse(local, message);
        }
        visit::visit_local(self, local);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let name = plain(&call.method);
        if PANICKING.contains(&name.as_str()) {
            let message =
                format!("`.{name}()` would stop the program in the air: write `?`, so that the error is acted on");
            self.refuse(&call.method, message);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        let path = attribute.path();
        let name = path.segments.iter().map(|segment| plain(&segment.ident)).collect::<Vec<_>>().join("::");
        if matches!(attribute.style, syn::AttrStyle::Inner(_)) && name != "doc" {
            self.refuse(
                attribute,
                format!("`#![{name}]` is not allowed: the crate's attributes are not the mission's"),
            );
        } else if !ATTRIBUTES.contains(&name.as_str()) {
            let message = match name.as_str() {
                "allow" | "expect" | "warn" => "lints may not be silenced: mend what they find".to_owned(),
                "path" => "`#[path]` is not allowed: a mission is one file".to_owned(),
                "cfg" | "cfg_attr" => {
                    format!("`#[{name}]` is not allowed: the mission that is tested is the mission that flies")
                }
                _ => format!("the attribute `#[{name}]` is not allowed in a mission"),
            };
            self.refuse(attribute, message);
        } else if name == "doc" && !matches!(&attribute.meta, syn::Meta::NameValue(meta) if is_text(&meta.value)) {
            self.refuse(attribute, "documentation is plain text in a mission");
        } else if name == "derive" {
            let derives =
                attribute.parse_args_with(syn::punctuated::Punctuated::<Path, syn::Token![,]>::parse_terminated);
            for derive in derives.into_iter().flatten() {
                if !derive.get_ident().is_some_and(|ident| DERIVES.contains(&ident.to_string().as_str())) {
                    self.refuse(&derive, format!("only these can be derived in a mission: {}", DERIVES.join(", ")));
                }
            }
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if item.content.is_none() {
            self.refuse(item, "`mod` of another file is not allowed: a mission is one file");
        }
        visit::visit_item_mod(self, item);
    }

    fn visit_type_ptr(&mut self, pointer: &'ast syn::TypePtr) {
        self.refuse(pointer, "raw pointers are not allowed in a mission");
    }

    fn visit_expr_raw_addr(&mut self, address: &'ast syn::ExprRawAddr) {
        self.refuse(address, "raw pointers are not allowed in a mission");
    }

    fn visit_item(&mut self, item: &'ast Item) {
        match item {
            // Syntax that the parser does not know yet cannot be judged.
            Item::Verbatim(tokens) => self.refuse(tokens, "this is not allowed in a mission"),
            Item::ForeignMod(block) => self.refuse(block, "`extern` is not allowed in a mission"),
            Item::Macro(call) => self.refuse(call, "a macro may not make items in a mission"),
            _ => visit::visit_item(self, item),
        }
    }
}

fn is_text(expression: &syn::Expr) -> bool {
    matches!(expression, syn::Expr::Lit(literal) if matches!(literal.lit, syn::Lit::Str(_)))
}

const SIGNATURE: &str = "`pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError>`";

/// The one function that the crate around the mission calls.
fn shape_of_fly(file: &File) -> Option<Breach> {
    let mut functions = file.items.iter().filter_map(|item| match item {
        Item::Fn(function) if function.sig.ident == "fly" => Some(function),
        _ => None,
    });
    let Some(fly) = functions.next_back() else {
        return Some(Breach { line: 1, column: 1, message: format!("there is no {SIGNATURE}") });
    };
    let right = matches!(fly.vis, Visibility::Public(_))
        && fly.sig.asyncness.is_some()
        && fly.sig.generics.params.is_empty()
        && takes_one_argument(fly)
        && matches!(fly.sig.output, ReturnType::Type(..));
    (!right).then(|| Breach::at(fly.sig.span(), format!("`fly` must be {SIGNATURE}")))
}

fn takes_one_argument(function: &ItemFn) -> bool {
    function.sig.inputs.len() == 1 && matches!(function.sig.inputs.first(), Some(FnArg::Typed(_)))
}
