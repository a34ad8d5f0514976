//! Actions: arm, disarm, take off, land, return, hold, go to, orbit, change speed, reboot.
