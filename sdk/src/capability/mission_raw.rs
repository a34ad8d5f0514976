//! Missions as lists of MAVLink items: upload, download, clear, start, pause, progress.
