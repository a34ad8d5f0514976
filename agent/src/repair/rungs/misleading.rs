//! Suggestions of the compiler that compile and are known to mean something else.
//!
//! It leaves to others: what is meant (the structural rules).
use crate::repair::sources::Sources;
use crate::repair::syntax::{bytes, parse, words};
use flightsmith_toolchain::diagnostics::{Diagnostic, Replacement};
use std::ops::Range;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, FnArg, ReturnType, Signature, Type};

/// Whether `part` of a suggestion for `error` is one of these: a number wrapped so that it can be compared with a result (which is what should
/// be looked into), a height below the take-off point, a result that is opened where it is used and not where it is bound, a value thrown
/// away that a function without effects computes, a receiver that is changed and thrown away, another type parameter.
pub(super) fn is_misleading(error: &Diagnostic, part: &Replacement, sources: &Sources) -> bool {
    let Some(source) = sources.get(&part.file) else { return true };
    let (Some(before), Some(behind)) = (source.get(..part.start), source.get(part.end..)) else { return true };
    let text = part.text.as_str();
    let compared = ["<", ">", "==", " !=", "<=", ">="].iter().any(|sign| before.trim_end().ends_with(sign));
    let wraps = text == "Ok(" || text == "Some(" || text == "Err(";
    let place = part.start..part.end;
    compared && wraps
        || text.ends_with("AboveHome(") && behind.starts_with('-')
        || text == "?" && is_bound(source, before)
        || text == ";" && throws_away(error, source, &place)
        || text == "mut "
            && behind.starts_with("self")
            && before.ends_with(['(', ' '])
            && is_lent_receiver(source, &place)
        || text.contains(".unwrap()") && is_declared_otherwise(source, before)
        || is_parameter(text) && source.get(place).is_some_and(is_parameter)
        || text.contains("clone()") && is_changed_receiver(error, sources)
}

