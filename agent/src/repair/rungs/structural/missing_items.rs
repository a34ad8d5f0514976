//! Items of a trait that an implementation lacks, or has as another kind or type.
//!
//! An associated type is read off the methods that are there; a method is handed on to the one field of a wrapper, or is empty where it hands
//! back nothing, nobody calls it and nothing else is known of it. No value is invented. It leaves to others: signatures (`signatures`).
use super::case::{Case, Nodes, quoted};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::{bytes, words};
use syn::spanned::Spanned;
use syn::{
    FnArg, GenericArgument, ImplItem, ItemImpl, ItemTrait, PathArguments, ReturnType, Signature, TraitItem, Type,
};

/// Traits of the standard library whose associated types their methods show.
const KNOWN: &str = "
    trait Iterator { type Item; fn next(&mut self) -> Option<Self::Item>; }
    trait DoubleEndedIterator { fn next_back(&mut self) -> Option<Self::Item>; }
    trait IntoIterator { type IntoIter; fn into_iter(self) -> Self::IntoIter; }
    trait FromStr { type Err; fn from_str(s: &str) -> Result<Self, Self::Err>; }
    trait TryFrom { type Error; fn try_from(value: T) -> Result<Self, Self::Error>; }
    trait TryInto { type Error; fn try_into(self) -> Result<T, Self::Error>; }
    trait Deref { type Target; fn deref(&self) -> &Self::Target; }
    trait Index { type Output; fn index(&self, index: I) -> &Self::Output; }
    trait Future { type Output; fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output>; }
    trait Add { type Output; fn add(self, other: T) -> Self::Output; }
    trait Sub { type Output; fn sub(self, other: T) -> Self::Output; }
    trait Mul { type Output; fn mul(self, other: T) -> Self::Output; }
    trait Div { type Output; fn div(self, other: T) -> Self::Output; }
    trait Rem { type Output; fn rem(self, other: T) -> Self::Output; }
    trait Neg { type Output; fn neg(self) -> Self::Output; }
    trait Not { type Output; fn not(self) -> Self::Output; }
    trait BitAnd { type Output; fn bitand(self, other: T) -> Self::Output; }
    trait BitOr { type Output; fn bitor(self, other: T) -> Self::Output; }
    trait BitXor { type Output; fn bitxor(self, other: T) -> Self::Output; }
    trait Shl { type Output; fn shl(self, other: T) -> Self::Output; }
    trait Shr { type Output; fn shr(self, other: T) -> Self::Output; }
