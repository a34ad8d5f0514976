//! RTK corrections (RTCM).
