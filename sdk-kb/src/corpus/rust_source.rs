//! Public items of a crate with their documentation and its examples, read from the source by `syn`.
//!
//! What a macro makes is seen as far as its call carries documentation (`quantity!(/// doc  Metres, "m")`). Re-exports, visibility
//! of modules and trait bounds of impl blocks are left to rustdoc.
use super::{RustSource, files, read_text};
use crate::error::KbError;
use crate::item::{Autopilot, Item, Kind};
use proc_macro2::{TokenStream, TokenTree};
use std::ops::Range;
use std::path::Path;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, ImplItem, Lit, Meta, TraitItem, Visibility};

pub(super) fn read(source: &RustSource) -> Result<Vec<Item>, KbError> {
    let mut items = Vec::new();
    for path in files(&source.src, &["rs"])? {
        let text = read_text(&path)?;
        let relative = path.strip_prefix(&source.src).unwrap_or(&path);
        let mut reader = Reader {
            source,
            text: &text,
            file: format!("{}/src/{}", source.name, relative.display()),
            module: module_of(&source.name, relative),
            autopilot: autopilot_of(relative),
            items: &mut items,
        };
        let parsed = syn::parse_file(&text)
            .map_err(|error| KbError::NotRust { path: path.clone(), reason: error.to_string() })?;
        reader.file(&parsed);
    }
    Ok(items)
}

fn module_of(name: &str, file: &Path) -> String {
    let mut module = name.to_owned();
    for part in file.with_extension("").iter() {
        let part = part.to_string_lossy();
        if !matches!(part.as_ref(), "lib" | "mod" | "main") {
            module.push_str("::");
            module.push_str(&part);
        }
    }
    module
}

fn autopilot_of(file: &Path) -> Option<Autopilot> {
    let name = file.to_string_lossy().to_lowercase();
    match (name.contains("ardupilot"), name.contains("px4")) {
        (true, false) => Some(Autopilot::Ardupilot),
        (false, true) => Some(Autopilot::Px4),
        _ => None,
    }
}

struct Reader<'a> {
    source: &'a RustSource,
    text: &'a str,
    file: String,
    module: String,
    autopilot: Option<Autopilot>,
    items: &'a mut Vec<Item>,
}

