//! # Parse command line arguments by hand
//!
//! - read command line options without a crate
//! - flags with values, --name=value
//! - std::env::args in tests
//!
//! Collect the words, walk over them with `while let`, and parse into a struct. Take an iterator as the argument: tests pass arrays,
//! `main` passes `std::env::args().skip(1)`. Refuse what is unknown, and say what would be right.
//!
//! Pitfalls:
//! - `args()` panics on words that are not Unicode; `args_os()` does not.

#[derive(Debug, PartialEq, Default)]
struct Options {
    altitude_m: Option<f64>,
    verbose: bool,
    files: Vec<String>,
}

fn parse(words: impl IntoIterator<Item = String>) -> Result<Options, String> {
    let mut options = Options::default();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let (name, inline) = match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name.to_owned(), Some(value.to_owned())),
            _ => (word, None),
        };
        match name.as_str() {
            "--altitude" | "-a" => {
                let value = inline.or_else(|| words.next()).ok_or_else(|| format!("{name} needs metres"))?;
                let metres = value.parse().map_err(|_| format!("{name}: {value:?} is no number"))?;
                options.altitude_m = Some(metres);
            }
            "--verbose" | "-v" => options.verbose = true,
            "--" => options.files.extend(words.by_ref()),
            unknown if unknown.starts_with('-') => return Err(format!("unknown option {unknown}; try --altitude")),
            _ => options.files.push(name),
        }
    }
    Ok(options)
}

fn main() {
    let parsed = |words: &[&str]| parse(words.iter().map(|word| (*word).to_owned()));
    let options = parsed(&["-v", "--altitude=12.5", "a.toml", "--", "-b"]).expect("good words");
    assert_eq!(options, Options { altitude_m: Some(12.5), verbose: true, files: vec!["a.toml".into(), "-b".into()] });
    assert_eq!(parsed(&["-a"]), Err("-a needs metres".into()));
    assert_eq!(parsed(&["-a", "high"]), Err("-a: \"high\" is no number".into()));
    assert_eq!(parsed(&["--fast"]), Err("unknown option --fast; try --altitude".into()));
    assert_eq!(parsed(&[]), Ok(Options::default()));
}
