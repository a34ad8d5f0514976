//! Messages of the dialect, typed, in and out.
