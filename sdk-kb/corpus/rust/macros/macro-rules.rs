//! # Write a macro with macro_rules!
//!
//! - how do macros by example work?
//! - macro with a variable number of arguments
//! - no rules expected this token in macro call
//!
//! Rules are tried from top to bottom. `$name:kind` takes a piece (`expr`, `ident`, `ty`, `literal`, `tt`); `$( .. ),*` repeats, and
//! the same repetition stands on the right side. `$(,)?` allows a trailing comma. Names made inside do not clash with the caller's.
//!
//! Pitfalls:
//! - Write a function where a function will do; a macro is for what functions cannot: repetition, new items, other syntax.
//! - Paths in exported macros begin with `$crate::`.

use std::collections::BTreeMap;

macro_rules! map {
    ($($key:expr => $value:expr),* $(,)?) => {
        BTreeMap::from([$(($key, $value)),*])
    };
}

macro_rules! largest {
    ($only:expr) => { $only };
    ($first:expr, $($rest:expr),+) => {{
        let (first, rest) = ($first, largest!($($rest),+));
        if first > rest { first } else { rest }
    }};
}

/// Early return with a formatted text.
macro_rules! ensure {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err(format!($($message)+));
        }
    };
}

fn altitude(metres: f64) -> Result<f64, String> {
    ensure!(metres.is_finite(), "not a height");
    ensure!(metres <= 120.0, "{metres} m is above {} m", 120);
    Ok(metres)
}

fn main() {
    let speeds = map! { "slow" => 2, "fast" => 12, };
    assert_eq!(speeds["fast"], 12);
    assert_eq!(largest!(3, 9, 4), 9);
    assert_eq!(largest!(1.5), 1.5);
    let first = 7;
    assert_eq!(largest!(first, 2), 7, "the macro's own `first` is another one");
    assert_eq!(altitude(500.0), Err("500 m is above 120 m".into()));
    assert_eq!(altitude(f64::NAN), Err("not a height".into()));
}
