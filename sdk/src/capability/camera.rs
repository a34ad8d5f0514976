//! Cameras (protocol v2) and the older DO_DIGICAM_CONTROL.
