//! MAVLink FTP: files on the vehicle.