";

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    match case.code() {
        "E0046" => missing(case, &nodes).into_iter().collect(),
        "E0323" | "E0324" | "E0325" => another_kind(case, &nodes),
        "E0326" => another_type(case, &nodes).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// All that is missing, if all of it can be told.
fn missing(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let own = nodes.impl_at(&case.place)?;
    let (_, path, _) = own.trait_.as_ref()?;
    let name = &path.segments.last()?.ident;
    let known = syn::parse_file(KNOWN).ok()?;
    let of_std = known.items.iter().find_map(|it| match it {
        syn::Item::Trait(it) if it.ident == *name => Some(it),
        _ => None,
    });
    let declared = nodes.trait_of(own);
    let indent = case.indent(bytes(own.span()).start);
    let mut text = String::new();
    for wanted in quoted(&case.error.message) {
        let of_trait = declared.or(of_std)?;
        let is_type = of_trait.items.iter().any(|it| matches!(it, TraitItem::Type(it) if it.ident == wanted));
        let item = if is_type {
            format!("type {wanted} = {};", shown_type(case, of_trait, own, wanted)?)
        } else {
            method(case, nodes, declared?, own, wanted)?
        };
        text.push_str(&format!("\n{indent}    {item}"));
    }
    let open = bytes(own.brace_token.span.open()).end;
    let is_open = case.text[open..].starts_with('\n');
    let tail = if is_open { String::new() } else { format!("\n{indent}") };
    Some(case.replace("what the trait asks for", open..open, format!("{text}{tail}")))
}

/// What `Self::wanted` is in the signatures that are implemented.
fn shown_type(case: &Case<'_>, declared: &ItemTrait, own: &ItemImpl, wanted: &str) -> Option<String> {
    declared.items.iter().find_map(|item| {
        let TraitItem::Fn(declared) = item else { return None };
        let own = own.items.iter().find_map(|item| match item {
            ImplItem::Fn(it) if it.sig.ident == declared.sig.ident => Some(&it.sig),
            _ => None,
        })?;
        let pairs = types_of(&declared.sig).into_iter().zip(types_of(own));
        let found = pairs.into_iter().find_map(|(form, given)| matched(form, given, wanted))?;
        let text = case.at(&bytes(found.span()));
        // `Self::Item` says nothing of what it is.
        (!text.contains(&format!("Self::{wanted}"))).then(|| text.to_owned())
    })
}

fn types_of(signature: &Signature) -> Vec<&Type> {
    let inputs = signature.inputs.iter().filter_map(|it| match it {
        FnArg::Typed(it) => Some(&*it.ty),
        FnArg::Receiver(_) => None,
    });
    let output = match &signature.output {
        ReturnType::Type(_, it) => Some(&**it),
        ReturnType::Default => None,
    };
    inputs.chain(output).collect()
}

/// The part of `given` that stands where `form` has `Self::wanted`.
fn matched<'t>(form: &Type, given: &'t Type, wanted: &str) -> Option<&'t Type> {
    match (form, given) {
        (Type::Path(form), _) if is_own(form, wanted) => Some(given),
        (Type::Reference(form), Type::Reference(given)) => matched(&form.elem, &given.elem, wanted),
        (Type::Tuple(form), Type::Tuple(given)) if form.elems.len() == given.elems.len() => {
            form.elems.iter().zip(&given.elems).find_map(|(form, given)| matched(form, given, wanted))
        }
        (Type::Path(form), Type::Path(given)) => {
            let (form, given) = (form.path.segments.last()?, given.path.segments.last()?);
            let (PathArguments::AngleBracketed(forms), PathArguments::AngleBracketed(givens)) =
                (&form.arguments, &given.arguments)
            else {
                return None;
            };
            forms.args.iter().zip(&givens.args).find_map(|pair| match pair {
                (GenericArgument::Type(form), GenericArgument::Type(given)) => matched(form, given, wanted),
                _ => None,
            })
        }
        _ => None,
    }
}

fn is_own(path: &syn::TypePath, wanted: &str) -> bool {
    let names: Vec<String> = path.path.segments.iter().map(|it| it.ident.to_string()).collect();
    names == ["Self", wanted]
}

fn method(case: &Case<'_>, nodes: &Nodes<'_>, declared: &ItemTrait, own: &ItemImpl, wanted: &str) -> Option<String> {
    let it = declared.items.iter().find_map(|item| match item {
        TraitItem::Fn(it) if it.sig.ident == wanted => Some(it),
        _ => None,
    })?;
    // Parameters of the trait stand for something else here.
    if !declared.generics.params.is_empty() {
        return None;
    }
    let signature = case.at(&bytes(it.sig.span()));
    if let Some(receiver) = handed_on(case, nodes, declared, own) {
        let arguments: Option<Vec<&str>> = it.sig.inputs.iter().skip(1).map(|input| name_of(case, input)).collect();
        if matches!(it.sig.inputs.first(), Some(FnArg::Receiver(_))) {
            return Some(format!("{signature} {{ {receiver}.{wanted}({}) }}", arguments?.join(", ")));
        }
    }
    let hands_back = !matches!(it.sig.output, ReturnType::Default);
    let is_called = case.sources.values().any(|text| is_called(text, wanted));
    let others = nodes
        .impls
        .iter()
        .flat_map(|it| &it.items)
        .any(|item| matches!(item, ImplItem::Fn(it) if it.sig.ident == wanted && !it.block.stmts.is_empty()));
    (!hands_back && !is_called && !others).then(|| format!("{signature} {{}}"))
}

