//! One error in its file: the text, the tree around the places that the error names, and how to say what to replace.
//!
//! It leaves to others: the rules.
use super::super::Proposal;
use crate::repair::rungs::Rung;
use crate::repair::sources::Sources;
use crate::repair::syntax::{bytes, parse};
use flightsmith_toolchain::diagnostics::{Diagnostic, Replacement, edits_of};
use std::ops::Range;
use std::path::Path;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, Stmt};

/// An error and where it stands.
pub(crate) struct Case<'a> {
    /// All files.
    pub(super) sources: &'a Sources,
    /// The error.
    pub(super) error: &'a Diagnostic,
    /// The file of its primary place.
    pub(super) file: &'a Path,
    /// The file's text.
    pub(super) text: &'a str,
    /// The primary place, in bytes.
    pub(super) place: Range<usize>,
    /// The file's tree, if it is Rust.
    pub(super) tree: Option<syn::File>,
}

impl<'a> Case<'a> {
    /// `None` where the error has no place in a file that is at hand.
    pub(crate) fn of(sources: &'a Sources, error: &'a Diagnostic) -> Option<Self> {
        let primary = error.primary()?;
        let (file, text) = sources.get_key_value(&primary.file_name)?;
        let place = primary.byte_start..primary.byte_end;
        text.get(place.clone())?;
        Some(Self { sources, error, file, text, place, tree: parse(text) })
    }

    pub(super) fn code(&self) -> &str {
        self.error.code.as_deref().unwrap_or("none")
    }

    /// The text of a place.
    pub(super) fn at(&self, place: &Range<usize>) -> &'a str {
        self.text.get(place.clone()).unwrap_or_default()
    }

    /// The text that the error points at.
    pub(super) fn pointed(&self) -> &'a str {
        self.at(&self.place)
    }

    /// The other places of the error in this file, with what is said of them.
    pub(super) fn labels(&self) -> Vec<(Range<usize>, &'a str)> {
        labels(self.error, self.file)
    }

    /// The first place whose label holds `words`.
    pub(super) fn labelled(&self, words: &str) -> Option<Range<usize>> {
        self.labels().into_iter().find(|(_, label)| label.contains(words)).map(|(place, _)| place)
    }

    /// Message and notes, each a line of its own.
    pub(super) fn said(&self) -> Vec<&'a str> {
        let mut said = vec![self.error.message.as_str()];
        let mut left: Vec<&Diagnostic> = self.error.children.iter().rev().collect();
        while let Some(child) = left.pop() {
            said.push(&child.message);
            left.extend(child.children.iter().rev());
        }
        said
    }

    /// A proposal of one replacement in the file.
    pub(super) fn replace(&self, rule: &str, place: Range<usize>, text: impl Into<String>) -> Proposal {
        self.all(rule, vec![(place, text.into())])
    }

    /// A proposal of several replacements in the file.
    pub(super) fn all(&self, rule: &str, parts: Vec<(Range<usize>, String)>) -> Proposal {
        let part = |(place, text): (Range<usize>, String)| Replacement {
            file: self.file.to_owned(),
            start: place.start,
            end: place.end,
            text,
        };
        Proposal {
            rung: Rung::Structural,
            rule: rule.to_owned(),
            record: None,
            parts: parts.into_iter().map(part).collect(),
        }
    }

    /// The whole lines that a place touches, the last line's end included.
    pub(super) fn lines(&self, place: &Range<usize>) -> Range<usize> {
        let start = self.text[..place.start].rfind('\n').map_or(0, |at| at + 1);
        let end = self.text[place.end..].find('\n').map_or(self.text.len(), |at| place.end + at + 1);
        start..end
    }

    /// The white space that the line of `at` begins with.
    pub(super) fn indent(&self, at: usize) -> &'a str {
        let start = self.text[..at].rfind('\n').map_or(0, |at| at + 1);
        let line = &self.text[start..];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    /// Whether the line's text before `at` is nothing but space, and behind `end` as well (or a comment).
    pub(super) fn is_alone(&self, place: &Range<usize>) -> bool {
        let lines = self.lines(place);
        let (before, behind) = (&self.text[lines.start..place.start], self.text[place.end..lines.end].trim());
        before.trim().is_empty() && (behind.is_empty() || behind.starts_with("//"))
    }

    /// The compiler's suggestions that have holes (`/* .. */`), where `value` has something for each hole's words.
    pub(super) fn filled(&self, rule: &str, value: impl Fn(&str) -> Option<String>) -> Vec<Proposal> {
        let mut proposals = Vec::new();
        for edit in edits_of(self.error) {
            let mut parts = edit.parts;
            let mut filled = 0;
            for part in &mut parts {
                while let (Some(open), Some(close)) = (part.text.find("/*"), part.text.find("*/")) {
                    let Some(value) = value(part.text[open + 2..close].trim()) else { break };
                    part.text.replace_range(open..close + 2, &value);
                    filled += 1;
                }
            }
            if filled > 0 && !parts.iter().any(|part| part.text.contains("/*")) {
                proposals.push(Proposal { rung: Rung::Structural, rule: rule.to_owned(), record: None, parts });
            }
        }
        proposals
    }

    /// What is found of the tree by `look`, which sees every node.
    pub(super) fn nodes(&self) -> Nodes<'_> {
        let mut nodes = Nodes::default();
        if let Some(tree) = &self.tree {
            nodes.visit_file(tree);
        }
        nodes
    }
}

