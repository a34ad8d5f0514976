//! Readbacks of whole missions, compared whole.
