//! # Builder pattern
//!
//! - How do I construct a struct step by step with checks at the end?
//! - builder with method chaining: take self or &mut self?
//! - required and optional parameters
//!
//! A builder collects settings by chained methods and checks them in `build`, which returns a `Result`. What is required goes into
//! the constructor, so it cannot be forgotten. Taking and returning `self` chains well in one expression.
//!
//! Pitfalls:
//! - Report every fault at once if a person has to mend them.

#[derive(Debug, PartialEq)]
struct Route {
    name: String,
    points: Vec<(f64, f64)>,
    speed_m_s: f64,
}

#[derive(Debug, PartialEq)]
enum RouteFault {
    NoPoints,
    Speed(f64),
}

struct RouteBuilder {
    name: String,
    points: Vec<(f64, f64)>,
    speed_m_s: f64,
}

impl Route {
    fn builder(name: impl Into<String>) -> RouteBuilder {
        RouteBuilder { name: name.into(), points: Vec::new(), speed_m_s: 5.0 }
    }
}

impl RouteBuilder {
    fn point(mut self, north_m: f64, east_m: f64) -> Self {
        self.points.push((north_m, east_m));
        self
    }

    fn speed_m_s(mut self, speed_m_s: f64) -> Self {
        self.speed_m_s = speed_m_s;
        self
    }

    fn build(self) -> Result<Route, Vec<RouteFault>> {
        let mut faults = Vec::new();
        if self.points.is_empty() {
            faults.push(RouteFault::NoPoints);
        }
        if !(0.1..=15.0).contains(&self.speed_m_s) {
            faults.push(RouteFault::Speed(self.speed_m_s));
        }
        if faults.is_empty() {
            Ok(Route { name: self.name, points: self.points, speed_m_s: self.speed_m_s })
        } else {
            Err(faults)
        }
    }
}

fn main() {
    let route = Route::builder("north").point(40.0, 0.0).point(0.0, 0.0).build().expect("a good route");
    assert_eq!((route.name.as_str(), route.points.len(), route.speed_m_s), ("north", 2, 5.0));
    let faults = Route::builder("bad").speed_m_s(99.0).build();
    assert_eq!(faults, Err(vec![RouteFault::NoPoints, RouteFault::Speed(99.0)]));
}
