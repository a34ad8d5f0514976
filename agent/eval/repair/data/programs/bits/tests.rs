use super::*;

#[test]
fn sets_hold_small_numbers() {
    let mut set: BitSet = [5, 0, 63, 5].into_iter().collect();
    assert_eq!((set.len(), set.contains(63), set.contains(1)), (3, true, false));
    assert!(!set.insert(5) && set.insert(1));
    assert_eq!(set.iter().collect::<Vec<u8>>(), [0, 1, 5, 63]);
    assert_eq!(format!("{set:?}"), "{0, 1, 5, 63}");
    let odd: BitSet = (0..64).filter(|n| n % 2 == 1).collect();
    assert_eq!((set & odd).into_iter().sum::<u8>(), 69);
    assert_eq!((!odd).len(), 32);
    assert_eq!((set | odd).len(), 33);
    assert!(BitSet::default().is_empty());
}

#[test]
fn checksums_are_those_of_the_catalogue() {
    assert_eq!(crc16(b"123456789"), 0x6f91);
    assert_eq!(crc16(b""), 0xffff);
}

#[test]
fn numbers_in_other_bases() {
    assert_eq!(to_base(255, 16), Ok("ff".to_string()));
    assert_eq!(to_base(0, 2), Ok("0".to_string()));
    assert_eq!(to_base(5, 1), Err(BaseError::Base(1)));
    assert_eq!(from_base("zz", 36), Ok(1295));
    assert_eq!(from_base("102", 2), Err(BaseError::Digit('2')));
    assert_eq!(from_base("18446744073709551616", 10), Err(BaseError::TooLarge));
    assert_eq!(from_base("18446744073709551615", 10), Ok(u64::MAX));
    assert_eq!(from_base("1", 37), Err(BaseError::Base(37)));
}

#[test]
fn fields_of_a_word() {
    let field = Field { start: 4, width: 3 };
    assert_eq!(field.mask(), 0x70);
    assert_eq!(field.set(0xffff, 2), Some(0xffaf));
    assert_eq!(field.get(0xffaf), 2);
    assert_eq!(field.set(0, 8), None);
}
