//! The system shell (SERIAL_CONTROL).
