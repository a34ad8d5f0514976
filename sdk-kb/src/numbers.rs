//! Numbers in files: little endian, one after the other.
macro_rules! both_ways {
    ($to:ident, $from:ident, $number:ty) => {
        pub(crate) fn $to(numbers: &[$number]) -> Vec<u8> {
            numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
        }

        pub(crate) fn $from(bytes: &[u8]) -> Vec<$number> {
            let (numbers, _) = bytes.as_chunks();
            numbers.iter().map(|bytes| <$number>::from_le_bytes(*bytes)).collect()
        }
    };
}

both_ways!(bytes_of_u16, u16_of_bytes, u16);
both_ways!(bytes_of_u32, u32_of_bytes, u32);
both_ways!(bytes_of_u64, u64_of_bytes, u64);
both_ways!(bytes_of_f32, f32_of_bytes, f32);
