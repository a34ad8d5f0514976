//! # Numbers that do not fit: factorials and big sums
//!
//! - factorial overflows u64
//! - big integers without a crate
//! - add two very long numbers given as strings
//!
//! `u128` holds 38 digits, enough for 34!. Beyond that, keep decimal digits in a vector and do what is done on paper: add or multiply
//! digit by digit and carry. For serious work take a bignum crate.
//!
//! Pitfalls:
//! - `checked_mul` tells when even `u128` is full; without it a release build silently wraps.

fn factorial(n: u32) -> Option<u128> {
    (1..=u128::from(n)).try_fold(1_u128, |product, factor| product.checked_mul(factor))
}

/// Lowest digit first.
fn times(digits: &mut Vec<u8>, factor: u32) {
    let mut carry = 0;
    for digit in digits.iter_mut() {
        let product = u32::from(*digit) * factor + carry;
        *digit = (product % 10) as u8;
        carry = product / 10;
    }
    while carry > 0 {
        digits.push((carry % 10) as u8);
        carry /= 10;
    }
}

fn big_factorial(n: u32) -> String {
    let mut digits = vec![1];
    for factor in 2..=n {
        times(&mut digits, factor);
    }
    digits.iter().rev().map(|digit| char::from(b'0' + digit)).collect()
}

fn main() {
    assert_eq!(factorial(20), Some(2_432_902_008_176_640_000));
    assert!(factorial(34).is_some());
    assert_eq!(factorial(35), None);
    assert_eq!(big_factorial(20), "2432902008176640000");
    assert_eq!(big_factorial(50).len(), 65);
    assert_eq!(Some(big_factorial(34)), factorial(34).map(|product| product.to_string()));
}
