//! # A callback that works for references of any lifetime
//!
//! - What does for<'a> Fn(&'a str) -> &'a str mean?
//! - store a closure that takes a reference
//! - expected signature of fn(&str) found fn(&'static str) in a closure argument
//!
//! A callback that is called with short-lived references must accept every lifetime: `Fn(&str) -> &str` is short for
//! `for<'a> Fn(&'a str) -> &'a str`. A closure gets such a signature when it is passed directly to a function that expects it; one
//! stored in a `let` first may be inferred for one lifetime only.
//!
//! Pitfalls:
//! - `F: Fn(&'a str)` with `'a` from the impl asks for one particular lifetime, and local strings will not fit.

struct Pipeline {
    steps: Vec<Box<dyn for<'a> Fn(&'a str) -> &'a str>>,
}

impl Pipeline {
    fn then(mut self, step: impl for<'a> Fn(&'a str) -> &'a str + 'static) -> Self {
        self.steps.push(Box::new(step));
        self
    }

    fn run<'a>(&self, text: &'a str) -> &'a str {
        self.steps.iter().fold(text, |text, step| step(text))
    }
}

fn main() {
    let pipeline = Pipeline { steps: Vec::new() }
        .then(|text| text.trim())
        .then(|text| text.strip_prefix("mode:").unwrap_or(text))
        .then(str::trim_start);
    let short_lived = String::from("  mode: loiter ");
    assert_eq!(pipeline.run(&short_lived), "loiter");
}