impl Reader<'_> {
    fn file(&mut self, file: &syn::File) {
        let docs = docs(&file.attrs);
        if !docs.is_empty() {
            let title = self.module.clone();
            self.add(Kind::Module, "", &title, &docs, String::new(), 1);
        }
        self.all(&file.items);
    }

    fn all(&mut self, items: &[syn::Item]) {
        for item in items {
            self.one(item);
        }
    }

    fn one(&mut self, item: &syn::Item) {
        match item {
            syn::Item::Struct(i) => self.declared(Kind::Type, &i.ident, &i.vis, &i.attrs, i.span()),
            syn::Item::Enum(i) => self.declared(Kind::Type, &i.ident, &i.vis, &i.attrs, i.span()),
            syn::Item::Type(i) => self.declared(Kind::Type, &i.ident, &i.vis, &i.attrs, i.span()),
            syn::Item::Const(i) => self.declared(Kind::Type, &i.ident, &i.vis, &i.attrs, i.span()),
            syn::Item::Trait(i) => {
                self.declared(Kind::Trait, &i.ident, &i.vis, &i.attrs, i.span());
                if public(&i.vis) && shown(&i.attrs) {
                    for method in &i.items {
                        if let TraitItem::Fn(method) = method {
                            let name = format!("{}::{}", i.ident, method.sig.ident);
                            self.function(&name, &method.attrs, method.sig.span());
                        }
                    }
                }
            }
            syn::Item::Fn(i) if public(&i.vis) => {
                self.function(&i.sig.ident.to_string(), &i.attrs, i.sig.span());
            }
            // Methods of a trait are documented at the trait.
            syn::Item::Impl(i) if i.trait_.is_none() && shown(&i.attrs) => {
                let owner = self.slice(i.self_ty.span().byte_range()).to_owned();
                for method in &i.items {
                    if let ImplItem::Fn(method) = method
                        && public(&method.vis)
                    {
                        let name = format!("{owner}::{}", method.sig.ident);
                        self.function(&name, &method.attrs, method.sig.span());
                    }
                }
            }
            syn::Item::Mod(i) if public(&i.vis) && shown(&i.attrs) => {
                if let Some((_, items)) = &i.content {
                    let outer = self.module.clone();
                    self.module = format!("{outer}::{}", i.ident);
                    self.all(items);
                    self.module = outer;
                }
            }
            syn::Item::Macro(i) if i.ident.is_none() => self.documented_in_macro(i),
            _ => {}
        }
    }

    fn declared(
        &mut self,
        kind: Kind,
        name: &syn::Ident,
        vis: &Visibility,
        attrs: &[Attribute],
        span: proc_macro2::Span,
    ) {
        if !public(vis) || !shown(attrs) {
            return;
        }
        let start = vis.span().byte_range().start;
        let code = without_attributes(self.slice(start..span.byte_range().end));
        let name = name.to_string();
        self.add(kind, &name, &name, &docs(attrs), code, vis.span().start().line);
    }

    fn function(&mut self, name: &str, attrs: &[Attribute], signature: proc_macro2::Span) {
        if !shown(attrs) {
            return;
        }
        let code = format!("pub {};", self.slice(signature.byte_range()));
        let line = signature.start().line;
        self.add(Kind::Function, name, name, &docs(attrs), code, line);
    }

    /// `name!(/// docs  Ident, ..)`: an item for each documented name at the start of a macro's arguments.
    fn documented_in_macro(&mut self, item: &syn::ItemMacro) {
        let range = item.span().byte_range();
        let code = without_attributes(self.slice(range));
        let mut documentation = String::new();
        let mut tokens = item.mac.tokens.clone().into_iter();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    if let Some(TokenTree::Group(group)) = tokens.next() {
                        documentation.push_str(&doc_in(group.stream()));
                        documentation.push('\n');
                    }
                }
                TokenTree::Ident(ident) if !documentation.is_empty() => {
                    let name = ident.to_string();
                    let line = ident.span().start().line;
                    self.add(Kind::Type, &name, &name, documentation.trim(), code, line);
                    return;
                }
                _ => return,
            }
        }
    }

    fn slice(&self, range: Range<usize>) -> &str {
        // syn counts bytes of the source as we gave it.
        self.text.get(range).unwrap_or_default()
    }

    fn add(&mut self, kind: Kind, path: &str, title: &str, docs: &str, code: String, line: usize) {
        let (text, examples) = prose_and_code(docs);
        let id = match path {
            "" => format!("rust:{}", self.module),
            _ => format!("rust:{}::{path}", self.module),
        };
        let code = [code, examples].into_iter().filter(|part| !part.is_empty());
        self.items.push(Item {
            id,
            kind,
            title: title.to_owned(),
            text,
            code: code.collect::<Vec<_>>().join("\n\n"),
            source: format!("{}:{line}", self.file),
            licence: self.source.licence.clone(),
            autopilot: self.autopilot,
            asked: String::new(),
            dialect: None,
            sdk_version: None,
        });
    }
}

fn public(vis: &Visibility) -> bool {
    matches!(vis, Visibility::Public(_))
}

/// Neither hidden nor of tests.
fn shown(attrs: &[Attribute]) -> bool {
    !attrs.iter().any(|attr| match &attr.meta {
        Meta::List(list) => {
            let inner = list.tokens.to_string();
            (list.path.is_ident("doc") && inner == "hidden") || (list.path.is_ident("cfg") && inner == "test")
        }
        _ => false,
    })
}

