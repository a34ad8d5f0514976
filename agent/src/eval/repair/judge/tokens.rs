//! Whether two texts are the same code: without comments, layout, trailing commas and the long way of a path.
use proc_macro2::{TokenStream, TokenTree};

/// Whether they are.
pub fn same(one: &str, other: &str) -> bool {
    match (plain(one), plain(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

fn plain(text: &str) -> Option<Vec<String>> {
    let stream: TokenStream = text.parse().ok()?;
    let mut words = Vec::new();
    flatten(stream, &mut words);
    Some(words)
}

fn flatten(stream: TokenStream, words: &mut Vec<String>) {
    let mut tokens = stream.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                words.push(format!("{:?} open", group.delimiter()));
                flatten(group.stream(), words);
                words.push(format!("{:?} close", group.delimiter()));
            }
            // `flightsmith_sdk::prelude::North` is `North`.
            TokenTree::Ident(name) if name == "flightsmith_sdk" || name == "prelude" => {
                let is_path =
                    |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(dot)) if dot.as_char() == ':');
                if is_path(tokens.peek()) {
                    tokens.next();
                    tokens.next();
                } else {
                    words.push(name.to_string());
                }
            }
            TokenTree::Punct(comma) if comma.as_char() == ',' && tokens.peek().is_none() => {}
            // Documentation is a comment.
            TokenTree::Punct(hash) if hash.as_char() == '#' => {
                let is_documentation = |token: &TokenTree| token.to_string().replace(' ', "").starts_with("[doc=");
                if let Some(TokenTree::Punct(inner)) = tokens.peek()
                    && inner.as_char() == '!'
                {
                    tokens.next();
                    if tokens.peek().is_some_and(is_documentation) {
                        tokens.next();
                        continue;
                    }
                    words.push("#!".into());
                    continue;
                }
                if tokens.peek().is_some_and(is_documentation) {
                    tokens.next();
                } else {
                    words.push("#".into());
                }
            }
            other => words.push(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_and_comments_make_no_difference() {
        assert!(same("fn f( ) { g(1,) } // a", "/// words\nfn f() {\n    g(1)\n}"));
        assert!(same("x(flightsmith_sdk::prelude::North(1.0))", "x(North(1.0))"));
        assert!(same("//! head\nuse a;", "use a;"));
        assert!(!same("fn f() { g(1) }", "fn f() { g(2) }"));
        assert!(!same("#[derive(A)] struct B;", "struct B;"));
        assert!(!same("fn f( {", "fn f() {}"));
        assert!(same("fn f( {", "fn f( {"));
    }
}
