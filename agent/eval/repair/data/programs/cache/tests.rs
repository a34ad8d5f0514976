use super::*;
use std::cell::Cell;

#[test]
fn the_oldest_is_forgotten() {
    let mut cache = Cache::new(2);
    assert!(cache.is_empty());
    assert_eq!(cache.put("a".to_string(), 1), None);
    assert_eq!(cache.put("b".to_string(), 2), None);
    assert_eq!(cache.get("a"), Some(&1));
    assert_eq!(cache.put("c".to_string(), 3), Some(("b".to_string(), 2)));
    assert_eq!(cache.get("b"), None);
    assert_eq!(cache.keys(), ["c", "a"]);
    assert_eq!(cache.len(), 2);
    assert_eq!(cache.counts(), Counts { hits: 1, misses: 1, forgotten: 1 });
    assert_eq!(cache.counts().hit_percent(), 50);
}

#[test]
fn putting_again_replaces_and_counts_as_use() {
    let mut cache = Cache::new(3);
    for key in 1..=3 {
        cache.put(key, key * 10);
    }
    assert_eq!(cache.put(1, 11), Some((1, 10)));
    assert_eq!(cache.keys(), [&1, &3, &2]);
    assert_eq!(cache.get(&3), Some(&30));
    assert_eq!(cache.keys(), [&3, &1, &2]);
    assert_eq!(cache.put(4, 40), Some((2, 20)));
    assert_eq!(cache.keys(), [&4, &3, &1]);
}

#[test]
fn answers_are_remembered() {
    let calls = Cell::new(0);
    let mut squares = Remembered::new(2, |n: &u64| {
        calls.set(calls.get() + 1);
        n * n
    });
    let answers: Vec<u64> = [3, 3, 4, 3, 5, 4].into_iter().map(|n| squares.call(n)).collect();
    assert_eq!(answers, [9, 9, 16, 9, 25, 16]);
    assert_eq!(squares.counts(), Counts { hits: 2, misses: 4, forgotten: 2 });
    assert_eq!(calls.get(), 4);
    assert_eq!(Counts::default().hit_percent(), 0);
}

#[test]
#[should_panic(expected = "a cache holds something")]
fn nothing_is_no_size() {
    Cache::<u8, u8>::new(0);
}