/// The documentation in attributes, as Markdown.
fn docs(attrs: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for attr in attrs {
        if let Meta::NameValue(value) = &attr.meta
            && value.path.is_ident("doc")
            && let Expr::Lit(literal) = &value.value
            && let Lit::Str(text) = &literal.lit
        {
            let text = text.value();
            lines.push(text.strip_prefix(' ').unwrap_or(&text).to_owned());
        }
    }
    lines.join("\n").trim().to_owned()
}

/// The text of `doc = "text"`.
fn doc_in(tokens: TokenStream) -> String {
    match syn::parse2::<syn::MetaNameValue>(tokens) {
        Ok(value) if value.path.is_ident("doc") => match value.value {
            Expr::Lit(literal) => match literal.lit {
                Lit::Str(text) => text.value().trim().to_owned(),
                _ => String::new(),
            },
            _ => String::new(),
        },
        _ => String::new(),
    }
}

/// Markdown parted into prose and the code of its fences; lines that rustdoc hides (`# ..`) are left out.
fn prose_and_code(markdown: &str) -> (String, String) {
    let (mut prose, mut code) = (Vec::new(), Vec::new());
    let mut in_code = false;
    for line in markdown.lines() {
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            prose.push(line);
        } else if trimmed != "#" && !trimmed.starts_with("# ") {
            code.push(line);
        }
    }
    (prose.join("\n").trim().to_owned(), code.join("\n").trim().to_owned())
}

/// A declaration without its attribute lines; documentation of fields stays.
fn without_attributes(code: &str) -> String {
    code.lines().filter(|line| !line.trim_start().starts_with("#[")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_items_come_with_documentation_and_examples() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::write(
            dir.path().join("px4.rs"),
            r#"//! About PX4.
/// A machine.
///
/// ```
/// # hidden();
/// fly(1);
/// ```
#[derive(Debug)]
pub struct Machine<S> {
    /// In metres; höher.
    #[serde(default)]
    pub height_m: f64,
    inner: S,
}
impl Machine<Airborne> {
    /// Goes.
    pub async fn go(&mut self, to: f64) -> Result<(), Error> {
        Ok(())
    }
    fn secret(&self) {}
    #[doc(hidden)]
    pub fn hidden(&self) {}
}
#[cfg(test)]
pub mod tests { pub fn not_this() {} }
pub(crate) fn nor_this() {}
quantity!(/// A length.
    Metres, "m");
"#,
        )
        .expect("written");
        let source = RustSource { name: "a_crate".into(), src: dir.path().to_owned(), licence: "MIT".into() };
        let items = read(&source).expect("Rust");
        let seen: Vec<_> = items
            .iter()
            .map(|item| [item.id.as_str(), item.text.as_str(), item.code.as_str(), item.source.as_str()])
            .collect();
        assert_eq!(
            seen,
            [
                ["rust:a_crate::px4", "About PX4.", "", "a_crate/src/px4.rs:1"],
                [
                    "rust:a_crate::px4::Machine",
                    "A machine.",
                    "pub struct Machine<S> {\n    /// In metres; höher.\n    pub height_m: f64,\n    inner: S,\n}\n\nfly(1);",
                    "a_crate/src/px4.rs:9"
                ],
                [
                    "rust:a_crate::px4::Machine<Airborne>::go",
                    "Goes.",
                    "pub async fn go(&mut self, to: f64) -> Result<(), Error>;",
                    "a_crate/src/px4.rs:17"
                ],
                [
                    "rust:a_crate::px4::Metres",
                    "A length.",
                    "quantity!(/// A length.\n    Metres, \"m\");",
                    "a_crate/src/px4.rs:28"
                ],
            ]
        );
        assert!(items.iter().all(|item| item.autopilot == Some(Autopilot::Px4)));

        std::fs::write(dir.path().join("px4.rs"), "fn (").expect("written");
        assert!(matches!(read(&source), Err(KbError::NotRust { .. })));
    }
}
