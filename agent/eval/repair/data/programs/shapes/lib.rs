//! Shapes on a plane behind one trait, a scene of them, and what a painter makes of it.
use std::any::Any;
use std::f64::consts::PI;
use std::fmt::Debug;
use std::ops::{Add, Mul, Sub};

#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    pub const fn new(x: f64, y: f64) -> Self {
        Point { x, y }
    }

    pub fn distance(self, other: Point) -> f64 {
        let between = self - other;
        between.x.hypot(between.y)
    }
}

impl Add for Point {
    type Output = Point;

    fn add(self, other: Point) -> Point {
        Point::new(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Point {
    type Output = Point;

    fn sub(self, other: Point) -> Point {
        Point::new(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f64> for Point {
    type Output = Point;

    fn mul(self, factor: f64) -> Point {
        Point::new(self.x * factor, self.y * factor)
    }
}

pub trait Shape: Debug {
    fn name(&self) -> &'static str;
    fn area(&self) -> f64;
    fn centre(&self) -> Point;
    fn moved(&self, by: Point) -> Box<dyn Shape>;
    fn as_any(&self) -> &dyn Any;

    fn describe(&self) -> String {
        let centre = self.centre();
        format!("{} of {:.2} at {:.1}/{:.1}", self.name(), self.area(), centre.x, centre.y)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Circle {
    pub centre: Point,
    pub radius: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Polygon {
    corners: Vec<Point>,
}

impl Polygon {
    pub fn new(corners: &[Point]) -> Option<Self> {
        (corners.len() >= 3).then(|| Polygon { corners: corners.to_vec() })
    }

    pub fn rectangle(corner: Point, width: f64, height: f64) -> Self {
        let (right, up) = (Point::new(width, 0.0), Point::new(0.0, height));
        Polygon { corners: vec![corner, corner + right, corner + right + up, corner + up] }
    }

    fn edges(&self) -> impl Iterator<Item = (Point, Point)> + '_ {
        let ends = self.corners.iter().cycle().skip(1);
        self.corners.iter().copied().zip(ends.copied())
    }

    pub fn perimeter(&self) -> f64 {
        self.edges().map(|(from, to)| from.distance(to)).sum()
    }
}

impl Shape for Circle {
    fn name(&self) -> &'static str {
        "circle"
    }

    fn area(&self) -> f64 {
        PI * self.radius.powi(2)
    }

    fn centre(&self) -> Point {
        self.centre
    }

    fn moved(&self, by: Point) -> Box<dyn Shape> {
        Box::new(Circle { centre: self.centre + by, ..self.clone() })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Shape for Polygon {
    fn name(&self) -> &'static str {
        match self.corners.len() {
            3 => "triangle",
            4 => "quadrangle",
            _ => "polygon",
        }
    }

    fn area(&self) -> f64 {
        let doubled: f64 = self.edges().map(|(from, to)| from.x * to.y - to.x * from.y).sum();
        doubled.abs() / 2.0
    }

    fn centre(&self) -> Point {
        let total = self.corners.iter().fold(Point::default(), |total, corner| total + *corner);
        total * (1.0 / self.corners.len() as f64)
    }

    fn moved(&self, by: Point) -> Box<dyn Shape> {
        let corners = self.corners.iter().map(|corner| *corner + by).collect();
        Box::new(Polygon { corners })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[derive(Debug, Default)]
pub struct Scene {
    shapes: Vec<Box<dyn Shape>>,
}

impl Scene {
    pub fn with(mut self, shape: impl Shape + 'static) -> Self {
        self.shapes.push(Box::new(shape));
        self
    }

    pub fn area(&self) -> f64 {
        self.shapes.iter().map(|shape| shape.area()).sum()
    }

    pub fn largest(&self) -> Option<&dyn Shape> {
        let largest = self.shapes.iter().max_by(|one, other| one.area().total_cmp(&other.area()))?;
        Some(largest.as_ref())
    }

    pub fn circles(&self) -> Vec<&Circle> {
        self.shapes.iter().filter_map(|shape| shape.as_any().downcast_ref::<Circle>()).collect()
    }

    pub fn moved(&self, by: Point) -> Scene {
        Scene { shapes: self.shapes.iter().map(|shape| shape.moved(by)).collect() }
    }

    pub fn list(&self) -> Vec<String> {
        self.shapes.iter().map(|shape| shape.describe()).collect()
    }

    pub fn visit<F>(&self, mut visitor: F) -> usize
    where
        F: FnMut(&dyn Shape) -> bool,
    {
        let mut seen = 0;
        for shape in &self.shapes {
            seen += 1;
            if !visitor(shape.as_ref()) {
                break;
            }
        }
        seen
    }
}

#[cfg(test)]
mod tests;
