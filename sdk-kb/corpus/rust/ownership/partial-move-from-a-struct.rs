//! # Move some fields out of a struct
//!
//! - use of partially moved value, how do I take two fields out of a struct?
//! - destructure a struct into owned parts
//! - as_ref and as_deref on an Option field
//!
//! Destructuring moves all named fields at once and is the clean way to take a struct apart. Moving one field out leaves the struct
//! partially moved: its other fields still work, the struct as a whole does not. To look inside an `Option` field without moving it
//! use `as_ref`, `as_deref` or `as_mut`.
//!
//! Pitfalls:
//! - A type that implements `Drop` cannot be taken apart (E0509); use `mem::take` on its fields.

struct Report {
    title: String,
    body: String,
    footer: Option<String>,
}

fn footer_length(report: &Report) -> usize {
    // `report.footer.unwrap()` would try to move out of the borrow.
    report.footer.as_deref().map_or(0, str::len)
}

fn main() {
    let mut report = Report { title: "Flight".into(), body: "Went well.".into(), footer: Some("end".into()) };
    assert_eq!(footer_length(&report), 3);
    if let Some(footer) = report.footer.as_mut() {
        footer.push('.');
    }

    let Report { title, body, footer } = report;
    assert_eq!(footer.as_deref(), Some("end."));

    let partial = Report { title, body, footer: None };
    let taken = partial.title;
    // The other fields are still there.
    assert_eq!(partial.body, "Went well.");
    assert_eq!(taken, "Flight");
    assert!(partial.footer.is_none());
}
