//! Telemetry: latest values with their age, and streams of them.
