//! # Call C from Rust, and Rust from C
//!
//! - extern "C" function declaration
//! - pass a string to a C function (CString, CStr)
//! - callback from C into Rust
//!
//! Foreign functions are declared in an `unsafe extern "C"` block (edition 2024) with C's types. Strings for C end with a zero:
//! `CString` owns one, `c"text"` is a literal, `CStr` borrows one that came from C. A function for C is `extern "C"`; `#[unsafe(no_mangle)]`
//! gives it its plain name.
//!
//! Pitfalls:
//! - `CString::new(..).unwrap().as_ptr()` in one expression dangles: bind the `CString` first.
//! - A panic must not leave an `extern "C"` function; it aborts the program.

use std::ffi::{CStr, CString, c_char, c_int, c_void};

unsafe extern "C" {
    fn strlen(text: *const c_char) -> usize;
    /// Sorts by a comparison, from C's standard library.
    fn qsort(
        base: *mut c_void,
        count: usize,
        size: usize,
        compare: extern "C" fn(*const c_void, *const c_void) -> c_int,
    );
}

extern "C" fn compare_ints(a: *const c_void, b: *const c_void) -> c_int {
    // SAFETY: `sort` below passes an array of c_int, and qsort hands out pointers to its elements.
    let (a, b) = unsafe { (*a.cast::<c_int>(), *b.cast::<c_int>()) };
    a.cmp(&b) as c_int
}

fn sort(values: &mut [c_int]) {
    // SAFETY: pointer, count and size describe the slice, and the comparison reads c_int only.
    unsafe { qsort(values.as_mut_ptr().cast(), values.len(), size_of::<c_int>(), compare_ints) };
}

fn length(text: &str) -> Option<usize> {
    let text = CString::new(text).ok()?; // None where the text has a zero inside
    // SAFETY: the pointer is to a string with its zero, which lives until the end of this function.
    Some(unsafe { strlen(text.as_ptr()) })
}

fn main() {
    assert_eq!(length("take off"), Some(8));
    assert_eq!(length("a\0b"), None);
    let mut values = [3, -1, 2];
    sort(&mut values);
    assert_eq!(values, [-1, 2, 3]);

    let from_c: &CStr = c"GUIDED";
    assert_eq!(from_c.to_str(), Ok("GUIDED"));
    assert_eq!(CStr::from_bytes_until_nul(b"RTL\0\0\0").map(CStr::to_bytes), Ok(&b"RTL"[..]));
}
