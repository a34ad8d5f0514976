use super::*;

#[test]
fn results_come_in_order() {
    let pool = Pool::new(3);
    let squares = pool.map((1..=20_u64).collect(), |n| n * n);
    assert_eq!(squares, (1..=20).map(|n| n * n).collect::<Vec<u64>>());
    let lengths = pool.map(vec!["a".to_string(), "bcd".to_string()], |text| text.len());
    assert_eq!(lengths, [1, 3]);
    assert_eq!(pool.finish(), 22);
}

#[test]
fn jobs_share_a_counter() {
    let pool = Pool::new(2);
    let count = Arc::new(AtomicUsize::new(0));
    for step in 1..=10 {
        let count = Arc::clone(&count);
        assert!(pool.run(move || {
            count.fetch_add(step, Ordering::SeqCst);
        }));
    }
    assert_eq!(pool.finish(), 10);
    assert_eq!(count.load(Ordering::SeqCst), 55);
}

#[test]
fn a_gate_opens_for_all_at_once() {
    let gate = Gate::new(3);
    let others: Vec<_> = (0..2)
        .map(|_| {
            let gate = Arc::clone(&gate);
            thread::spawn(move || gate.pass())
        })
        .collect();
    let mut places = vec![gate.pass()];
    places.extend(others.into_iter().map(|thread| thread.join().unwrap()));
    places.sort_unstable();
    assert_eq!(places, [1, 2, 3]);
}

#[test]
fn words_are_counted_together() {
    let tally = Tally::default();
    assert_eq!(count_words(&["up down up", "down", ""], &tally), 4);
    assert_eq!((tally.total("up"), tally.total("down"), tally.total("left")), (Some(2), Some(2), None));
    assert_eq!(tally.clone().adds(), 4);
}
