//! # A clean public interface: pub use and a prelude
//!
//! - re-export types from inner modules
//! - what is a prelude module?
//! - hide the internal module structure of a library
//!
//! Split the code by meaning into private modules and re-export what callers need from one place. The inner structure can then change
//! without breaking anybody. A `prelude` gathers what nearly every user imports.
//!
//! Pitfalls:
//! - A public function whose types are not re-exported cannot be used properly from outside.

mod link {
    mod frames {
        /// One frame.
        #[derive(Debug, PartialEq)]
        pub struct Frame(pub Vec<u8>);

        /// Only for this module's parent.
        pub(super) fn split(bytes: &[u8]) -> Vec<Frame> {
            bytes.split(|byte| *byte == 0).filter(|part| !part.is_empty()).map(|part| Frame(part.to_vec())).collect()
        }
    }

    mod reading {
        use super::frames::{Frame, split};

        #[derive(Default)]
        pub struct Reader {
            frames: Vec<Frame>,
        }
        impl Reader {
            pub fn feed(&mut self, bytes: &[u8]) {
                self.frames.extend(split(bytes));
            }
            pub fn frames(&self) -> &[Frame] {
                &self.frames
            }
        }
    }

    pub use frames::Frame;
    pub use reading::Reader;

    pub mod prelude {
        pub use super::{Frame, Reader};
    }
}

use link::prelude::*;

fn main() {
    let mut reader = Reader::default();
    reader.feed(&[1, 2, 0, 0, 3]);
    assert_eq!(reader.frames(), [Frame(vec![1, 2]), Frame(vec![3])]);
    assert_eq!(link::Reader::default().frames().len(), 0, "the same type by its other path");
}
