//! Worked missions: `examples/<name>/brief.md` with the words and `mission.rs` with the code that was verified.
use super::read_text;
use crate::error::KbError;
use crate::item::{Item, Kind};
use std::path::Path;

/// One item for each folder that has both files; folders without code yet are left out.
pub(super) fn read(folder: &Path) -> Result<Vec<Item>, KbError> {
    let mut items = Vec::new();
    let failed = |source| KbError::File { path: folder.to_owned(), source };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let dir = entry.map_err(failed)?.path();
        let (brief, code) = (dir.join("brief.md"), dir.join("mission.rs"));
        let Some(name) = dir.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if brief.is_file() && code.is_file() {
            items.push(Item {
                id: format!("example:{name}"),
                kind: Kind::Example,
                title: name.replace('-', " "),
                text: read_text(&brief)?.trim().to_owned(),
                code: read_text(&code)?,
                source: format!("examples/{name}/mission.rs"),
                licence: "Apache-2.0 OR MIT".into(),
                autopilot: None,
                asked: String::new(),
                dialect: None,
                sdk_version: None,
            });
        }
    }
    Ok(items)
}
