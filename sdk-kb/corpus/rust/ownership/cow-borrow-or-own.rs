//! # Borrow where possible, own where needed: Cow
//!
//! - How do I return either a &str or a String from one function?
//! - avoid allocating when nothing has to change
//! - what is Cow for
//!
//! `Cow<'a, str>` is either a borrowed `&'a str` or an owned `String`, and reads as `&str` in both cases. A function that usually
//! changes nothing returns the borrow and allocates only when it must.
//!
//! Pitfalls:
//! - If the caller always needs a `String`, return a `String`: `Cow` then only adds a case.

use std::borrow::Cow;

/// Tabs become spaces; text without tabs is handed back as it is.
fn without_tabs(text: &str) -> Cow<'_, str> {
    if text.contains('\t') { Cow::Owned(text.replace('\t', "    ")) } else { Cow::Borrowed(text) }
}

fn main() {
    let plain = without_tabs("no tabs");
    assert!(matches!(plain, Cow::Borrowed(_)));
    let changed = without_tabs("a\tb");
    assert!(matches!(changed, Cow::Owned(_)));
    assert_eq!(changed, "a    b");
    assert_eq!(plain.len(), 7, "both read as &str");

    // `to_mut` makes it owned the first time that it is changed.
    let mut text = Cow::Borrowed("abc");
    text.to_mut().push('d');
    assert_eq!(text.into_owned(), "abcd");
}
