//! # Remove elements from a Vec
//!
//! - delete by value, by index or by condition
//! - difference between remove, swap_remove, retain, drain and truncate
//! - take the elements that match out of a Vec
//!
//! By index: `remove` keeps the order, `swap_remove` is constant time. By condition: `retain` keeps what fits, `extract_if` hands out
//! what was removed. A range: `drain`. The end: `pop`, `truncate`, `split_off`.
//!
//! Pitfalls:
//! - `remove` and `swap_remove` panic past the end; `pop` and `get` do not.

fn main() {
    let mut values = vec![10, 20, 30, 40, 50];
    assert_eq!(values.remove(1), 20);
    assert_eq!(values.swap_remove(0), 10);
    assert_eq!(values, [50, 30, 40]);

    if let Some(place) = values.iter().position(|value| *value == 30) {
        values.remove(place);
    }
    assert_eq!(values, [50, 40]);

    let mut numbers: Vec<i32> = (1..=10).collect();
    let even: Vec<i32> = numbers.extract_if(.., |number| *number % 2 == 0).collect();
    assert_eq!((even, numbers.len()), (vec![2, 4, 6, 8, 10], 5));
    numbers.retain(|number| *number > 1);
    assert_eq!(numbers, [3, 5, 7, 9]);
    let middle: Vec<i32> = numbers.drain(1..3).collect();
    assert_eq!((middle, &numbers[..]), (vec![5, 7], &[3, 9][..]));
    let tail = numbers.split_off(1);
    assert_eq!((tail, numbers.pop(), numbers.pop()), (vec![9], Some(3), None));
}
