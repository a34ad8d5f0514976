//! # Split text into parts and join parts into text
//!
//! - split a string by comma and trim the parts
//! - join a Vec<String> with a separator
//! - parse key=value pairs
//!
//! `split` takes a char, a string, a set of chars or a closure; `split_whitespace` ignores runs of spaces; `split_once` cuts at the
//! first occurrence, `rsplit_once` at the last; `lines` handles both line ends. `join` works on slices of strings.
//!
//! Pitfalls:
//! - `"".split(',')` gives one empty part, not none.
//! - `split(' ')` gives empty parts between double spaces.

use std::collections::BTreeMap;

fn settings(text: &str) -> Result<BTreeMap<&str, &str>, String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (key, value) = line.split_once('=').ok_or_else(|| format!("no equals sign in {line:?}"))?;
            Ok((key.trim(), value.trim()))
        })
        .collect()
}

fn main() {
    let parts: Vec<&str> = "a, b ,,c".split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    assert_eq!(parts, ["a", "b", "c"]);
    assert_eq!(parts.join("-"), "a-b-c");
    assert_eq!("  two   words ".split_whitespace().count(), 2);
    assert_eq!("a.tar.gz".rsplit_once('.'), Some(("a.tar", "gz")));
    assert_eq!("1;2,3".split([';', ',']).count(), 3);

    let parsed = settings("# limits\nspeed = 5\r\n\nname = a=b\n").expect("good text");
    assert_eq!(parsed, BTreeMap::from([("speed", "5"), ("name", "a=b")]));
    assert_eq!(settings("oops"), Err("no equals sign in \"oops\"".into()));

    let numbers = [1, 2, 3].map(|number| number.to_string()).join(" + ");
    assert_eq!(numbers, "1 + 2 + 3");
}
