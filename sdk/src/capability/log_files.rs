//! Logs on the vehicle: list and download.
