//! # Rotate a vector between body and world frame
//!
//! - convert forward/right velocity to north/east
//! - 2D rotation by a heading
//! - body frame to NED
//!
//! Heading is clockwise from north, so a vehicle with heading h sees north and east as its forward and right axes turned by h. The way
//! back is the rotation by -h. Frames as types keep the two apart.
//!
//! Pitfalls:
//! - In mathematics angles run counterclockwise from the x axis (east): do not mix the two conventions.

#[derive(Debug, Clone, Copy, PartialEq)]
struct Body {
    forward: f64,
    right: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct World {
    north: f64,
    east: f64,
}

impl Body {
    fn to_world(self, heading_deg: f64) -> World {
        let (sin, cos) = heading_deg.to_radians().sin_cos();
        World { north: self.forward * cos - self.right * sin, east: self.forward * sin + self.right * cos }
    }
}

impl World {
    fn to_body(self, heading_deg: f64) -> Body {
        let (sin, cos) = heading_deg.to_radians().sin_cos();
        Body { forward: self.north * cos + self.east * sin, right: self.east * cos - self.north * sin }
    }

    /// Clockwise from north, 0 to 360.
    fn bearing_deg(self) -> f64 {
        self.east.atan2(self.north).to_degrees().rem_euclid(360.0)
    }
}

fn main() {
    let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
    let ahead = Body { forward: 2.0, right: 0.0 };
    let east = ahead.to_world(90.0);
    assert!(close(east.north, 0.0) && close(east.east, 2.0));
    let right_of_south = Body { forward: 0.0, right: 1.0 }.to_world(180.0);
    assert!(close(right_of_south.east, -1.0), "the right hand points west");

    let there = Body { forward: 3.0, right: -4.0 };
    let back = there.to_world(37.0).to_body(37.0);
    assert!(close(back.forward, 3.0) && close(back.right, -4.0));
    assert!(close(World { north: -1.0, east: -1.0 }.bearing_deg(), 225.0));
}
