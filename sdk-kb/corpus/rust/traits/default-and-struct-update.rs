//! # Many optional settings with defaults
//!
//! - How do I give struct fields default values?
//! - named or optional arguments in Rust
//! - ..Default::default() syntax
//!
//! There are no default arguments; a settings struct with `Default` does their work: name what differs and take the rest with
//! `..Default::default()`. Derive it where zero, empty and `None` are right, else implement it by hand.
//!
//! Pitfalls:
//! - `..Default::default()` needs every field to be visible; across crates use a builder.

#[derive(Debug, Clone, PartialEq)]
struct Survey {
    spacing_m: f64,
    speed_m_s: f64,
    photos: bool,
    name: Option<String>,
}

impl Default for Survey {
    fn default() -> Self {
        Self { spacing_m: 20.0, speed_m_s: 5.0, photos: false, name: None }
    }
}

#[derive(Debug, Default, PartialEq)]
enum Turn {
    #[default]
    Right,
    Left,
}

fn tracks(width_m: f64, survey: &Survey) -> usize {
    (width_m / survey.spacing_m).ceil() as usize + 1
}

fn main() {
    let usual = Survey::default();
    let dense = Survey { spacing_m: 5.0, photos: true, ..Survey::default() };
    assert_eq!(dense.speed_m_s, usual.speed_m_s);
    assert_eq!((tracks(40.0, &usual), tracks(40.0, &dense)), (3, 9));
    let named = Survey { name: Some("field 7".into()), ..dense.clone() };
    assert_eq!(named.spacing_m, 5.0);
    assert_eq!(Turn::default(), Turn::Right);
    assert_ne!(Turn::Left, Turn::default());
}