/// The places of a diagnostic and its children in `file`, with their labels; the message of a child stands for its unlabelled place.
pub(super) fn labels<'d>(error: &'d Diagnostic, file: &Path) -> Vec<(Range<usize>, &'d str)> {
    let mut found = Vec::new();
    let mut left = vec![error];
    while let Some(diagnostic) = left.pop() {
        for span in diagnostic.spans.iter().filter(|span| span.file_name == file) {
            let label = span.label.as_deref().unwrap_or(&diagnostic.message);
            found.push((span.byte_start..span.byte_end, label));
        }
        left.extend(&diagnostic.children);
    }
    found
}

/// Every node of a tree of the kinds that rules ask for.
#[derive(Default)]
pub(super) struct Nodes<'ast> {
    pub(super) expressions: Vec<&'ast Expr>,
    /// Statements with the block that they are in.
    pub(super) statements: Vec<(&'ast Stmt, &'ast syn::Block)>,
    pub(super) functions: Vec<(&'ast syn::Signature, Option<&'ast syn::Block>)>,
    pub(super) structs: Vec<&'ast syn::ItemStruct>,
    pub(super) enums: Vec<&'ast syn::ItemEnum>,
    pub(super) traits: Vec<&'ast syn::ItemTrait>,
    pub(super) impls: Vec<&'ast syn::ItemImpl>,
    pub(super) attributes: Vec<&'ast syn::Attribute>,
    pub(super) generics: Vec<&'ast syn::Generics>,
    pub(super) arguments: Vec<&'ast syn::PatType>,
    pub(super) constants: Vec<&'ast syn::ItemConst>,
    pub(super) statics: Vec<&'ast syn::ItemStatic>,
    pub(super) aliases: Vec<&'ast syn::ItemType>,
    pub(super) arms: Vec<&'ast syn::Arm>,
    pub(super) patterns: Vec<&'ast syn::Pat>,
    pub(super) trait_objects: Vec<&'ast syn::TypeTraitObject>,
    /// What stands in `<..>` behind a path.
    pub(super) generic_arguments: Vec<&'ast syn::AngleBracketedGenericArguments>,
}