/// Whether a name is a type parameter's as most are written: one letter says nothing of which of two is meant.
fn is_parameter(name: &str) -> bool {
    name.len() == 1 && name.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Whether `before` ends with a name that a `let` binds: opened at each use, a result is moved by the first, and opened late, its error comes
/// late.
fn is_bound(source: &str, before: &str) -> bool {
    let start = before.rfind(|c: char| c != '_' && !c.is_alphanumeric()).map_or(0, |at| at + 1);
    let name = &before[start..];
    let is_path = before[..start].ends_with(['.', ':']);
    let used = words(source).iter().filter(|word| word.text == name).count();
    let bound = ["let ", "let mut "].iter().any(|binding| before.contains(&format!("{binding}{name} =")));
    !name.is_empty() && !is_path && (bound || used > 2)
}

/// Whether the value at the end of a function is all that it is for: it hands on an error, or changes nothing.
fn throws_away(error: &Diagnostic, source: &str, place: &Range<usize>) -> bool {
    let label = error.primary().and_then(|primary| primary.label.as_deref()).unwrap_or_default();
    if !label.starts_with("expected `()`, found ") {
        return false;
    }
    let is_all = of_function(source, place, |signature, block| {
        let is_last = block.stmts.last().is_some_and(|last| bytes(last.span()).end == place.start);
        let changes = |kind: &Type| matches!(kind, Type::Reference(it) if it.mutability.is_some());
        let has_effects = signature.inputs.iter().any(|input| match input {
            FnArg::Receiver(it) => it.mutability.is_some() || it.reference.is_none(),
            FnArg::Typed(it) => changes(&it.ty),
        });
        let only_computes = signature.receiver().is_some() && !has_effects;
        let returns_nothing = matches!(signature.output, ReturnType::Default);
        is_last && returns_nothing && (label.contains("found `Result<") || only_computes)
    });
    is_all.unwrap_or(false)
}

/// Whether the receiver at `place` is taken by value by a method that does not hand it back: changed there, the change would be lost.
fn is_lent_receiver(source: &str, place: &Range<usize>) -> bool {
    let own = own_type(source, place);
    let is_lent = of_function(source, place, |signature, _| match &signature.output {
        ReturnType::Default => true,
        ReturnType::Type(_, kind) => {
            let returned = source.get(bytes(kind.span())).unwrap_or_default();
            !words(returned).iter().any(|word| word.text == "Self" || own.as_deref() == Some(word.text))
        }
    });
    is_lent.unwrap_or(false)
}

/// Whether what is moved is the receiver of a method that changes it, so that a clone of it would be changed instead, or that would do with
/// a receiver that is lent.
fn is_changed_receiver(error: &Diagnostic, sources: &Sources) -> bool {
    let moving = error
        .spans
        .iter()
        .filter(|span| span.label.as_deref().is_some_and(|label| label.contains("moved due to this method call")));
    let called = moving.filter_map(|span| {
        let call = sources.get(&span.file_name)?.get(span.byte_start..span.byte_end)?;
        call.split(['(', ':']).next()
    });
    let mut receivers = called.flat_map(|name| {
        let declared = format!("fn {name}(");
        let places = sources.values().flat_map(move |source| {
            let found: Vec<usize> = source.match_indices(&declared).map(|(at, found)| at + found.len()).collect();
            found.into_iter().map(move |at| (source, at))
        });
        places.collect::<Vec<_>>()
    });
    receivers.any(|(source, at)| {
        let receiver = &source[at..];
        let place = at..at;
        receiver.starts_with("mut self") && is_lent_receiver(source, &place)
            || receiver.starts_with("self") && is_lent_receiver(source, &place) && lent_would_do(source, &place)
    })
}

/// Whether the method around `place` uses nothing but fields and methods of its receiver, and never gives it away whole.
fn lent_would_do(source: &str, place: &Range<usize>) -> bool {
    let body = of_function(source, place, |_, block| source.get(bytes(block.span())).unwrap_or_default());
    body.is_some_and(|body| {
        let mut own = words(body).into_iter().filter(|word| word.text == "self");
        own.all(|word| {
            body[word.at + word.text.len()..].trim_start().starts_with('.') || body[..word.at].ends_with('&')
        })
    })
}

/// Whether `before` ends with a constant whose value is of another type than it is declared with: that has to be mended there.
fn is_declared_otherwise(source: &str, before: &str) -> bool {
    let start = before.rfind(|c: char| c != '_' && !c.is_alphanumeric()).map_or(0, |at| at + 1);
    let name = &before[start..];
    let declared = source.split_once(&format!("const {name}: ")).and_then(|(_, rest)| rest.split_once(" = "));
    declared.is_some_and(|(kind, value)| {
        let of = value.split("::").next().unwrap_or_default();
        !name.is_empty() && of.len() < value.len() && of != kind && of.chars().all(char::is_alphanumeric)
    })
}

/// What `look` says of the innermost function that covers a place, if the source is Rust.
fn of_function<T>(source: &str, place: &Range<usize>, look: impl FnOnce(&Signature, &Block) -> T) -> Option<T> {
    struct Around<'p, 'ast>(&'p Range<usize>, Option<(&'ast Signature, &'ast Block)>);
    impl<'ast> Around<'_, 'ast> {
        fn note(&mut self, signature: &'ast Signature, block: &'ast Block) {
            let whole = bytes(signature.span()).start..bytes(block.span()).end;
            if whole.start <= self.0.start && self.0.end <= whole.end {
                self.1 = Some((signature, block));
            }
        }
    }
    impl<'ast> Visit<'ast> for Around<'_, 'ast> {
        fn visit_item_fn(&mut self, it: &'ast syn::ItemFn) {
            self.note(&it.sig, &it.block);
            visit::visit_item_fn(self, it);
        }
        fn visit_impl_item_fn(&mut self, it: &'ast syn::ImplItemFn) {
            self.note(&it.sig, &it.block);
            visit::visit_impl_item_fn(self, it);
        }
    }
    let tree = parse(source)?;
    let mut around = Around(place, None);
    around.visit_file(&tree);
    around.1.map(|(signature, block)| look(signature, block))
}

/// The name of the type whose `impl` is around a place.
fn own_type(source: &str, place: &Range<usize>) -> Option<String> {
    struct Around<'p>(&'p Range<usize>, Option<String>);
    impl<'ast> Visit<'ast> for Around<'_> {
        fn visit_item_impl(&mut self, it: &'ast syn::ItemImpl) {
            let whole = bytes(it.span());
            if let Type::Path(kind) = &*it.self_ty
                && whole.start <= self.0.start
                && self.0.end <= whole.end
            {
                self.1 = kind.path.segments.last().map(|last| last.ident.to_string());
            }
        }
    }
    let mut around = Around(place, None);
    around.visit_file(&parse(source)?);
    around.1
}
