use super::*;

fn store() -> Store {
    let mut store = Store::default();
    store.add(Part::new("4S pack", Category::Battery, 3, 420.0));
    store.add(Part::new("2207", Category::Motor, 1, 31.5));
    store.add(Part::new("5x4", Category::Propeller, 40, 4.2).with_minimum(8));
    store.add(Part::new("6x4", Category::Propeller, 6, 5.0).with_minimum(8));
    store.add(Part::new("gps", Category::Sensor, 2, 12.0));
    store
}

#[test]
fn parts_come_and_go() {
    let mut store = store();
    assert_eq!(store.take("5x4", 4), Ok(36));
    assert_eq!(store.take("gps", 3), Err("only 2 of gps".to_string()));
    assert_eq!(store.take("lidar", 1), Err("no lidar".to_string()));
    assert_eq!(store.add(Part::new("gps", Category::Sensor, 5, 99.0)).count, 7);
    assert_eq!((store.moved("5x4"), store.moved("gps"), store.moved("lidar")), (36, 7, 0));
    assert_eq!(store.parts["gps"].grams, 12.0);
}

#[test]
fn what_runs_out_is_listed_in_order() {
    assert_eq!(store().short().into_iter().collect::<Vec<_>>(), ["2207", "6x4"]);
}

#[test]
fn groups_are_sorted_by_count() {
    let store = store();
    let groups = store.by_category();
    let names: Vec<&str> = groups[&Category::Propeller].iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["5x4", "6x4"]);
    assert_eq!(groups.len(), 4);
}

#[test]
fn the_report_reads_as_it_should() {
    let expected = "A   3 x 4S pack (420.0 g)\nB   1 x 2207 (31.5 g) !\nC  40 x 5x4 (4.2 g)\nC   6 x 6x4 (5.0 g) !\nD   2 x gps (12.0 g)";
    assert_eq!(store().report(), expected);
    assert!((store().weight_grams() - 1513.5).abs() < 0.001, "{}", store().weight_grams());
}
