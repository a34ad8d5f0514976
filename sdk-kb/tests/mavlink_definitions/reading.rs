//! MAVLink's definition files, read into what the knowledge base keeps of them.
use flightsmith_kb::corpus::mavlink::{Definition, DefinitionKind};
use roxmltree::{Document, Node};
use std::path::Path;

/// `file` and all that it includes, what is included first.
pub fn files(folder: &Path, file: &str) -> Vec<String> {
    fn add(folder: &Path, file: &str, found: &mut Vec<String>) {
        let text = read(folder, file);
        let document = Document::parse(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        for include in document.descendants().filter(|node| node.has_tag_name("include")) {
            add(folder, include.text().unwrap_or_default().trim(), found);
        }
        if !found.iter().any(|known| known == file) {
            found.push(file.to_owned());
        }
    }
    let mut found = Vec::new();
    add(folder, file, &mut found);
    found
}

fn read(folder: &Path, file: &str) -> String {
    std::fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Everything that the dialect in `file` defines, included files' definitions first.
pub fn dialect(folder: &Path, file: &str) -> Vec<Definition> {
    let mut definitions: Vec<Definition> = Vec::new();
    for file in files(folder, file) {
        let text = read(folder, &file);
        let document = Document::parse(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        for node in document.descendants() {
            let Some(name) = node.attribute("name") else {
                continue;
            };
            let in_commands = node.parent().and_then(|parent| parent.attribute("name")) == Some("MAV_CMD");
            let made = match node.tag_name().name() {
                "message" => message(&node, name),
                "entry" if in_commands => command(&node, name),
                "enum" if name != "MAV_CMD" => values(&node, name),
                _ => continue,
            };
            let known = definitions
                .iter_mut()
                .find(|known| known.kind == DefinitionKind::Enum && made.kind == known.kind && known.name == made.name);
            match known {
                Some(known) => known.lines.extend(made.lines),
                None => definitions.push(Definition { file: file.clone(), ..made }),
            }
        }
    }
    definitions
}

fn message(node: &Node, name: &str) -> Definition {
    let mut lines = Vec::new();
    let mut extension = "";
    for child in node.children() {
        if child.has_tag_name("extensions") {
            extension = "extension ";
        } else if child.has_tag_name("field") {
            let (kind, name) = (child.attribute("type").unwrap_or(""), child.attribute("name").unwrap_or(""));
            let unknown = child.attribute("invalid").map_or(String::new(), |value| format!(" unknown = {value}"));
            let head = format!("{extension}{kind} {name}{}{unknown}", unit_and_enum(&child));
            lines.push(line(&head, &words(&child)));
        }
    }
    definition(DefinitionKind::Message, node, name, node.attribute("id"), lines)
}

fn command(node: &Node, name: &str) -> Definition {
    let lines = node.children().filter(|child| child.has_tag_name("param")).filter_map(|param| {
        let said = words(&param);
        let label = param.attribute("label").unwrap_or("");
        if matches!(said.as_str(), "" | "Empty" | "Empty." | "Reserved" | "Reserved (set to 0)") && label.is_empty() {
            return None;
        }
        let bound = |attribute: &str, says: &str| {
            param.attribute(attribute).map_or(String::new(), |value| format!(" {says} {value}"))
        };
        let head = format!(
            "param{} {label}{}{}{}{}",
            param.attribute("index").unwrap_or("?"),
            unit_and_enum(&param),
            bound("minValue", "at least"),
            bound("maxValue", "at most"),
            bound("default", "default"),
        );
        Some(line(&head, &said))
    });
    definition(DefinitionKind::Command, node, name, node.attribute("value"), lines.collect())
}

fn values(node: &Node, name: &str) -> Definition {
    let lines = node.children().filter(|child| child.has_tag_name("entry")).map(|entry| {
        let (name, value) = (entry.attribute("name").unwrap_or(""), entry.attribute("value").unwrap_or("?"));
        line(&format!("{name} = {value}"), &description(&entry, ""))
    });
    definition(DefinitionKind::Enum, node, name, None, lines.collect())
}

fn definition(kind: DefinitionKind, node: &Node, name: &str, number: Option<&str>, lines: Vec<String>) -> Definition {
    Definition {
        kind,
        name: name.into(),
        number: number.and_then(|number| number.parse().ok()),
        file: String::new(),
        description: description(node, name),
        lines,
    }
}

fn unit_and_enum(node: &Node) -> String {
    let unit = node.attribute("units").map_or(String::new(), |unit| format!(" [{unit}]"));
    let of = node.attribute("enum").map_or(String::new(), |of| format!(" ({of})"));
    unit + &of
}

fn line(head: &str, said: &str) -> String {
    let head = head.split_whitespace().collect::<Vec<_>>().join(" ");
    if said.is_empty() { head } else { format!("{head}: {said}") }
}

/// The description, and where it is no longer or not yet to be used, that first.
fn description(node: &Node, otherwise: &str) -> String {
    let said = node.children().find(|child| child.has_tag_name("description")).map(|child| words(&child));
    let said = match said {
        Some(said) if !said.is_empty() => said,
        _ => otherwise.replace('_', " ").to_lowercase(),
    };
    let status = node.children().find_map(|child| match child.tag_name().name() {
        "deprecated" => {
            let instead = child.attribute("replaced_by").filter(|name| !name.is_empty());
            Some(instead.map_or("Deprecated. ".to_owned(), |name| format!("Deprecated, use {name}. ")))
        }
        "wip" => Some("Work in progress. ".to_owned()),
        _ => None,
    });
    format!("{}{said}", status.unwrap_or_default())
}

fn words(node: &Node) -> String {
    node.text().unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" ")
}
