//! Geofences: polygons and circles, inclusion and exclusion.
