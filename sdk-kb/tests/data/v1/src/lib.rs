/// Flies straight to a place, in metres from home.
pub fn go_to(place: PositionNed) {}
/// Lands on the spot.
pub fn land() {}
/// Takes one photo and waits until the camera confirms it.
pub fn take_photo() {}
