//! JSON read by the compiler: just enough of it to pick numbers and texts out of a file that a program carries.
//!
//! Everything is `const`, so that a damaged file is a compile error and the firmware holds values instead of a parser. It leaves to
//! others: what the values mean.

/// The place behind white space.
const fn skip_space(json: &[u8], mut at: usize) -> usize {
    while at < json.len() && matches!(json[at], b' ' | b'\n' | b'\r' | b'\t') {
        at += 1;
    }
    at
}

/// The place behind the string that begins at `at`.
const fn skip_string(json: &[u8], mut at: usize) -> usize {
    assert!(json[at] == b'"', "a string is expected here");
    at += 1;
    while json[at] != b'"' {
        at += if json[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

/// The place behind the value that begins at `at`.
const fn skip_value(json: &[u8], mut at: usize) -> usize {
    let mut depth = 0;
    loop {
        match json[at] {
            b'"' => at = skip_string(json, at),
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                if depth == 0 {
                    return at;
                }
                depth -= 1;
                at += 1;
            }
            b',' if depth == 0 => return at,
            _ => at += 1,
        }
        if depth == 0 && matches!(json[skip_space(json, at)], b',' | b'}' | b']') {
            return at;
        }
    }
}

/// A member of an object: where its name (with quotation marks) and its value begin.
#[derive(Clone, Copy)]
pub(crate) struct Member {
    pub name: usize,
    pub value: usize,
}

const fn member_at(json: &[u8], at: usize) -> Option<Member> {
    let name = skip_space(json, at);
    if json[name] == b'}' {
        return None;
    }
    let colon = skip_space(json, skip_string(json, name));
    assert!(json[colon] == b':', "a member is a name, a colon and a value");
    Some(Member { name, value: skip_space(json, colon + 1) })
}

/// The first member of the object that begins at `object`.
pub(crate) const fn first_member(json: &[u8], object: usize) -> Option<Member> {
    assert!(json[object] == b'{', "an object is expected here");
    member_at(json, object + 1)
}

/// The member behind `member` in the same object.
pub(crate) const fn next_member(json: &[u8], member: Member) -> Option<Member> {
    let behind = skip_space(json, skip_value(json, member.value));
    if json[behind] == b',' { member_at(json, behind + 1) } else { None }
}

/// Where the document's value begins.
pub(crate) const fn root(json: &[u8]) -> usize {
    skip_space(json, 0)
}

/// Where the value of `name` begins in the object at `object`.
pub(crate) const fn find(json: &[u8], object: usize, name: &str) -> Option<usize> {
    let mut next = first_member(json, object);
    while let Some(member) = next {
        if is_string(json, member.name, name.as_bytes()) {
            return Some(member.value);
        }
        next = next_member(json, member);
    }
    None
}

const fn is_string(json: &[u8], at: usize, text: &[u8]) -> bool {
    let mut n = 0;
    while n < text.len() {
        if json[at + 1 + n] != text[n] {
            return false;
        }
        n += 1;
    }
    json[at + 1 + n] == b'"'
}

/// The string at `at`, as it is written: escapes are left alone.
pub(crate) const fn string(json: &'static str, at: usize) -> &'static str {
    let end = skip_string(json.as_bytes(), at) - 1;
    let (upto, _) = json.split_at(end);
    let (_, text) = upto.split_at(at + 1);
    text
}

/// The number at `at`; right to the last bit where it has at most 15 digits, else to a part in 10^15.
pub(crate) const fn number(json: &[u8], mut at: usize) -> f64 {
    let negative = json[at] == b'-';
    if negative {
        at += 1;
    }
    let (mut digits, mut scale, mut seen_point, mut any) = (0_u64, 0_i32, false, false);
    while at < json.len() {
        match json[at] {
            digit @ b'0'..=b'9' => {
                any = true;
                // Digits beyond the nineteenth cannot matter.
                if digits < 1_000_000_000_000_000_000 {
                    digits = digits * 10 + (digit - b'0') as u64;
                    scale -= seen_point as i32;
                } else {
                    scale += !seen_point as i32;
                }
            }
            b'.' => seen_point = true,
            _ => break,
        }
        at += 1;
    }
    assert!(any, "a number is expected here");
    if at < json.len() && matches!(json[at], b'e' | b'E') {
        at += 1;
        let less = json[at] == b'-';
        if matches!(json[at], b'-' | b'+') {
            at += 1;
        }
        let mut exponent = 0;
        while at < json.len() && json[at].is_ascii_digit() {
            exponent = exponent * 10 + (json[at] - b'0') as i32;
            assert!(exponent < 300, "a number of this size has no meaning here");
            at += 1;
        }
        scale += if less { -exponent } else { exponent };
    }
    let mut power = 1.0;
    let mut n = 0;
    while n < scale.abs() {
        power *= 10.0;
        n += 1;
    }
    let size = if scale < 0 { digits as f64 / power } else { digits as f64 * power };
    if negative { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_written() {
        for text in ["0", "-0.5", "5.0", "120", "0.045", "1e3", "2.5E-3", "123456.789", "100000.0", "-33.8688"] {
            let json = format!("{text} ");
            assert_eq!(number(json.as_bytes(), 0), text.parse::<f64>().unwrap(), "{text}");
        }
        let long: f64 = number(b"36.576000000000008,", 0);
        assert!((long - 36.576000000000008).abs() < 1e-13);
    }

    #[test]
    fn members_are_found_past_whatever_stands_before() {
        const JSON: &str = r#" { "a" : [1, {"b": "}"}, "]"], "x\"y": "{", "e": {}, "b": {"c":-7 ,"d":"end"} } "#;
        const AT: usize = find(JSON.as_bytes(), root(JSON.as_bytes()), "b").unwrap();
        assert_eq!(number(JSON.as_bytes(), find(JSON.as_bytes(), AT, "c").unwrap()), -7.0);
        assert_eq!(string(JSON, find(JSON.as_bytes(), AT, "d").unwrap()), "end");
        assert_eq!(find(JSON.as_bytes(), AT, "x"), None);
        assert!(first_member(JSON.as_bytes(), find(JSON.as_bytes(), root(JSON.as_bytes()), "e").unwrap()).is_none());
    }
}
