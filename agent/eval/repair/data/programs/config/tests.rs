use super::*;
use std::error::Error;

const DEFAULTS: &str = "
# what every vehicle has
[vehicle]
name = \"quad\"   # a name
mass_kg = 1.5
modes = GUIDED
[link]
heartbeat_ms = 1_000
";
const OWN: &str = "[vehicle]\nname = \"racer\"\nmass_kg = 0.7\nmass_kg = 0.65\nmodes = LOITER\n[home]\nlat = 47.4\nlon = 8.5\n";

#[test]
fn layers_lie_over_each_other() {
    let layers = Layers::default().with(DEFAULTS).unwrap().with(OWN).unwrap();
    let vehicle = Vehicle::from_layers(&layers).unwrap();
    let expected = Vehicle {
        name: "racer".into(),
        mass_kg: 0.65,
        rotors: 4,
        heartbeat: Duration::from_secs(1),
        home: Some((47.4, 8.5)),
        armed_modes: vec!["GUIDED".into(), "LOITER".into()],
    };
    assert_eq!(vehicle, expected);
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let layers = Layers::default().with("[vehicle]\nname = x\nrotors = 300\n").unwrap();
    assert_eq!(Vehicle::from_layers(&layers).unwrap_err().to_string(), "vehicle.mass_kg is not set");
    let error = layers.required::<u8>("vehicle", "rotors").unwrap_err();
    assert_eq!(error.to_string(), "rotors = 300: number too large to fit in target type");
    assert!(error.source().is_some());
    let lines = Layers::default().with("[a]\nb\n").unwrap_err();
    assert_eq!(lines.to_string(), "line 2: `b` is neither a section nor a setting");
    assert!(matches!(lines, SettingError::Syntax(SyntaxError { line: 2, .. })));
    assert_eq!(layers.optional::<f32>("none", "none").unwrap(), None);
}

#[test]
fn a_document_keeps_its_sections() {
    let document = Document::read("[b]\nx = 1\n[a]\ny = 2\n[b]\nx = 3").unwrap();
    assert_eq!(document.sections(), ["a", "b"]);
    assert_eq!(document.get("b", "x"), Some("3"));
    assert_eq!(document.all("b", "x").collect::<Vec<_>>(), ["1", "3"]);
    assert_eq!(document.get("b", "y"), None);
    assert_eq!(document.all("c", "x").count(), 0);
    assert_eq!(Document::read("[a").unwrap_err().line, 1);
}
