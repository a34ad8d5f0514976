//! # Associated type or type parameter?
//!
//! - When do I use an associated type in a trait instead of a generic parameter?
//! - the value of the associated type must be specified (E0191)
//! - missing generics for trait (E0107)
//!
//! An associated type is decided by the implementation: each type has one (`Iterator::Item`). A parameter is decided by the user of
//! the trait: one type may implement `From<A>` and `From<B>`. If there can be only one sensible answer, use an associated type.
//!
//! Pitfalls:
//! - `dyn Trait` needs the associated types named: `dyn Decoder<Message = u8>`.

trait Decoder {
    type Message;
    fn decode(&mut self, byte: u8) -> Option<Self::Message>;
}

/// Two bytes, high one first, make a number.
#[derive(Default)]
struct Pairs {
    high: Option<u8>,
}

impl Decoder for Pairs {
    type Message = u16;

    fn decode(&mut self, byte: u8) -> Option<u16> {
        match self.high.take() {
            Some(high) => Some(u16::from_be_bytes([high, byte])),
            None => {
                self.high = Some(byte);
                None
            }
        }
    }
}

fn decode_all<D: Decoder>(decoder: &mut D, bytes: &[u8]) -> Vec<D::Message> {
    bytes.iter().filter_map(|byte| decoder.decode(*byte)).collect()
}

fn main() {
    assert_eq!(decode_all(&mut Pairs::default(), &[1, 0, 0, 7, 9]), [256, 7]);
    let decoder: &mut dyn Decoder<Message = u16> = &mut Pairs::default();
    assert_eq!((decoder.decode(2), decoder.decode(3)), (None, Some(515)));
}
