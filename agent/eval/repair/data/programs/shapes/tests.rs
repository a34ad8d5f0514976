use super::*;

fn scene() -> Scene {
    let triangle = Polygon::new(&[Point::new(0.0, 0.0), Point::new(4.0, 0.0), Point::new(0.0, 3.0)]).unwrap();
    Scene::default()
        .with(Circle { centre: Point::new(1.0, 2.0), radius: 2.0 })
        .with(Polygon::rectangle(Point::new(0.0, 0.0), 4.0, 5.0))
        .with(triangle)
}

#[test]
fn areas_and_the_largest() {
    let scene = scene();
    assert!((scene.area() - (4.0 * PI + 26.0)).abs() < 1e-9);
    assert_eq!(scene.largest().map(|shape| shape.name()), Some("quadrangle"));
    assert!(Scene::default().largest().is_none());
}

#[test]
fn shapes_describe_themselves() {
    let list = scene().list();
    let expected = ["circle of 12.57 at 1.0/2.0", "quadrangle of 20.00 at 2.0/2.5", "triangle of 6.00 at 1.3/1.0"];
    assert_eq!(list, expected);
}

#[test]
fn moving_leaves_the_first_where_it_was() {
    let scene = scene();
    let moved = scene.moved(Point::new(10.0, -1.0));
    assert_eq!(moved.circles(), [&Circle { centre: Point::new(11.0, 1.0), radius: 2.0 }]);
    assert_eq!(scene.circles()[0].centre, Point::new(1.0, 2.0));
    assert!((moved.area() - scene.area()).abs() < 1e-9);
}

#[test]
fn perimeters_and_corners() {
    assert_eq!(Polygon::rectangle(Point::default(), 3.0, 4.0).perimeter(), 14.0);
    assert_eq!(Polygon::new(&[Point::default(); 2]), None);
    let five = Polygon::new(&[Point::default(); 5]).unwrap();
    assert_eq!((five.name(), five.area()), ("polygon", 0.0));
}

#[test]
fn a_visitor_may_stop() {
    let mut names = Vec::new();
    let seen = scene().visit(|shape| {
        names.push(shape.name());
        names.len() < 2
    });
    assert_eq!((seen, names), (2, vec!["circle", "quadrangle"]));
}
