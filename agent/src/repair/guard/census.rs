//! What a source does, counted: calls, statements, items, signatures, tests.
//!
//! It leaves to others: which of it an edit may change.
use crate::repair::syntax::bytes;
use std::collections::BTreeMap;
use std::ops::Range;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ImplItem, Item, Macro, Signature, Stmt, Token, TraitItem, Visibility};

/// Something that a source has, and where: each occurrence.
pub(super) type Occurrences = BTreeMap<String, Vec<Range<usize>>>;

/// How an `impl` of a type's own is counted.
pub(super) const OWN_IMPL: &str = "impl";

/// How a trait's `impl` is counted.
pub(super) const TRAIT_IMPL: &str = "impl of a trait";

/// All that is counted of one file.
#[derive(Default)]
pub(super) struct Census<'t> {
    pub(super) text: &'t str,
    /// `kind name` of items, methods, fields and variants.
    pub(super) items: Occurrences,
    /// Names of functions, methods and macros called.
    pub(super) calls: Occurrences,
    /// Statements, arms, assignments, operators, returns, loops and branches.
    pub(super) deeds: Occurrences,
    /// Fields read, places in a list, conversions: what can do a call's work and is none.
    pub(super) forms: Occurrences,
    /// Numbers and texts.
    pub(super) literals: Occurrences,
    /// Attributes by name.
    pub(super) attributes: Occurrences,
    /// What others can name, by its item, with its text.
    pub(super) public: BTreeMap<String, (Range<usize>, String)>,
    /// Test functions by name, with their text.
    pub(super) tests: BTreeMap<String, (Range<usize>, String)>,
    /// Bodies that have statements, by function.
    pub(super) bodies: BTreeMap<String, usize>,
    in_test: bool,
    in_private_trait: bool,
}

impl<'t> Census<'t> {
    pub(super) fn of(text: &'t str, file: &syn::File) -> Self {
        let mut census = Self { text, ..Self::default() };
        census.visit_file(file);
        census
    }

    fn put(to: &mut Occurrences, name: String, place: Range<usize>) {
        to.entry(name).or_default().push(place);
    }

    /// The text at a place with all space left out: layout is no difference.
    fn plain(&self, place: &Range<usize>) -> String {
        self.text.get(place.clone()).unwrap_or_default().split_whitespace().collect()
    }

    fn function(&mut self, signature: &Signature, is_public: bool, attributes: &[Attribute], whole: Range<usize>) {
        let name = signature.ident.to_string();
        Self::put(&mut self.items, format!("fn {name}"), bytes(signature.ident.span()));
        let place = bytes(signature.span());
        if is_public {
            self.public.insert(format!("fn {name}"), (place.clone(), self.plain(&place)));
        }
        let is_test = attributes
            .iter()
            .any(|attribute| attribute.path().segments.last().is_some_and(|last| last.ident == "test"));
        if is_test || self.in_test {
            self.tests.insert(name, (whole.clone(), self.plain(&whole)));
        }
    }

    fn named(&mut self, kind: &str, ident: &syn::Ident, visibility: &Visibility, whole: Range<usize>, keep_text: bool) {
        Self::put(&mut self.items, format!("{kind} {ident}"), bytes(ident.span()));
        if keep_text && matches!(visibility, Visibility::Public(_)) {
            // From its name on: a trait that it derives, or a field that the crate sees, takes nothing from anybody.
            let whole = bytes(ident.span()).start..whole.end;
            let text = self.plain(&whole).replace("pub(crate)", "");
            self.public.insert(format!("{kind} {ident}"), (whole, text));
        }
        if !keep_text && ["const", "static"].contains(&kind) && matches!(visibility, Visibility::Public(_)) {
            // Its type may be mended; what kind of item it is, others rely on.
            self.public.insert(format!("{kind} {ident}"), (bytes(ident.span()), String::new()));
        }
    }
}

