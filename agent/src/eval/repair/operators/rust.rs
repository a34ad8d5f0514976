//! Slips of any Rust programmer.
use super::Finder;
use proc_macro2::Span;
use std::ops::Range;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, Token};

/// The names of the operators for any program.
pub const RUST_OPERATORS: &[&str] = &[
    "remove-reference",
    "remove-mut",
    "receiver-by-value",
    "receiver-not-mutable",
    "remove-clone",
    "remove-use",
    "remove-question-mark",
    "remove-await",
    "remove-semicolon",
    "remove-brace",
    "swap-arguments",
    "swap-types",
    "missing-argument",
    "rename-method",
    "rename-field",
    "rename-variant",
    "misspelled-name",
    "wrong-integer",
    "missing-derive",
    "missing-arm",
    "missing-lifetime",
    "private-field",
    "private-item",
    "missing-trait-item",
    "missing-bound",
    "missing-return-type",
    "missing-dereference",
    "integer-for-float",
    "text-for-char",
    "missing-wrapper",
    "missing-move",
    "missing-field",
    "missing-generics",
    "semicolon-at-the-end",
    "missing-type",
];

fn bytes(item: &impl Spanned) -> Range<usize> {
    item.span().byte_range()
}

fn of(span: Span) -> Range<usize> {
    span.byte_range()
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_expr_reference(&mut self, node: &'ast syn::ExprReference) {
        let end = bytes(&*node.expr).start;
        self.cut("remove-reference", of(node.and_token.span).start..end);
        visit::visit_expr_reference(self, node);
    }

    fn visit_pat_ident(&mut self, node: &'ast syn::PatIdent) {
        if let Some(token) = &node.mutability {
            self.cut("remove-mut", of(token.span).start..of(node.ident.span()).start);
        }
        visit::visit_pat_ident(self, node);
    }

    fn visit_receiver(&mut self, node: &'ast syn::Receiver) {
        if let (Some((and, _)), None) = (&node.reference, &node.colon_token) {
            self.put("receiver-by-value", of(and.span).start..of(node.self_token.span).end, "self");
            if let Some(token) = &node.mutability {
                self.cut("receiver-not-mutable", of(token.span).start..of(node.self_token.span).start);
            }
        }
    }

    fn visit_expr_method_call(&mut self, node: &'ast syn::ExprMethodCall) {
        let name = node.method.to_string();
        let receiver = bytes(&*node.receiver).end;
        if ["clone", "to_string", "to_owned", "copied", "cloned", "iter", "collect"].contains(&name.as_str())
            && node.turbofish.is_none()
        {
            self.cut("remove-clone", receiver..of(node.paren_token.span.close()).end);
        }
        self.put("rename-method", of(node.method.span()), elsewhere(&name));
        self.arguments(&node.args);
        visit::visit_expr_method_call(self, node);
    }

    fn visit_expr_call(&mut self, node: &'ast syn::ExprCall) {
        self.arguments(&node.args);
        let function = self.text.get(bytes(&*node.func)).unwrap_or_default().to_owned();
        if let (true, Some(inside)) = (
            [
                "Some",
                "Ok",
                "Err",
                "Box::new",
                "Rc::new",
                "Arc::new",
                "RefCell::new",
                "Rc::clone",
                "Arc::clone",
                "Mutex::new",
            ]
            .contains(&function.as_str()),
            node.args.first(),
        ) {
            let text = self.text.get(bytes(inside)).unwrap_or_default().to_owned();
            self.put("missing-wrapper", bytes(node), text);
        }
        if let (1, Some(Expr::Lit(number))) = (node.args.len(), node.args.first()) {
            self.unit(bytes(node), &function, bytes(number));
        }
        visit::visit_expr_call(self, node);
    }

    fn visit_expr_field(&mut self, node: &'ast syn::ExprField) {
        if let syn::Member::Named(name) = &node.member {
            let written = name.to_string();
            let wrong = written.strip_suffix('s').map_or_else(|| format!("{written}s"), str::to_owned);
            self.put("rename-field", of(name.span()), wrong);
        }
        visit::visit_expr_field(self, node);
    }

    fn visit_item_use(&mut self, node: &'ast syn::ItemUse) {
        if matches!(node.vis, syn::Visibility::Inherited) {
            let range = bytes(node);
            let line_end = usize::from(self.text[range.end..].starts_with('\n'));
            self.cut("remove-use", range.start..range.end + line_end);
        }
    }

    fn visit_expr_try(&mut self, node: &'ast syn::ExprTry) {
        self.cut("remove-question-mark", of(node.question_token.span));
        visit::visit_expr_try(self, node);
    }

    fn visit_expr_await(&mut self, node: &'ast syn::ExprAwait) {
        self.cut("remove-await", bytes(&*node.base).end..of(node.await_token.span).end);
        visit::visit_expr_await(self, node);
    }

    fn visit_block(&mut self, node: &'ast syn::Block) {
        let last = node.stmts.len().saturating_sub(1);
        for (index, statement) in node.stmts.iter().enumerate() {
            self.flight_statement(bytes(statement), index == last);
            let semicolon = match statement {
                syn::Stmt::Local(local) => Some(&local.semi_token),
                syn::Stmt::Expr(_, semicolon) => semicolon.as_ref(),
                syn::Stmt::Macro(call) => call.semi_token.as_ref(),
                syn::Stmt::Item(_) => None,
            };
            match semicolon {
                Some(token) if index < last => self.cut("remove-semicolon", of(token.span)),
                None if index == last && matches!(statement, syn::Stmt::Expr(..)) => {
                    let end = bytes(statement).end;
                    self.put("semicolon-at-the-end", end..end, ";");
                }
                _ => {}
            }
        }
        self.cut("remove-brace", of(node.brace_token.span.close()));
        visit::visit_block(self, node);
    }

    fn visit_signature(&mut self, node: &'ast syn::Signature) {
        let types: Vec<Range<usize>> = node
            .inputs
            .iter()
            .filter_map(|input| match input {
                syn::FnArg::Typed(typed) => Some(bytes(&*typed.ty)),
                syn::FnArg::Receiver(_) => None,
            })
            .collect();
        if let [one, other, ..] = types.as_slice() {
            self.swap("swap-types", one.clone(), other.clone());
        }
        if let syn::ReturnType::Type(arrow, written) = &node.output {
            self.cut("missing-return-type", of(arrow.spans[0]).start..bytes(&**written).end + 1);
        }
        visit::visit_signature(self, node);
    }

    fn visit_generics(&mut self, node: &'ast syn::Generics) {
        if let (Some(open), Some(close)) = (&node.lt_token, &node.gt_token) {
            let only_lifetimes = node.params.iter().all(|param| matches!(param, syn::GenericParam::Lifetime(_)));
            let operator = if only_lifetimes { "missing-lifetime" } else { "missing-generics" };
            self.cut(operator, of(open.span).start..of(close.span).end);
        }
        visit::visit_generics(self, node);
    }

    fn visit_type_param(&mut self, node: &'ast syn::TypeParam) {
        self.bounds(&node.bounds);
        visit::visit_type_param(self, node);
    }

    fn visit_predicate_type(&mut self, node: &'ast syn::PredicateType) {
        self.bounds(&node.bounds);
        visit::visit_predicate_type(self, node);
    }

    fn visit_type_impl_trait(&mut self, node: &'ast syn::TypeImplTrait) {
        self.bounds(&node.bounds);
        visit::visit_type_impl_trait(self, node);
    }

    fn visit_type_reference(&mut self, node: &'ast syn::TypeReference) {
        if let Some(lifetime) = &node.lifetime {
            let end = node.mutability.as_ref().map_or(bytes(&*node.elem).start, |token| of(token.span).start);
            self.cut("missing-lifetime", bytes(lifetime).start..end);
        }
        self.cut("remove-reference", of(node.and_token.span).start..bytes(&*node.elem).start);
        visit::visit_type_reference(self, node);
    }

    fn visit_type_path(&mut self, node: &'ast syn::TypePath) {
        if let Some(name) = node.path.get_ident() {
            let wrong = match name.to_string().as_str() {
                "u8" => "u32",
                "u16" => "i32",
                "u32" => "i64",
                "u64" => "u32",
                "usize" => "u32",
                "i32" => "u32",
                "i64" => "usize",
                "f32" => "f64",
                "f64" => "f32",
                "String" => "&str",
                "char" => "String",
                _ => "",
            };
            if !wrong.is_empty() {
                self.put("wrong-integer", bytes(node), wrong);
            }
        }
        visit::visit_type_path(self, node);
    }

    fn visit_attribute(&mut self, node: &'ast syn::Attribute) {
        if node.path().is_ident("derive")
            && let Ok(names) = node.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated)
        {
            if names.len() == 1 {
                self.cut("missing-derive", bytes(node));
            } else {
                for name in &names {
                    let range = self.with_comma(bytes(name));
                    self.cut("missing-derive", range);
                }
            }
        }
    }

    fn visit_arm(&mut self, node: &'ast syn::Arm) {
        if !matches!(node.pat, syn::Pat::Wild(_) | syn::Pat::Ident(_)) {
            let range = bytes(node);
            let blank = self.text[range.end..].len() - self.text[range.end..].trim_start().len();
            self.cut("missing-arm", range.start..range.end + blank);
        }
        visit::visit_arm(self, node);
    }

    fn visit_field(&mut self, node: &'ast syn::Field) {
        if let syn::Visibility::Public(token) = &node.vis {
            let start = of(token.span).start;
            self.cut("private-field", start..start + "pub ".len());
        }
        visit::visit_field(self, node);
    }

    fn visit_item_fn(&mut self, node: &'ast syn::ItemFn) {
        self.private_item(&node.vis);
        visit::visit_item_fn(self, node);
    }

    fn visit_item_struct(&mut self, node: &'ast syn::ItemStruct) {
        self.private_item(&node.vis);
        visit::visit_item_struct(self, node);
    }

    fn visit_item_enum(&mut self, node: &'ast syn::ItemEnum) {
        self.private_item(&node.vis);
        visit::visit_item_enum(self, node);
    }

    fn visit_item_const(&mut self, node: &'ast syn::ItemConst) {
        self.cut("missing-type", of(node.colon_token.span).start..bytes(&*node.ty).end);
        visit::visit_item_const(self, node);
    }

    fn visit_impl_item_fn(&mut self, node: &'ast syn::ImplItemFn) {
        self.private_item(&node.vis);
        visit::visit_impl_item_fn(self, node);
    }

    fn visit_item_impl(&mut self, node: &'ast syn::ItemImpl) {
        if node.trait_.is_some() {
            for item in &node.items {
                self.cut("missing-trait-item", bytes(item));
            }
        }
        visit::visit_item_impl(self, node);
    }

    fn visit_expr_unary(&mut self, node: &'ast syn::ExprUnary) {
        if let syn::UnOp::Deref(token) = &node.op {
            self.cut("missing-dereference", of(token.spans[0]));
        }
        visit::visit_expr_unary(self, node);
    }

    fn visit_lit_float(&mut self, node: &'ast syn::LitFloat) {
        if let Some(whole) = node.to_string().strip_suffix(".0") {
            self.put("integer-for-float", of(node.span()), whole);
        }
    }

    fn visit_lit_char(&mut self, node: &'ast syn::LitChar) {
        if node.value().is_alphanumeric() || "[](){}+-*/ .,;:_".contains(node.value()) {
            self.put("text-for-char", of(node.span()), format!("\"{}\"", node.value()));
        }
    }

    fn visit_expr_closure(&mut self, node: &'ast syn::ExprClosure) {
        if let Some(token) = &node.capture {
            self.cut("missing-move", of(token.span).start..of(token.span).end + 1);
        }
        visit::visit_expr_closure(self, node);
    }

    fn visit_expr_async(&mut self, node: &'ast syn::ExprAsync) {
        if let Some(token) = &node.capture {
            self.cut("missing-move", of(token.span).start..of(token.span).end + 1);
        }
        visit::visit_expr_async(self, node);
    }

    fn visit_expr_struct(&mut self, node: &'ast syn::ExprStruct) {
        if node.fields.len() > 1 && node.rest.is_none() {
            for field in &node.fields {
                let range = self.with_comma(bytes(field));
                self.cut("missing-field", range);
            }
        }
        visit::visit_expr_struct(self, node);
    }

    fn visit_expr_path(&mut self, node: &'ast syn::ExprPath) {
        let segments: Vec<String> = node.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let Some(last) = node.path.segments.last() else { return };
        match segments.as_slice() {
            [name] if name.len() > 3 && name.chars().all(|c| c.is_lowercase() || c == '_') && name != "self" => {
                self.put("misspelled-name", of(last.ident.span()), misspelled(name));
            }
            [owner, name]
                if owner != "Self" && [owner, name].iter().all(|word| word.starts_with(char::is_uppercase)) =>
            {
                self.put("rename-variant", of(last.ident.span()), misspelled(name));
            }
            _ => {}
        }
        visit::visit_expr_path(self, node);
    }
}

