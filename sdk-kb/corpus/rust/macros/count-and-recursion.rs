//! # Count arguments and recurse in macros
//!
//! - number of macro arguments at compile time
//! - tt muncher pattern
//! - small domain specific language with macro_rules
//!
//! A macro may call itself with what is left of its input and so read a little language piece by piece. Counting works by making an
//! array of units of the right length. The recursion limit (128) bounds the length of the input.
//!
//! Pitfalls:
//! - Error messages of such macros are poor: a last rule with `compile_error!` says what was expected.

#[derive(Debug, PartialEq)]
enum Step {
    TakeOff(u32),
    Go(&'static str, u32),
    Land,
}

macro_rules! count {
    ($($item:expr),* $(,)?) => { <[()]>::len(&[$(count!(@unit $item)),*]) };
    (@unit $item:expr) => { () };
}

macro_rules! mission {
    (@steps [$($done:expr,)*]) => { [$($done),*] };
    (@steps [$($done:expr,)*] take off to $height:literal m; $($rest:tt)*) => {
        mission!(@steps [$($done,)* Step::TakeOff($height),] $($rest)*)
    };
    (@steps [$($done:expr,)*] go $way:ident $length:literal m; $($rest:tt)*) => {
        mission!(@steps [$($done,)* Step::Go(stringify!($way), $length),] $($rest)*)
    };
    (@steps [$($done:expr,)*] land; $($rest:tt)*) => {
        mission!(@steps [$($done,)* Step::Land,] $($rest)*)
    };
    (@steps $($other:tt)*) => { compile_error!("say `take off to N m;`, `go WAY N m;` or `land;`") };
    ($($words:tt)*) => { mission!(@steps [] $($words)*) };
}

fn main() {
    const COUNT: usize = count!("a", 2, 'c');
    assert_eq!(COUNT, 3);
    let steps = mission! { take off to 10 m; go north 40 m; land; };
    assert_eq!(steps, [Step::TakeOff(10), Step::Go("north", 40), Step::Land]);
}