impl<'ast> Visit<'ast> for Nodes<'ast> {
    fn visit_expr(&mut self, it: &'ast Expr) {
        self.expressions.push(it);
        visit::visit_expr(self, it);
    }

    fn visit_block(&mut self, it: &'ast syn::Block) {
        self.statements.extend(it.stmts.iter().map(|statement| (statement, it)));
        visit::visit_block(self, it);
    }

    fn visit_item_fn(&mut self, it: &'ast syn::ItemFn) {
        self.functions.push((&it.sig, Some(&it.block)));
        visit::visit_item_fn(self, it);
    }

    fn visit_impl_item_fn(&mut self, it: &'ast syn::ImplItemFn) {
        self.functions.push((&it.sig, Some(&it.block)));
        visit::visit_impl_item_fn(self, it);
    }

    fn visit_trait_item_fn(&mut self, it: &'ast syn::TraitItemFn) {
        self.functions.push((&it.sig, it.default.as_ref()));
        visit::visit_trait_item_fn(self, it);
    }

    fn visit_item_struct(&mut self, it: &'ast syn::ItemStruct) {
        self.structs.push(it);
        visit::visit_item_struct(self, it);
    }

    fn visit_item_enum(&mut self, it: &'ast syn::ItemEnum) {
        self.enums.push(it);
        visit::visit_item_enum(self, it);
    }

    fn visit_item_trait(&mut self, it: &'ast syn::ItemTrait) {
        self.traits.push(it);
        visit::visit_item_trait(self, it);
    }

    fn visit_item_impl(&mut self, it: &'ast syn::ItemImpl) {
        self.impls.push(it);
        visit::visit_item_impl(self, it);
    }

    fn visit_attribute(&mut self, it: &'ast syn::Attribute) {
        self.attributes.push(it);
        visit::visit_attribute(self, it);
    }

    fn visit_generics(&mut self, it: &'ast syn::Generics) {
        self.generics.push(it);
        visit::visit_generics(self, it);
    }

    fn visit_pat_type(&mut self, it: &'ast syn::PatType) {
        self.arguments.push(it);
        visit::visit_pat_type(self, it);
    }

    fn visit_item_const(&mut self, it: &'ast syn::ItemConst) {
        self.constants.push(it);
        visit::visit_item_const(self, it);
    }

    fn visit_item_static(&mut self, it: &'ast syn::ItemStatic) {
        self.statics.push(it);
        visit::visit_item_static(self, it);
    }

    fn visit_item_type(&mut self, it: &'ast syn::ItemType) {
        self.aliases.push(it);
        visit::visit_item_type(self, it);
    }

    fn visit_arm(&mut self, it: &'ast syn::Arm) {
        self.arms.push(it);
        visit::visit_arm(self, it);
    }

    fn visit_pat(&mut self, it: &'ast syn::Pat) {
        self.patterns.push(it);
        visit::visit_pat(self, it);
    }

    fn visit_type_trait_object(&mut self, it: &'ast syn::TypeTraitObject) {
        self.trait_objects.push(it);
        visit::visit_type_trait_object(self, it);
    }

    fn visit_angle_bracketed_generic_arguments(&mut self, it: &'ast syn::AngleBracketedGenericArguments) {
        self.generic_arguments.push(it);
        visit::visit_angle_bracketed_generic_arguments(self, it);
    }
}

impl<'ast> Nodes<'ast> {
    /// The innermost statement that covers a place, and its block.
    pub(super) fn statement_at(&self, place: &Range<usize>) -> Option<(&'ast Stmt, &'ast syn::Block)> {
        self.statements.iter().copied().filter(|(it, _)| covers(it, place)).min_by_key(|(it, _)| bytes(it.span()).len())
    }

    /// The innermost implementation that covers a place.
    pub(super) fn impl_at(&self, place: &Range<usize>) -> Option<&'ast syn::ItemImpl> {
        self.impls.iter().copied().filter(|it| covers(it, place)).min_by_key(|it| bytes(it.span()).len())
    }

    /// The trait of an implementation, if it is in this file.
    pub(super) fn trait_of(&self, it: &syn::ItemImpl) -> Option<&'ast syn::ItemTrait> {
        let (_, path, _) = it.trait_.as_ref()?;
        let name = &path.segments.last()?.ident;
        self.traits.iter().copied().find(|it| it.ident == *name)
    }

    /// The innermost function that covers a place.
    pub(super) fn function_at(&self, place: &Range<usize>) -> Option<(&'ast syn::Signature, Option<&'ast syn::Block>)> {
        let whole = |(signature, block): &(&syn::Signature, Option<&syn::Block>)| {
            let start = bytes(signature.span()).start;
            start..block.map_or(bytes(signature.span()).end, |block| bytes(block.span()).end)
        };
        let holds = |it: &(&syn::Signature, Option<&syn::Block>)| {
            let whole = whole(it);
            whole.start <= place.start && place.end <= whole.end
        };
        self.functions.iter().copied().filter(holds).min_by_key(|it| whole(it).len())
    }
}

/// Whether a node covers a place.
pub(super) fn covers(node: &impl Spanned, place: &Range<usize>) -> bool {
    let own = bytes(node.span());
    own.start <= place.start && place.end <= own.end
}

/// The stretches between backticks.
pub(super) fn quoted(said: &str) -> Vec<&str> {
    said.split('`').skip(1).step_by(2).filter(|part| !part.is_empty()).collect()
}