fn name_of<'t>(case: &Case<'t>, input: &FnArg) -> Option<&'t str> {
    match input {
        FnArg::Typed(it) if matches!(*it.pat, syn::Pat::Ident(_)) => Some(case.at(&bytes(it.pat.span()))),
        _ => None,
    }
}

fn is_called(text: &str, name: &str) -> bool {
    words(text).iter().any(|word| {
        let before = text[..word.at].trim_end();
        word.text == name && (before.ends_with('.') || before.ends_with("::"))
    })
}

/// The one field of a wrapper whose own type has the trait.
fn handed_on(case: &Case<'_>, nodes: &Nodes<'_>, declared: &ItemTrait, own: &ItemImpl) -> Option<String> {
    let kind = case.at(&bytes(own.self_ty.span()));
    let it = nodes.structs.iter().find(|it| it.ident == kind)?;
    let mut fields = it.fields.iter();
    let (field, None) = (fields.next()?, fields.next()) else { return None };
    let inner = case.at(&bytes(field.ty.span()));
    let has_it = nodes.impls.iter().any(|it| {
        nodes.trait_of(it).is_some_and(|it| it.ident == declared.ident) && case.at(&bytes(it.self_ty.span())) == inner
    });
    let name = field.ident.as_ref().map_or_else(|| "0".to_owned(), ToString::to_string);
    has_it.then(|| format!("self.{name}"))
}

/// A constant where the trait has a type, and the like: the trait declares what the implementation has; else the implementation's becomes
/// what the trait declares.
fn another_kind(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let Some(own) = nodes.impl_at(&case.place) else { return Vec::new() };
    let Some(item) = own.items.iter().find(|it| bytes(it.span()) == case.place) else { return Vec::new() };
    let Some(declared) = nodes.trait_of(own) else { return Vec::new() };
    let (name, text) = match item {
        ImplItem::Const(it) => (&it.ident, format!("const {}: {};", it.ident, case.at(&bytes(it.ty.span())))),
        ImplItem::Type(it) => (&it.ident, format!("type {};", it.ident)),
        ImplItem::Fn(it) => (&it.sig.ident, format!("{};", case.at(&bytes(it.sig.span())))),
        _ => return Vec::new(),
    };
    let mut proposals = Vec::new();
    let of_trait = declared.items.iter().find_map(|it| match it {
        TraitItem::Const(it) if it.ident == *name && it.default.is_none() => Some(bytes(it.span())),
        TraitItem::Type(it) if it.ident == *name && it.default.is_none() => Some(bytes(it.span())),
        TraitItem::Fn(it) if it.sig.ident == *name && it.default.is_none() => Some(bytes(it.span())),
        _ => None,
    });
    proposals.extend(of_trait.map(|place| case.replace("the trait declares what is there", place, text)));
    if let ImplItem::Const(it) = item {
        let text = format!("type {name} = {};", case.at(&bytes(it.ty.span())));
        proposals.push(case.replace("the kind that the trait has", bytes(item.span()), text));
    }
    proposals
}

/// A constant of another type than the trait declares: the trait declares that of the value.
fn another_type(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let own = nodes.impl_at(&case.place)?;
    let given = own.items.iter().find_map(|it| match it {
        ImplItem::Const(it) if bytes(it.ty.span()) == case.place => Some(it),
        _ => None,
    })?;
    let declared = nodes.trait_of(own)?.items.iter().find_map(|it| match it {
        TraitItem::Const(it) if it.ident == given.ident && it.default.is_none() => Some(bytes(it.ty.span())),
        _ => None,
    })?;
    Some(case.replace("the type that the value has", declared, case.pointed()))
}
