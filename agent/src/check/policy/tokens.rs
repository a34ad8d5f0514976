//! The policy on tokens: words and macros that may not occur anywhere, macro arguments included.
//!
//! It leaves to others: everything that needs the syntax tree.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::{Breach, MAX_NESTING};

/// Macros that a mission may call: they neither read the build machine nor make code.
const MACROS: &[&str] = &[
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "matches",
    "write",
    "format_args",
];

/// Words that have no place in a mission, and what to say of them.
const WORDS: &[(&str, &str)] = &[
    ("unsafe", "`unsafe` is not allowed in a mission"),
    ("extern", "`extern` is not allowed: a mission uses the SDK and `core` only"),
    ("static", "`static` is not allowed: use `const`, or variables of `fly`"),
    ("union", "`union` is not allowed in a mission"),
    ("asm", "assembly is not allowed in a mission"),
    ("global_asm", "assembly is not allowed in a mission"),
    ("naked_asm", "assembly is not allowed in a mission"),
    ("transmute", "`transmute` is not allowed in a mission"),
    ("flightsmith_runner", "the runner is not a mission's business: use the SDK"),
];

pub(super) fn breaches(source: &str) -> Vec<Breach> {
    let Ok(stream) = source.parse::<TokenStream>() else {
        // Not even tokens: brackets that do not match, an unfinished string. The compiler will say so.
        return words_without_tokens(source);
    };
    let mut found = Vec::new();
    let mut left = vec![(stream, 1)];
    while let Some((stream, depth)) = left.pop() {
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        let mut operators = 0;
        for (index, tree) in trees.iter().enumerate() {
            operators = if matches!(tree, TokenTree::Punct(_)) { operators + 1 } else { 0 };
            if operators > MAX_NESTING {
                found.push(Breach::at(tree.span(), format!("more than {MAX_NESTING} operators in a row")));
                return found;
            }
            match tree {
                TokenTree::Group(group) if depth >= MAX_NESTING => {
                    found.push(Breach::at(
                        group.span_open(),
                        format!("brackets are nested more than {MAX_NESTING} deep"),
                    ));
                    return found;
                }
                TokenTree::Group(group) => left.push((group.stream(), depth + 1)),
                TokenTree::Ident(_) => found.extend(word(&trees, index)),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
    found
}

/// What is wrong with the word at `index`, if anything is.
fn word(trees: &[TokenTree], index: usize) -> Option<Breach> {
    let TokenTree::Ident(ident) = &trees[index] else { return None };
    let text = ident.to_string();
    // A raw identifier names the same macro.
    let name = text.strip_prefix("r#").unwrap_or(&text);
    // `'static` is a lifetime: an apostrophe joined to the word.
    let is_lifetime = index > 0 && matches!(&trees[index - 1], TokenTree::Punct(before) if before.as_char() == '\'');
    if !is_lifetime && let Some((_, message)) = WORDS.iter().find(|(word, _)| *word == name) {
        return Some(Breach::at(ident.span(), *message));
    }
    let TokenTree::Punct(bang) = trees.get(index + 1)? else { return None };
    if bang.as_char() != '!' || MACROS.contains(&name) {
        return None;
    }
    // `a != b` and `#![..]` are no macro calls.
    let called = match trees.get(index + 2)? {
        TokenTree::Group(group) => group.delimiter() != Delimiter::None,
        TokenTree::Ident(_) => true,
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    };
    called.then(|| Breach::at(ident.span(), about_macro(name)))
}

fn about_macro(name: &str) -> String {
    match name {
        "include" | "include_str" | "include_bytes" => format!("`{name}!` is not allowed: a mission reads no files"),
        "env" | "option_env" => format!("`{name}!` is not allowed: a mission reads no variables of the build machine"),
        "macro_rules" => "`macro_rules!` is not allowed: write functions".to_owned(),
        "cfg" => "`cfg!` is not allowed: the mission that is tested is the mission that flies".to_owned(),
        "panic" | "todo" | "unimplemented" | "unreachable" => {
            format!(
                "`{name}!` is not allowed: return a `FlightError`, so that the vehicle is brought home with a reason"
            )
        }
        "println" | "print" | "eprintln" | "eprint" | "dbg" => {
            format!("`{name}!` is not allowed: the SDK keeps the flight's log")
        }
        "vec" | "format" => format!("`{name}!` is not allowed: a mission allocates nothing; use arrays"),
        _ => format!("the macro `{name}!` is not allowed (allowed: {})", MACROS.join(", ")),
    }
}

/// Text that is no sequence of tokens cannot compile; what is worst in it is refused all the same, so that no compiler's error recovery
/// has to be trusted with it.
fn words_without_tokens(source: &str) -> Vec<Breach> {
    let mut found = Vec::new();
    for (index, line) in source.lines().enumerate() {
        for name in ["include", "include_str", "include_bytes", "env", "option_env"] {
            let called = line.match_indices(name).any(|(at, _)| line[at + name.len()..].trim_start().starts_with('!'));
            if called {
                found.push(Breach { line: index + 1, column: 1, message: about_macro(name) });
            }
        }
    }
    found
}
