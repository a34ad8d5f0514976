//! # Parse a line of CSV
//!
//! - split by commas but not inside quotes
//! - write a small state machine over characters
//! - escape a field for CSV
//!
//! Walk over the characters with a flag for being inside quotes; a doubled quote inside quotes stands for one. `Peekable` looks at the
//! next character without taking it.
//!
//! Pitfalls:
//! - Fields may contain line breaks: then lines cannot be split beforehand. For files from everywhere take a crate.

fn fields(line: &str) -> Option<Vec<String>> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quoted) {
            ('"', true) if chars.next_if_eq(&'"').is_some() => fields.last_mut()?.push('"'),
            ('"', _) => quoted = !quoted,
            (',', false) => fields.push(String::new()),
            (c, _) => fields.last_mut()?.push(c),
        }
    }
    // An open quote is a broken line.
    (!quoted).then_some(fields)
}

fn escaped(field: &str) -> String {
    if field.contains([',', '"', '\n']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.to_owned() }
}

fn main() {
    assert_eq!(fields("a,\"b, c\",,d").expect("good"), ["a", "b, c", "", "d"]);
    assert_eq!(fields("\"say \"\"hi\"\"\"").expect("good"), ["say \"hi\""]);
    assert_eq!(fields("\"open"), None);
    assert_eq!(escaped("say \"hi\", now"), "\"say \"\"hi\"\", now\"");
    assert_eq!(fields(&escaped("1,\"2\"")).expect("good"), ["1,\"2\""]);
}
