//! # Primes, greatest common divisor, perfect squares
//!
//! - sieve of Eratosthenes in Rust
//! - gcd and lcm
//! - is a number a prime or a perfect square
//!
//! The sieve strikes out multiples from the square of each prime on. Euclid's algorithm replaces the larger number by the remainder
//! until nothing is left. `isqrt` is the whole-number root, exact where `(n as f64).sqrt()` is not.
//!
//! Pitfalls:
//! - `i * i` overflows for large `i`: compare `i <= n / i` or use `isqrt`.

fn primes_up_to(limit: usize) -> Vec<usize> {
    let mut is_prime = vec![true; limit + 1];
    for number in 2..=limit.isqrt() {
        if is_prime[number] {
            for multiple in (number * number..=limit).step_by(number) {
                is_prime[multiple] = false;
            }
        }
    }
    (2..=limit).filter(|&number| is_prime[number]).collect()
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn lcm(a: u64, b: u64) -> Option<u64> {
    if a == 0 || b == 0 { Some(0) } else { (a / gcd(a, b)).checked_mul(b) }
}

fn is_prime(number: u64) -> bool {
    number >= 2 && (2..=number.isqrt()).all(|divisor| number % divisor != 0)
}

fn main() {
    assert_eq!(primes_up_to(30), [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]);
    assert_eq!(primes_up_to(1), Vec::<usize>::new());
    assert_eq!((gcd(48, 36), gcd(7, 0)), (12, 7));
    assert_eq!(lcm(4, 6), Some(12));
    assert_eq!(lcm(u64::MAX, u64::MAX - 1), None);
    assert!(is_prime(97) && !is_prime(91) && !is_prime(1));
    let is_square = |number: u64| number.isqrt().pow(2) == number;
    assert!(is_square(144) && !is_square(145));
}