impl Finder<'_> {
    fn arguments(&mut self, arguments: &Punctuated<Expr, Token![,]>) {
        if let (Some(one), Some(other)) = (arguments.get(0), arguments.get(1)) {
            self.swap("swap-arguments", bytes(one), bytes(other));
        }
        if let Some(last) = arguments.last() {
            let range = self.with_comma(bytes(last));
            self.cut("missing-argument", range);
        }
    }

    fn bounds(&mut self, bounds: &Punctuated<syn::TypeParamBound, Token![+]>) {
        let ranges: Vec<Range<usize>> = bounds.iter().map(bytes).collect();
        if let [one, .., last] = ranges.as_slice() {
            self.cut("missing-bound", one.start..ranges[1].start);
            self.cut("missing-bound", ranges[ranges.len() - 2].end..last.end);
        }
    }

    fn private_item(&mut self, visibility: &syn::Visibility) {
        if let syn::Visibility::Public(token) = visibility {
            let start = of(token.span).start;
            self.cut("private-item", start..start + "pub ".len());
        }
    }
}

/// Slips that no tree shows: a closing bracket that is forgotten.
pub(super) fn by_text(finder: &mut Finder<'_>) {
    let places: Vec<usize> = finder.text.match_indices(");\n").map(|(at, _)| at).collect();
    for at in places {
        finder.cut("remove-brace", at..at + 1);
    }
}

/// What a method is called in other languages, or nearly.
fn elsewhere(name: &str) -> String {
    let known = match name {
        "len" => "length",
        "push" => "append",
        "push_str" => "append",
        "to_string" => "toString",
        "is_empty" => "empty",
        "contains" => "includes",
        "insert" => "put",
        "remove" => "delete",
        "get" => "find",
        "iter" => "iterator",
        "starts_with" => "startswith",
        "trim" => "strip",
        "unwrap_or" => "unwrap_or_value",
        "to_lowercase" => "lower",
        "sum" => "total",
        "join" => "concat_with",
        "go_to" => "goto_position",
        "return_home" => "return_to_home",
        "hold" => "loiter",
        "land" => "land_now",
        _ => "",
    };
    if known.is_empty() { misspelled(name) } else { known.to_owned() }
}

/// `name` with two letters that have changed places, or one that is missing.
fn misspelled(name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let middle = letters.len() / 2;
    if letters.len() > 3 && letters[middle] != letters[middle - 1] {
        letters.swap(middle, middle - 1);
    } else {
        letters.pop();
    }
    letters.into_iter().collect()
}
