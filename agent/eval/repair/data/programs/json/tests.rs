use super::*;

const TEXT: &str = r#" {"name": "hop \"1\"", "legs": [{"m": 12.5}, {"m": -3e1}], "dry": true, "left": null, "none": []} "#;

#[test]
fn values_are_read_and_found() {
    let value = read(TEXT).unwrap();
    assert_eq!(value.at("name").and_then(Value::as_text), Some("hop \"1\""));
    assert_eq!(value.at("legs.1.m").and_then(Value::as_number), Some(-30.0));
    assert_eq!(value.at("legs.2"), None);
    assert_eq!(value.at("dry"), Some(&Value::Bool(true)));
    assert_eq!(value.at("name.x"), None);
    assert_eq!(value.at("dry").unwrap().as_text(), None);
    assert_eq!(value.at("name").unwrap().as_number(), None);
    assert_eq!(value.numbers(), [12.5, -30.0]);
}

#[test]
fn values_are_changed() {
    let mut value = read(TEXT).unwrap();
    assert!(value.set("legs.0.m", 1.0));
    assert!(value.set("pilot.name", "Ann") || value.at("pilot").is_some());
    assert!(value.set("list", vec![1.0, 2.0]));
    assert!(!value.set("legs.9.m", 1.0));
    assert_eq!(value.numbers(), [1.0, -30.0, 1.0, 2.0]);
}

#[test]
fn what_is_written_is_read_again() {
    let value = read(TEXT).unwrap();
    let compact = r#"{"dry":true,"left":null,"legs":[{"m":12.5},{"m":-30}],"name":"hop \"1\"","none":[]}"#;
    assert_eq!(Layout::Compact.write(&value), compact);
    let indented = Layout::Indented { by: 2 }.write(&value);
    assert_eq!(read(&indented).unwrap(), value);
    assert!(indented.starts_with("{\n  \"dry\": true,\n  \"left\": null,\n  \"legs\": [\n    {\n"), "{indented}");
    assert_eq!(Layout::Compact.write(&Value::Text("a\\\n\t".into())), r#""a\\\n\t""#);
}

#[test]
fn faults_say_where() {
    let error = |text: &str| read(text).unwrap_err().to_string();
    assert_eq!(error("[1 2]"), "a comma expected at byte 3");
    assert_eq!(error("{1}"), "a text expected at byte 1");
    assert_eq!(error("{\"a\" 1}"), "a colon expected at byte 5");
    assert_eq!(error("nul"), "a value expected at byte 0");
    assert_eq!(error("1 1"), "the end expected at byte 2");
    assert_eq!(error("\"a"), "a quote expected at byte 2");
    assert_eq!(error("1-"), "a number expected at byte 0");
    assert_eq!(error(r#""\x""#), "an escape expected at byte 3");
    assert_eq!(error(""), "a value expected at byte 0");
}
