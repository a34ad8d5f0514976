use super::*;

const TEXT: &str = "The quick brown fox jumps over the lazy dog and naps";

#[test]
fn lines_hold_as_many_words_as_fit() {
    let wrapped = Wrapped::of(TEXT, 16);
    assert_eq!(wrapped.ragged(), ["The quick brown", "fox jumps over", "the lazy dog and", "naps"]);
    assert_eq!((wrapped.len(), wrapped.is_empty()), (4, false));
    assert_eq!(wrapped.longest().map(str::len), Some(5));
    assert_eq!(Wrapped::of("extraordinary it", 4).ragged(), ["extraordinary", "it"]);
    assert!(Wrapped::of("  ", 4).is_empty());
    assert_eq!(Wrapped::of("", 4).justified(), Vec::<String>::new());
}

#[test]
fn lines_are_spread_to_the_width() {
    let lines = Wrapped::of(TEXT, 16).justified();
    assert_eq!(lines, ["The  quick brown", "fox  jumps  over", "the lazy dog and", "naps"]);
}

#[test]
fn the_part_between() {
    assert_eq!(between("a [b] c", "[", "]"), Some("b"));
    assert_eq!(between("a <<b>> c", "<<", ">>"), Some("b"));
    assert_eq!(between("a ] b [ c", "[", "]"), None);
    assert_eq!(between("a", "[", "]"), None);
}

#[test]
fn tabs_reach_the_next_stop() {
    assert_eq!(without_tabs("ab\tc\n\td", 4), "ab  c\n    d");
    assert!(matches!(without_tabs("none", 4), Cow::Borrowed("none")));
}

#[test]
fn words_are_counted() {
    let words = commonest("One two, ONE; three. Two one! four", 3);
    assert_eq!(words, [("one".to_string(), 3), ("two".to_string(), 2), ("four".to_string(), 1)]);
}