impl<'ast> Visit<'ast> for Census<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let whole = bytes(item.span());
        match item {
            Item::Fn(it) => {
                self.function(&it.sig, matches!(it.vis, Visibility::Public(_)), &it.attrs, whole);
                self.bodies.insert(it.sig.ident.to_string(), it.block.stmts.len());
            }
            Item::Struct(it) => {
                self.named("type", &it.ident, &it.vis, whole, true);
                for field in &it.fields {
                    let name = field.ident.as_ref().map_or_else(|| "0".to_owned(), ToString::to_string);
                    Self::put(&mut self.items, format!("field {name}"), bytes(field.span()));
                }
            }
            Item::Enum(it) => {
                self.named("type", &it.ident, &it.vis, whole, true);
                for variant in &it.variants {
                    Self::put(&mut self.items, format!("variant {}", variant.ident), bytes(variant.span()));
                }
            }
            Item::Union(it) => self.named("type", &it.ident, &it.vis, whole, true),
            Item::Type(it) => self.named("type", &it.ident, &it.vis, whole, true),
            Item::Trait(it) => self.named("trait", &it.ident, &it.vis, whole, false),
            Item::Const(it) => self.named("const", &it.ident, &it.vis, whole, false),
            Item::Static(it) => self.named("static", &it.ident, &it.vis, whole, false),
            Item::Mod(it) => self.named("mod", &it.ident, &it.vis, whole, false),
            Item::Impl(it) => {
                let place = it.trait_.as_ref().map_or(bytes(it.impl_token.span), |(_, path, _)| bytes(path.span()));
                let kind = if it.trait_.is_some() { TRAIT_IMPL } else { OWN_IMPL };
                Self::put(&mut self.items, kind.to_owned(), place);
            }
            Item::Macro(it) => {
                if let Some(ident) = &it.ident {
                    self.named("macro", ident, &Visibility::Inherited, whole, false);
                }
            }
            _ => {}
        }
        let was_in_test = self.in_test;
        if let Item::Mod(module) = item {
            self.in_test |= module.attrs.iter().any(|attribute| {
                attribute.path().is_ident("cfg") && self.plain(&bytes(attribute.span())).contains("(test)")
            });
        }
        let was_in_private_trait = self.in_private_trait;
        if let Item::Trait(it) = item {
            self.in_private_trait = matches!(it.vis, Visibility::Inherited);
        }
        visit::visit_item(self, item);
        (self.in_test, self.in_private_trait) = (was_in_test, was_in_private_trait);
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        match item {
            ImplItem::Fn(it) => {
                let is_public = matches!(it.vis, Visibility::Public(_));
                self.function(&it.sig, is_public, &it.attrs, bytes(it.span()));
                self.bodies.insert(it.sig.ident.to_string(), it.block.stmts.len());
            }
            ImplItem::Const(it) => Self::put(&mut self.items, format!("const {}", it.ident), bytes(it.ident.span())),
            ImplItem::Type(it) => Self::put(&mut self.items, format!("type {}", it.ident), bytes(it.ident.span())),
            _ => {}
        }
        visit::visit_impl_item(self, item);
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        match item {
            TraitItem::Fn(it) => self.function(&it.sig, !self.in_private_trait, &it.attrs, bytes(it.span())),
            TraitItem::Const(it) => Self::put(&mut self.items, format!("const {}", it.ident), bytes(it.ident.span())),
            TraitItem::Type(it) => Self::put(&mut self.items, format!("type {}", it.ident), bytes(it.ident.span())),
            _ => {}
        }
        visit::visit_trait_item(self, item);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        let name = attribute.path().segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        Self::put(&mut self.attributes, name, bytes(attribute.span()));
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        // A constant in a function is a binding, as `let` is.
        if matches!(statement, Stmt::Item(Item::Const(_) | Item::Static(_))) || !matches!(statement, Stmt::Item(_)) {
            Self::put(&mut self.deeds, "statement".to_owned(), bytes(statement.span()));
        }
        // A closure that has a name is a function of that name.
        if let Stmt::Local(local) = statement
            && let (syn::Pat::Ident(name), Some(init)) = (&local.pat, &local.init)
            && matches!(*init.expr, Expr::Closure(_))
        {
            Self::put(&mut self.items, format!("fn {}", name.ident), bytes(name.ident.span()));
        }
        visit::visit_stmt(self, statement);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        Self::put(&mut self.deeds, "arm".to_owned(), bytes(arm.span()));
        visit::visit_arm(self, arm);
    }

    fn visit_expr(&mut self, expression: &'ast Expr) {
        let place = bytes(expression.span());
        let deed = match expression {
            Expr::Call(call) => {
                if let Expr::Path(path) = &*call.func
                    && let Some(last) = path.path.segments.last()
                {
                    Self::put(&mut self.calls, last.ident.to_string(), bytes(last.ident.span()));
                } else {
                    Self::put(&mut self.calls, "a value".to_owned(), bytes(call.func.span()));
                }
                None
            }
            // A structure that is made by its fields is made as by a call.
            Expr::Struct(made) => {
                if let Some(last) = made.path.segments.last() {
                    Self::put(&mut self.calls, last.ident.to_string(), bytes(last.ident.span()));
                }
                None
            }
            Expr::MethodCall(call) => {
                Self::put(&mut self.calls, call.method.to_string(), bytes(call.method.span()));
                None
            }
            Expr::Assign(_) => Some("assignment"),
            Expr::Binary(_) => Some("operator"),
            Expr::Return(_) => Some("return"),
            Expr::Break(_) => Some("break"),
            Expr::Continue(_) => Some("continue"),
            Expr::While(_) | Expr::Loop(_) | Expr::ForLoop(_) => Some("loop"),
            Expr::If(_) => Some("if"),
            Expr::Match(_) => Some("match"),
            Expr::Closure(_) => Some("closure"),
            Expr::Field(_) | Expr::Index(_) | Expr::Cast(_) | Expr::Unary(_) | Expr::Range(_) => {
                Self::put(&mut self.forms, "form".to_owned(), place.clone());
                None
            }
            Expr::Lit(_) => {
                Self::put(&mut self.literals, "literal".to_owned(), place.clone());
                None
            }
            _ => None,
        };
        if let Some(deed) = deed {
            Self::put(&mut self.deeds, deed.to_owned(), place);
        }
        visit::visit_expr(self, expression);
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        if let Some(last) = called.path.segments.last() {
            Self::put(&mut self.calls, format!("{}!", last.ident), bytes(last.ident.span()));
        }
        // What is called in the arguments of `println!` and the like counts as well.
        if let Ok(arguments) = called.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated) {
            for argument in &arguments {
                // The tree lives no longer than this call, and nothing of it is kept but places.
                Census::visit_expr(self, argument);
            }
        }
    }
}
