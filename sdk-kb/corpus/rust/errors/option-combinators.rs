//! # Work with Option without unwrap
//!
//! - avoid unwrap on Option
//! - map, and_then, filter, or_else, unwrap_or_default: which one?
//! - chain of nested if let Some
//!
//! `map` changes what is inside, `and_then` goes on with a step that may itself give `None`, `filter` drops, `or_else` tries something
//! else, `unwrap_or` ends with a default. In functions that return `Option`, `?` is often clearer than a chain.
//!
//! Pitfalls:
//! - `unwrap_or(expensive())` runs always; `unwrap_or_else(expensive)` only when needed.

struct Vehicle {
    battery: Option<Battery>,
}
struct Battery {
    cells: Vec<f64>,
}

fn lowest_cell(vehicle: &Vehicle) -> Option<f64> {
    vehicle.battery.as_ref()?.cells.iter().copied().min_by(f64::total_cmp)
}

fn port(text: Option<&str>) -> u16 {
    text.and_then(|text| text.parse().ok()).filter(|port| *port >= 1024).unwrap_or(5760)
}

fn main() {
    let vehicle = Vehicle { battery: Some(Battery { cells: vec![3.9, 3.7] }) };
    assert_eq!(lowest_cell(&vehicle), Some(3.7));
    assert_eq!(lowest_cell(&Vehicle { battery: None }), None);

    assert_eq!((port(Some("14550")), port(Some("80")), port(Some("x")), port(None)), (14550, 5760, 5760, 5760));

    let (nickname, name): (Option<&str>, Option<&str>) = (None, Some("ada"));
    assert_eq!(nickname.or(name), Some("ada"));
    assert_eq!(name.zip(Some(3)), Some(("ada", 3)));
    assert_eq!(Some(4).xor(None), Some(4));
    assert_eq!(Some(Some(1)).flatten(), Some(1));
    assert!(name.is_some_and(|name| name.starts_with('a')));
    assert_eq!(Some(5).map_or(0, |n| n * 2), 10);
    let mut cache = None;
    assert_eq!(*cache.get_or_insert_with(|| 7), 7);
}
